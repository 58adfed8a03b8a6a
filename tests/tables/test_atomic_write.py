"""Files are there whole or not at all."""

import stat

import pytest

import hedgecore as hc
from hedgecore.readers import save
from hedgecore.tables import atomic_write

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


def test_a_new_book_is_the_owners_alone(tmp_path):
    save(TABLES, tmp_path / "book.toml")
    assert stat.S_IMODE((tmp_path / "book.toml").stat().st_mode) == 0o600


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(hc.SpecError, match=r"'book\.yaml': a book's file ends in"):
        save(TABLES, tmp_path / "book.yaml")


def test_what_is_not_finite_is_not_written(tmp_path):
    with pytest.raises(ValueError, match="JSON"):
        save({"prices": {"A": float("nan")}}, tmp_path / "book.json")
    assert not list(tmp_path.iterdir())
