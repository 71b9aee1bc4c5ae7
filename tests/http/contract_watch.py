"""Holds every answer and every webhook that a test causes against the API document."""

import json
from pathlib import Path
from typing import Any, Final

from sandbox.contract.checking import Contract
from sandbox.contract.errors import MethodNotAllowed, UnknownPath

SPECS: Final = Path(__file__).parents[2] / "specs"


class ContractWatch:
    """Collects violations; one of them fails the test that caused it."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self.violations: list[str] = []

    def answer(self, method: str, path: str, status: int, content_type: str, body: bytes) -> None:
        """Judge an answer of a platform call; 501 says that a call comes later."""
        if status == 501:
            return
        try:
            operation = self._contract.match(method, path).operation
        except (UnknownPath, MethodNotAllowed):
            return
        self._note(
            f"{method} {path} {status}",
            self._contract.check_response(operation, status, content_type, body),
        )

    def webhook(self, body: bytes) -> None:
        """Judge a webhook by the form that it has."""
        payload = json.loads(body)
        self._note("webhook", self._contract.check_webhook(form_of(payload), payload))

    def _note(self, what: str, violations: list[Any]) -> None:
        self.violations += [
            f"{what}: {'.'.join(map(str, each.location))}: {each.message}" for each in violations
        ]


def form_of(payload: dict[str, Any]) -> str:
    """Return the document's name of a payload's form."""
    if "txn" in payload:
        return "operation" if "signature" in payload else "operation2022"
    return "payment2022" if "total_paid_amount" in payload else "payment"
