"""A book's file with some values replaced, and all else as it was: comments, layout, formats.

TOML is edited by tomlkit, value by value: what did not change is not touched. What comes out is
parsed and compared with what was meant; a file that is written in a way that cannot be edited so is
written anew as a whole, and that is said.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any

from hedgecore.errors import SpecError
from hedgecore.extras import how_to_install
from hedgecore.tables.atomic_write import render_tables
from hedgecore.tables.toml import assignment, document

EDITABLE = 2 * 2**20
"""Bytes of a file that is edited: tomlkit takes some ten seconds for a million."""
ANEW = "the file was written in a way that could not be edited: it is written anew, and without"
LARGE = f"the file has more than {EDITABLE} bytes: it is written anew, and without its comments"
LONE = re.compile(r"(?<!\r)\n")
"""The end of a line that is no CRLF."""
MOVED = "tables that stood in several places of the file stand together now"
HEAD = re.compile(r"(?m)^([ \t]*\[\[?[ \t]*)([A-Za-z0-9_-]+)(?=[ \t]*[.\]])")
"""The head of a table, to the end of its first key."""


def toml_editor(path: Path) -> Any:
    """Module that edits `path`; None where it is written anew, as JSON is.

    Raises:
        SpecError: it is not installed.

    """
    if path.suffix.lower() != ".toml":
        return None
    try:
        import tomlkit  # noqa: PLC0415 - an extra, and only where a book is edited
    except ModuleNotFoundError as error:
        raise SpecError(how_to_install("a TOML book that is edited", "cli")) from error
    return tomlkit


def edit_file(path: Path, after: Mapping[str, Any]) -> tuple[str, Sequence[str]]:
    """Text of a book's file with its tables `after`, and notes on what was lost."""
    editor = toml_editor(path)
    if editor is None:
        return render_tables(after, path), ()
    if path.stat().st_size > EDITABLE:
        return render_tables(after, path), (LARGE,)
    content = path.read_bytes()
    text = content.decode("utf-8-sig")
    made, notes = edit_toml(text, after)
    if made is None:
        return render_tables(after, path), (f"{ANEW} its comments",)
    return "\ufeff" * content.startswith(codecs.BOM_UTF8) + made, notes


def edit_toml(text: str, after: Mapping[str, Any]) -> tuple[str | None, Sequence[str]]:
    """Text with the tables `after` in place of its own, None if it cannot be; notes."""
    kit = toml_editor(Path("book.toml"))
    open_end = not text.endswith("\n")
    try:
        apart, lists = _name_apart(text + "\n" * open_end)
        whole = kit.parse(apart)
        notes = () if kit.dumps(whole) == apart else (MOVED,)
        editing = _Editing(kit)
        editing.table(whole, _share_rows(plain(after), whole, lists))
        made = editing.finish(kit.dumps(whole))
        for name, key in lists.items():
            made = made.replace(name, key)
    except (kit.exceptions.TOMLKitError, AttributeError, LookupError, TypeError, ValueError):
        return None, ()  # keys that look like heads, say: the file is written anew instead
    if "\r\n" in text and not LONE.search(text):
        made = LONE.sub("\r\n", made)
    made = made.removesuffix("\n") if open_end else made
    return (made, notes) if _holds(made, after) else (None, ())


def plain(tables: Any) -> Any:
    """Tables as TOML gives them back: lists for tuples, nothing for None or no rows."""
    if isinstance(tables, Mapping):
        return {k: plain(each) for k, each in tables.items() if each is not None and each != []}
    return [plain(each) for each in tables] if isinstance(tables, list | tuple) else tables


def _name_apart(text: str) -> tuple[str, dict[str, str]]:
    """Text with a name of its own for each further place of a list, and name → list.

    tomlkit would bring the rows of one list together, and leave the comments above them behind.
    """
    lists = {key for key, each in tomllib.loads(text).items() if _are_rows(each)}
    names: dict[str, str] = {}
    latest: dict[str, str] = {}
    last = ""

    def name_of(head: re.Match[str]) -> str:
        nonlocal last
        key = head[2]
        if key in lists and key != last:
            again = f"{key}-{token_hex(8)}"
            latest[key] = again if key in latest else key
            names.update({again: key} if latest[key] == again else {})
        last = key
        return head[1] + latest.get(key, key)

    return HEAD.sub(name_of, text), names


def _share_rows(
    after: Mapping[str, Any], whole: Mapping[str, Any], lists: Mapping[str, str]
) -> dict[str, Any]:
    """Tables with the rows of each list at the places where they stand."""
    shared = dict(after)
    for key in dict.fromkeys(lists.values()):
        left, places = list(after.get(key, [])), [key, *(k for k, of in lists.items() if of == key)]
        rows = {name: [_take(row, left) for row in whole[name]] for name in places}
        there = {name: [row for row in each if row is not None] for name, each in rows.items()}
        there[places[-1]] += left
        shared |= there
    return {key: each for key, each in shared.items() if each != []}


