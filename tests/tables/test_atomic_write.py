"""Files are there whole or not at all."""

import os
import stat

import pytest

import hedgecore as hc
from hedgecore.readers import save
from hedgecore.tables import atomic_write
from hedgecore.tables.atomic_write import replacement, write

TABLES = {"numeraire": "USD", "prices": {"A": 1.0}}


@pytest.mark.parametrize("name", ["book.toml", "book.json"])
def test_what_is_saved_is_the_book_again(tmp_path, name):
    save(TABLES, tmp_path / name, "mine")
    assert hc.Book.load(tmp_path / name).market.prices["A"] == 1.0
    assert [each.name for each in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_what_fails_on_the_way_leaves_the_old_file_and_nothing_beside(
    tmp_path, monkeypatch, broken
):
    def fail(*_):
        raise OSError(28, "No space left on device")

    path = tmp_path / "book.toml"
    path.write_text("old")
    monkeypatch.setattr(atomic_write.os if broken == "fsync" else atomic_write.Path, broken, fail)
    with pytest.raises(hc.SpecError, match=r"book\.toml cannot be written: No space left"):
        save(TABLES, path)
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["book.toml"]


def test_a_link_stays_a_link_and_its_file_keeps_its_mode(tmp_path):
    real, link = tmp_path / "real.toml", tmp_path / "link.toml"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    save(TABLES, link)
    assert link.is_symlink()
    assert "prices" in real.read_text()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_a_new_file_has_the_mode_that_the_umask_leaves(tmp_path, umask):
    before = os.umask(umask)
    try:
        save(TABLES, tmp_path / "book.toml")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "book.toml").stat().st_mode) == 0o666 & ~umask


def test_what_is_secret_is_so_while_it_is_written(tmp_path):
    path = tmp_path / "x.svg"
    path.touch(0o400)
    with replacement(path) as beside:
        assert stat.S_IMODE(beside.stat().st_mode) == 0o600
        assert beside.suffix == ".svg"
        beside.write_text("new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert path.read_text() == "new"


def test_a_writer_that_breaks_off_leaves_the_old_file_and_nothing_beside(tmp_path):
    path = tmp_path / "x.parquet"
    path.write_text("old")

    def broken():
        with replacement(path) as beside:
            beside.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_to_nothing_makes_its_target(tmp_path):
    (tmp_path / "link.toml").symlink_to(tmp_path / "real.toml")
    write("a = 1\r\n", tmp_path / "link.toml")
    assert (tmp_path / "link.toml").is_symlink()
    assert (tmp_path / "real.toml").read_bytes() == b"a = 1\r\n"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "no plain file"),
        ("none/book.toml", r"none/book\.toml cannot be written: No such file"),
        ("loop.toml", r"loop\.toml cannot be written: its links"),
        ("a\0b.toml", "no file has a NUL"),
        ("x" * 400 + ".toml", r"x\.toml cannot be written: .*too long"),
    ],
)
def test_what_cannot_be_written_is_named(tmp_path, name, said):
    (tmp_path / "loop.toml").symlink_to(tmp_path / "loop.toml")
    with pytest.raises(hc.SpecError, match=said):
        write("a = 1\n", tmp_path / name)
    assert [each.name for each in tmp_path.iterdir()] == ["loop.toml"]


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(hc.SpecError, match=r"'book\.yaml': a book's file ends in"):
        save(TABLES, tmp_path / "book.yaml")


def test_what_is_not_finite_is_not_written(tmp_path):
    with pytest.raises(ValueError, match="JSON"):
        save({"prices": {"A": float("nan")}}, tmp_path / "book.json")
    assert not list(tmp_path.iterdir())
