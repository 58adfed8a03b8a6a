"""From an address to a book: what readers of a chain or a venue read, as a book's tables.

`read_book` reads one, `refresh_book` reads again what a book says it was read from, and `save`
writes tables to a file, whole or not at all.
"""

from hedgecore.readers.draft import Draft, Writing, read_book
from hedgecore.readers.refresh import Change, Refreshed, refresh_book, refresh_file
from hedgecore.readers.request import Ask
from hedgecore.tables.atomic_write import save

__all__ = [
    "Ask",
    "Change",
    "Draft",
    "Refreshed",
    "Writing",
    "read_book",
    "refresh_book",
    "refresh_file",
    "save",
]
