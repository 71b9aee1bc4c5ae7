"""Find the operation that a method and a path mean.

A path is taken as it came, percent signs and all, with or without its trailing slash. Nothing is
normalised: doubled slashes and dot segments are unknown paths. Source: FACTS 1.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final, Generic, TypeVar
from urllib.parse import unquote

from sandbox.contract.errors import MethodNotAllowed, UnknownPath

_PARAMETER: Final = re.compile(r"\{([^{}]*)\}")
_DOTS: Final = frozenset({".", ".."})

Target = TypeVar("Target")


class _Branch(Generic[Target]):
    """What may follow after some segments of a path: fixed texts first, then templates."""

    __slots__ = ("fixed", "targets", "templates")

    def __init__(self) -> None:
        self.fixed: dict[str, _Branch[Target]] = {}
        self.templates: dict[str, tuple[re.Pattern[str], _Branch[Target]]] = {}
        self.targets: dict[str, tuple[Target, tuple[str, ...]]] = {}


class Router(Generic[Target]):
    """The paths of a document as a tree of segments, with a shortcut for those without parameters.

    Made from `(method, path, target)`; of two targets for one call the first stays.
    """

    def __init__(self, routes: Iterable[tuple[str, str, Target]]) -> None:
        self._root: _Branch[Target] = _Branch()
        self._plain: dict[str, _Branch[Target]] = {}
        for method, path, target in routes:
            branch = self._root
            names: list[str] = []
            for segment in _segments(path):
                branch = _grow(branch, segment)
                names += _PARAMETER.findall(segment)
            branch.targets.setdefault(method.upper(), (target, tuple(names)))
            if not names:
                slashless = path.rstrip("/")
                self._plain[slashless or "/"] = self._plain[slashless + "/"] = branch

    def find(self, method: str, path: str) -> tuple[Target, Mapping[str, str]]:
        """Return the target of a call and its path parameters, percent-decoded.

        Raises:
            UnknownPath: no path of the document matches.
            MethodNotAllowed: one does, but not with this method.
        """
        branch = self._plain.get(path)
        values: tuple[str, ...] = ()
        if branch is None:
            found = _descend(self._root, _segments(path), 0) if path.startswith("/") else None
            if found is None:
                raise UnknownPath(f"No operation has the path `{path}`.")
            branch, values = found
        try:
            target, names = branch.targets[method]
        except KeyError:
            raise MethodNotAllowed(tuple(sorted(branch.targets))) from None
        return target, dict(zip(names, values, strict=True))


def _segments(path: str) -> list[str]:
    return path.removeprefix("/").removesuffix("/").split("/")


def _grow(branch: _Branch[Target], segment: str) -> _Branch[Target]:
    if not _PARAMETER.search(segment):
        return branch.fixed.setdefault(segment, _Branch())
    parts = _PARAMETER.split(segment)
    written = "(.+?)".join(re.escape(part) for part in parts[::2])
    return branch.templates.setdefault(written, (re.compile(written, re.DOTALL), _Branch()))[1]


def _descend(
    branch: _Branch[Target], segments: list[str], depth: int
) -> tuple[_Branch[Target], tuple[str, ...]] | None:
    """Walk down the tree; a fixed text wins over a template, and a dead end is left again."""
    if depth == len(segments):
        return (branch, ()) if branch.targets else None
    raw = segments[depth]
    fixed = branch.fixed.get(raw)
    if fixed is not None:
        found = _descend(fixed, segments, depth + 1)
        if found is not None:
            return found
    text = _decoded(raw)
    if text is None:
        return None
    for pattern, following in branch.templates.values():
        matched = pattern.fullmatch(text)
        if matched is not None:
            found = _descend(following, segments, depth + 1)
            if found is not None:
                return found[0], (*matched.groups(), *found[1])
    return None


def _decoded(segment: str) -> str | None:
    """Decode the percent signs of one segment; None where it is no usable value."""
    try:
        text = unquote(segment, errors="strict")
    except UnicodeDecodeError:
        return None
    return None if not text or text in _DOTS or "/" in text else text
