"""`ottu-sandbox spec check`: what the sandbox mends in a document, and what stays wrong."""

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from sandbox.contract.checking import Contract
from sandbox.contract.errors import DocumentError
from sandbox.contract.judging import flaws_of


class _Remark(Protocol):
    @property
    def where(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def line(self) -> int | None: ...


def run(file: Path) -> int:
    """Print what is to be said of a document; return 0 when it can be served, else 1."""
    try:
        contract = Contract.load(file)
    except DocumentError as error:
        print(error)
        print("It cannot be served.")
        return 1
    title = " ".join(part for part in (contract.title, contract.version) if part)
    count = len(contract.operations)
    print(f"{file}: {title or 'no title'}, {count} operation{'' if count == 1 else 's'}")
    flaws = list(flaws_of(contract.document))
    _list("mended", file, contract.repairs)
    _list("not as OpenAPI has it, and left so", file, flaws)
    print("It can be served after these repairs." if contract.repairs else "It can be served.")
    return 0


def _list(title: str, file: Path, remarks: Iterable[_Remark]) -> None:
    for number, remark in enumerate(remarks):
        if number == 0:
            print(f"{title}:")
        place = f"{file}:{remark.line}" if remark.line else str(file)
        print(f"  {place}: {remark.where or '/'}: {remark.what}")
