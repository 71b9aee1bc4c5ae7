"""Bytes turned into text, and what may be wrong with a text before it means anything."""

import re
from dataclasses import dataclass
from typing import Final

import yaml
from yaml.reader import ReaderError

from sandbox.scenarios.positions import START, Place

MAX_BYTES: Final = 1024 * 1024

_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
# Starts of what the parser says, and the mend.
_MENDS: Final = (
    ("mapping values are not allowed", "quote a text that contains `: `, or indent as above"),
    ("did not find expected ',' or ']'", "close the list with `]`, with commas between its items"),
    (
        "did not find expected ',' or '}'",
        "close the mapping with `}`, with commas between its keys",
    ),
    ("did not find expected key", "indent all keys of one mapping alike"),
    ("did not find expected '-' indicator", "begin every item of the list with `-`"),
    ("could not find expected ':'", "write `key: value`"),
    ("found unexpected end of stream", "close the quotation"),
    ("found unknown escape character", "use single quotes, in which a backslash means itself"),
    ("found undefined tag handle", "quote a text that begins with `!`"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class TextProblem:
    """Something wrong with the text itself, whatever it means."""

    place: Place
    message: str
    hint: str = ""


class Unreadable(Exception):
    """The text is no document; reading could not go on."""

    def __init__(self, problem: TextProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def decode(content: bytes) -> str:
    """Return the text of a file; a byte order mark of UTF-8 is dropped.

    Raises:
        Unreadable: it is too large, not UTF-8, or not text at all.
    """
    if len(content) > MAX_BYTES:
        raise _refused(START, "it is larger than 1 MiB", "split it into several files")
    if content.startswith(_UTF_16):
        raise _refused(START, "it is UTF-16", "save it as UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = _place(content[: error.start].decode("utf-8-sig", "replace"))
        raise _refused(place, "it is not UTF-8", "save it as UTF-8") from None
    return checked(text)


def checked(text: str) -> str:
    """Return the text when a parser can be given it.

    Raises:
        Unreadable: it is too large, or has characters that are no text.
    """
    if len(text) > MAX_BYTES:
        raise _refused(START, "it is larger than 1 MiB", "split it into several files")
    if "\0" in text:
        place = _place(text[: text.index("\0")])
        raise _refused(place, "it is a binary file, not text", "name a YAML or JSON file")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        place = _place(text[: error.start])
        raise _refused(place, "half of a character stands alone", "save it as UTF-8") from None
    return text


def broken(error: yaml.YAMLError, text: str) -> TextProblem:
    """Say what the parser complains about in words that lead to the mend."""
    if isinstance(error, ReaderError):
        place = _place(text[: error.position])
        said = f"a character that cannot stand in YAML: U+{error.character:04X}"
        return TextProblem(place=place, message=said, hint='write it as an escape in "…"')
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return TextProblem(place=START, message=str(error))
    mark = error.problem_mark
    place = Place(line=mark.line + 1, column=mark.column + 1)
    lines = text.splitlines()
    line = lines[mark.line] if mark.line < len(lines) else ""
    if tab := re.match(r"[ -]*\t", line):
        place = Place(line=mark.line + 1, column=tab.end())
        return TextProblem(place=place, message="a tab indents the line", hint="indent with spaces")
    problem = error.problem or "it is not YAML"
    if "cannot start any token" in problem and mark.column < len(line):
        character = line[mark.column]
        said = f"no unquoted text can begin with `{character}`"
        return TextProblem(place=place, message=said, hint="quote the text")
    context = f" {error.context}" if error.context else ""
    if "${" in line and problem.startswith("did not find expected ',' or"):
        hint = 'inside […] and {…} quote a text with a variable: "${NAME}"'
        return TextProblem(place=place, message=f"{problem}{context}", hint=hint)
    hint = next((mend for start, mend in _MENDS if problem.startswith(start)), "")
    return TextProblem(place=place, message=f"{problem}{context}", hint=hint)


def _refused(place: Place, message: str, hint: str) -> Unreadable:
    return Unreadable(TextProblem(place=place, message=message, hint=hint))


def _place(before: str) -> Place:
    """Return the place after all the text before it."""
    line = before.count("\n") + 1
    return Place(line=line, column=len(before) - (before.rfind("\n") + 1) + 1)
