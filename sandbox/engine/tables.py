"""Records of a workspace by their kind and identifier."""

from typing import Protocol, TypeVar, cast


class Identified(Protocol):
    """A record with an identifier that is unique among its kind."""

    @property
    def id(self) -> str:
        """The identifier."""


Record = TypeVar("Record", bound=Identified)


class Tables:
    """One table for each kind of record, in the order in which the records were first kept."""

    def __init__(self) -> None:
        self._tables: dict[type[Identified], dict[str, Identified]] = {}

    def of(self, kind: type[Record]) -> dict[str, Record]:
        """Return the table of a kind; reading only, steps change it."""
        return cast("dict[str, Record]", self._tables.setdefault(kind, {}))

    def keep(self, record: Identified) -> None:
        """Add a record, or change the one with its identifier."""
        self._tables.setdefault(type(record), {})[record.id] = record

    def drop(self, record: Identified) -> None:
        """Take a record out."""
        self._tables.get(type(record), {}).pop(record.id, None)
