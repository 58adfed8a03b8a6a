/* A disk whose fsync fails while the file that FSYNC_FAILS names is there; each call is counted in
   the file that FSYNC_COUNT names. For LD_PRELOAD. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int synced(void) {
    const char *fails = getenv("FSYNC_FAILS"), *count = getenv("FSYNC_COUNT");
    if (count) {
        int file = open(count, O_WRONLY | O_CREAT | O_APPEND, 0600);
        if (write(file, "s", 1) < 0) return -1;
        close(file);
    }
    if (fails && access(fails, F_OK) == 0) {
        errno = EIO;
        return -1;
    }
    return 0;
}

int fsync(int file) { (void)file; return synced(); }
int fdatasync(int file) { (void)file; return synced(); }