class _Editing:
    """One document under edit: tables, rows and lists are brought to what they are to hold."""

    def __init__(self, kit: Any) -> None:
        self.kit = kit
        self.gone = f"removed {token_hex(16)}"

    def table(self, node: Any, after: Mapping[str, Any]) -> None:
        """Bring one table to `after`, key by key."""
        for key in [key for key in node if key not in after and node[key] != []]:
            self._leave(node, key)
        for key, value in after.items():
            if key not in node:
                with self._before_its_end(node):
                    node[key] = self._as_written(key, value)
            else:
                self._change(node, key, value)

    def finish(self, text: str) -> str:
        """Text without the heads of rows that are gone."""
        return "".join(each for each in text.splitlines(keepends=True) if self.gone not in each)

    def _change(self, node: Any, key: Any, value: Any) -> None:
        """Bring what stands at `key`, of a table or a list, to `value`."""
        old = node[key]
        if _alike(plain(_unwrap(old)), value):
            return
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            self.table(old, value)
        elif isinstance(old, self.kit.items.AoT) and _are_rows(value):
            self._rows(old, key, value)
        elif isinstance(old, self.kit.items.Array) and isinstance(value, list):
            self._list(old, value)
        elif isinstance(key, int):
            node[key] = value
        else:
            node[key] = self._as_written(key, value)

    def _rows(self, rows: Any, key: str, after: Sequence[Mapping[str, Any]]) -> None:
        """Bring an array of tables to `after`: rows by who they are, new ones last."""
        left = list(after)
        for row in list(rows):
            its = _take(row, left)
            if its is None:
                self._remove(row)
            else:
                self.table(row, its)
        for its in left:
            comments = _cut(self._end_of(rows))
            self._end_of(rows).append((None, self.kit.ws("\n")))
            rows.append(self.kit.parse(document({key: [its]}))[key][0])
            self._end_of(rows).extend(comments)

    def _list(self, old: Any, after: Sequence[Any]) -> None:
        """Bring a list within one value to `after`, by place: what stays keeps its format."""
        left = list(after)
        if _are_rows(after) and all(isinstance(each, Mapping) for each in old):
            stay = [_take(row, left) is not None for row in old]
            for index in reversed([i for i, stays in enumerate(stay) if not stays]):
                del old[index]
        while len(old) > len(after):
            del old[-1]
        for index in range(len(old)):
            self._change(old, index, after[index])
        for value in after[len(old) :]:
            old.append(value)

    def _leave(self, node: Any, key: str) -> None:
        """Take a key out of its table; the comments behind rows stay for what follows them."""
        if isinstance(node[key], self.kit.items.AoT):
            for row in list(node[key]):
                self._remove(row)
        else:
            del node[key]

    def _remove(self, row: Any) -> None:
        """Empty a row, and mark its head: the comments behind it belong to what follows."""
        for key in list(row):
            del row[key]
        row.comment(self.gone)

    def _as_written(self, key: str, value: Any) -> Any:
        """Value as we write it: a long list stands on several lines."""
        if isinstance(value, Mapping) or _are_rows(value):
            return value
        return self.kit.parse(assignment(key, value) + "\n")[key]

    @contextmanager
    def _before_its_end(self, table: Any) -> Iterator[None]:
        """Put what is added to a table before the blank lines and comments at its end."""
        comments = _cut(self._end_of(table))
        yield
        self._end_of(table).extend(comments)

    def _end_of(self, node: Any) -> list[Any]:
        """Parts of the innermost table that ends where `node` does."""
        if isinstance(node, self.kit.items.AoT):
            return self._end_of(node[-1])
        if isinstance(node, self.kit.items.Table):
            return self._end_of(node.value)
        if not isinstance(node, self.kit.container.Container):
            return []  # a table within a line
        body: list[Any] = node.body
        last = body[-1][1] if body else None
        nested = isinstance(last, self.kit.items.AoT | self.kit.items.Table)
        return self._end_of(last) if nested else body


def _cut(body: list[Any]) -> list[Any]:
    """Take the blank lines and comments at the end of a table's parts out of it."""
    start = next((at for at in range(len(body), 0, -1) if body[at - 1][0] is not None), 0)
    end = body[start:]
    del body[start:]
    return end


def _unwrap(item: Any) -> Any:
    """Value of an item of tomlkit, in Python's own types."""
    return getattr(item, "unwrap", lambda: item)()


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(e, Mapping) for e in value)


def _alike(one: Any, other: Any) -> bool:
    """True if two values are equal, and of the same types throughout."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_alike(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    return type(one) is type(other) and bool(one == other)


def _holds(text: str, after: Mapping[str, Any]) -> bool:
    """True if a text is TOML that says what was meant."""
    try:
        return _alike(plain(tomllib.loads(text)), plain(after))
    except ValueError:
        return False


def _take(row: Mapping[str, Any], among: list[Mapping[str, Any]]) -> Any:
    """Take out what a row has become: the row of its name, or of its asset and source."""
    keys = ("name",) if "name" in row else ("asset", "source")
    same = (each for each in among if all(each.get(k) == row.get(k) for k in keys))
    found = next(same, None)
    if found is not None:
        among.remove(found)
    return found
