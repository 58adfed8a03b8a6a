"""Text of others, made safe for a terminal."""


def printable(words: str) -> str:
    r"""Words in one line, with whatever would command a terminal spelt out.

    Examples:
        >>> printable("two\nlines and \x1b[31mred")
        'two lines and \\x1b[31mred'

    """
    return _spell_out(" ".join(words.split()))


def printable_page(page: str) -> str:
    r"""Page with its lines and gaps as they are, and whatever would command a terminal spelt out.

    Examples:
        >>> printable_page("two  gaps\nand \x1b[31mred")
        'two  gaps\nand \\x1b[31mred'

    """
    return "\n".join(map(_spell_out, page.split("\n")))


def _spell_out(line: str) -> str:
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in line)
