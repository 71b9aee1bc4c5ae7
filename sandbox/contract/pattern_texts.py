"""Write a text that matches a pattern, for patterns such as documents really have.

Groups, classes, alternatives and repetitions are read; what looks ahead or back is not.
"""

import re
from collections.abc import Callable
from random import Random
from string import ascii_letters, ascii_lowercase, digits
from typing import Final

_ANY: Final = ascii_letters + digits
_CLASSES: Final = {"d": digits, "w": ascii_lowercase + digits, "s": " "}
_CONTROLS: Final = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v"}
_SIGNS: Final = "-_.:/ @#+"
_REPEATED: Final = re.compile(r"\{(\d+)(,?)(\d*)\}")
# Open repetitions are kept short.
_FURTHER: Final = 3
_LONGEST: Final = 10_000

_Part = Callable[[], str]


class UnreadablePattern(Exception):
    """The pattern uses what is not read here, or asks for too much."""


def text_for(pattern: str, chance: Random) -> str | None:
    """Return a text that matches, or None where none was found."""
    try:
        text = _Reader(pattern, chance).alternatives()()
        fits = re.search(pattern, text) is not None
    except (UnreadablePattern, re.error, RecursionError):
        return None
    return text if fits else None


class _Reader:
    """Reads a pattern once, from left to right, into parts that write a text each time."""

    def __init__(self, pattern: str, chance: Random) -> None:
        self._pattern = pattern
        self._chance = chance
        self._at = 0
        self._left = _LONGEST

    def alternatives(self) -> _Part:
        choices = [self._sequence()]
        while self._taken("|"):
            choices.append(self._sequence())
        if self._at < len(self._pattern) and self._pattern[self._at] != ")":
            raise UnreadablePattern
        return lambda: self._chance.choice(choices)()  # noqa: PLW0108 - chosen anew each time

    def _sequence(self) -> _Part:
        parts: list[_Part] = []
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            parts.append(self._repeated(self._atom()))
        return lambda: "".join(part() for part in parts)

    def _atom(self) -> _Part:
        sign = self._next()
        if sign in "^$":
            return str
        if sign == ".":
            return self._one_of(_ANY)
        if sign == "(":
            return self._group()
        if sign == "[":
            return self._one_of(self._class())
        if sign == "\\":
            return self._escaped()
        if sign in "*+?{":
            raise UnreadablePattern
        return lambda: sign

    def _group(self) -> _Part:
        if self._taken("?"):
            kind = self._next()
            if kind in "P<" and (kind == "<" or self._next() == "<"):
                name, _, _ = self._pattern[self._at :].partition(">")
                if name[:1] in ("=", "!"):
                    raise UnreadablePattern
                self._at += len(name) + 1
            elif kind != ":":
                raise UnreadablePattern
        inner = self.alternatives()
        if not self._taken(")"):
            raise UnreadablePattern
        return inner

    def _escaped(self) -> _Part:
        letter = self._next()
        if letter in "bBAZz":
            return str
        return self._one_of(self._signs_of(letter))

    def _signs_of(self, letter: str) -> str:
        if letter in _CLASSES:
            return _CLASSES[letter]
        if letter.lower() in _CLASSES:
            return "".join(sign for sign in _ANY + _SIGNS if re.match(f"\\{letter}", sign))
        if letter in _CONTROLS:
            return _CONTROLS[letter]
        if letter.isalnum():
            raise UnreadablePattern
        return letter

    def _class(self) -> str:
        is_negated = self._taken("^")
        signs = ""
        while not self._taken("]") or not signs:
            sign = self._next()
            if sign == "\\":
                signs += self._signs_of(self._next())
            elif self._pattern[self._at : self._at + 1] == "-" and self._after_dash() != "]":
                self._at += 1
                last = self._next()
                last = self._signs_of(self._next()) if last == "\\" else last
                signs += "".join(map(chr, range(ord(sign), min(ord(last), ord(sign) + 200) + 1)))
            else:
                signs += sign
        if is_negated:
            signs = "".join(sign for sign in _ANY + _SIGNS if sign not in signs)
        if not signs:
            raise UnreadablePattern
        return signs

    def _after_dash(self) -> str:
        return self._pattern[self._at + 1 : self._at + 2]

    def _repeated(self, part: _Part) -> _Part:
        least, most = 1, 1
        counted = _REPEATED.match(self._pattern, self._at)
        if counted:
            self._at = counted.end()
            least = int(counted[1])
            most = int(counted[3]) if counted[3] else least + (_FURTHER if counted[2] else 0)
        elif self._taken("*"):
            least, most = 0, _FURTHER
        elif self._taken("+"):
            most = 1 + _FURTHER
        elif self._taken("?"):
            least = 0
        else:
            return part
        _ = self._taken("?") or self._taken("+")
        if most < least:
            raise UnreadablePattern
        return lambda: "".join(part() for _ in range(self._counted(least, most)))

    def _counted(self, least: int, most: int) -> int:
        """Return how often to repeat; repetitions of repetitions soon come to an end."""
        count = self._chance.randint(least, most)
        self._left -= count
        if self._left < 0:
            raise UnreadablePattern
        return count

    def _one_of(self, signs: str) -> _Part:
        return lambda: self._chance.choice(signs)

    def _next(self) -> str:
        if self._at >= len(self._pattern):
            raise UnreadablePattern
        self._at += 1
        return self._pattern[self._at - 1]

    def _taken(self, sign: str) -> bool:
        if self._pattern.startswith(sign, self._at):
            self._at += len(sign)
            return True
        return False
