"""Load a document and report on it: what was mended, and what is wrong with the rest.

Source: DESIGN (command line, `spec check`).
"""

from dataclasses import dataclass
from pathlib import Path

from sandbox.contract.document import load_document
from sandbox.contract.judging import Flaw, flaws_of
from sandbox.contract.operations import operations_of
from sandbox.contract.repairs import Repair


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentReport:
    """What became of a document; it can be served in spite of what `errors` says."""

    title: str
    version: str
    operations: int
    repairs: tuple[Repair, ...]
    errors: tuple[Flaw, ...]


def check_document(path: Path) -> DocumentReport:
    """Load a document, mend it and judge what is left; this takes a third of a second.

    Raises:
        DocumentError: it cannot be served at all.
    """
    document = load_document(path)
    return DocumentReport(
        title=document.title,
        version=document.version,
        operations=sum(1 for _ in operations_of(document)),
        repairs=document.repairs,
        errors=tuple(flaws_of(document)),
    )
