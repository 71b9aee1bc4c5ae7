"""Judge a whole document by the rules of OpenAPI 3.1, which takes longer than a start may take.

What is still wrong after the repairs does not keep a document from being served; what does is a
`DocumentError` when it is loaded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sandbox.contract.document import Document
from sandbox.contract.places import pointer
from sandbox.contract.source import read_source

_LONGEST: Final = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Flaw:
    """One thing that OpenAPI does not allow: a JSON pointer, what is wrong, and the line."""

    where: str
    what: str
    line: int | None


def flaws_of(document: Document) -> Iterator[Flaw]:
    """Yield what is still wrong in a document after its repairs, in the validator's order."""
    from openapi_spec_validator import OpenAPIV31SpecValidator

    source = read_source(document.file)
    for error in OpenAPIV31SpecValidator(document.tree).iter_errors():
        place = tuple(error.absolute_path)
        message = error.message.partition("\n")[0]
        yield Flaw(
            where=pointer(place),
            what=message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…",
            line=source.line_of(place) if place else None,
        )
