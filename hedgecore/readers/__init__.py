"""From an address to a book: what readers of a chain or an exchange read, as a book's tables.

`read_book` reads one, `refresh_book` reads again what a book says it was read from, and `save`
writes tables to a file, whole or not at all.
"""

from hedgecore.readers.draft import BookDraft, read_book
from hedgecore.readers.options import BookOptions
from hedgecore.readers.refresh import Change, Refreshed
from hedgecore.readers.refresh_book import refresh_book, refresh_file
from hedgecore.readers.request import ReadRequest
from hedgecore.tables.atomic_write import save

__all__ = [
    "BookDraft",
    "BookOptions",
    "Change",
    "ReadRequest",
    "Refreshed",
    "read_book",
    "refresh_book",
    "refresh_file",
    "save",
]
