"""Judge a whole document, as `ottu-sandbox spec check` does: what was mended and what is wrong.

This takes a third of a second, so a normal start leaves it out. Source: DESIGN (command line).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sandbox.contract.document import Document, load_document
from sandbox.contract.operations import operations_of
from sandbox.contract.places import pointer
from sandbox.contract.repairs import Repair

_MAX_MESSAGE: Final = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing in a document that is not OpenAPI: a JSON pointer and what is wrong there."""

    where: str
    what: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentReport:
    """What became of a document.

    It can be served whatever `errors` says: these are left after the repairs and concern parts
    that the sandbox does not need.
    """

    title: str
    version: str
    operations: int
    repairs: tuple[Repair, ...]
    errors: tuple[Problem, ...]


def check_document(path: Path) -> DocumentReport:
    """Load a document, mend it and judge what is left by the OpenAPI specification.

    Raises:
        DocumentError: it cannot be served at all.
    """
    document = load_document(path)
    return DocumentReport(
        title=document.title,
        version=document.version,
        operations=sum(1 for _ in operations_of(document)),
        repairs=document.repairs,
        errors=tuple(_errors(document)),
    )


def _errors(document: Document) -> Iterator[Problem]:
    from openapi_spec_validator import OpenAPIV31SpecValidator

    for error in OpenAPIV31SpecValidator(document.tree).iter_errors():
        yield Problem(
            where=pointer(tuple(error.absolute_path)), what=str(error.message)[:_MAX_MESSAGE]
        )
