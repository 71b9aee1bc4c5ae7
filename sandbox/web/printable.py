"""Texts of a request that may hold bytes which are no UTF-8, made fit for answers and records."""


def printable(text: str) -> str:
    """Return the text with each byte that was no text on the wire replaced by a mark."""
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:
        # A half of a surrogate pair that stands for no byte.
        return text.encode("utf-8", "replace").decode()
