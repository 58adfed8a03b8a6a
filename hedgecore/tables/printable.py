"""Text of others, made safe for a terminal."""


def printable(words: str) -> str:
    r"""Words in one line, with whatever would command a terminal spelt out.

    Examples:
        >>> printable("two\nlines and \x1b[31mred")
        'two lines and \\x1b[31mred'

    """
    line = " ".join(words.split())
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in line)
