"""Calls of a document brought along that the sandbox has nothing behind: made-up answers.

Source: DESIGN (dependencies: faker), architecture (the way of a request).
"""

import hashlib
import re
from http import HTTPStatus
from typing import Final

import orjson

from sandbox.contract.examples import Example
from sandbox.domain.findings import Note, Severity
from sandbox.domain.identifiers import digest
from sandbox.web.answers import Answer
from sandbox.web.errors import NotYetHere
from sandbox.web.platform.call import PlatformCall

# The platform's own calls: each gets what it does from us, never a made-up answer (FACTS 1).
_CHECKOUT: Final = "/b/checkout/v1/pymt-txn/"
_PAY: Final = "/b/pbl/v2/payment/"
OWN_CALLS: Final = frozenset(
    {
        f"POST {_CHECKOUT}",
        *(f"{method} {_CHECKOUT}{{session_id}}/" for method in ("GET", "PUT", "PATCH")),
        "POST /b/checkout/v1/upload-attachment/",
        "POST /b/checkout/api/sdk/v1/pre-payment-option-check/{session_id}/",
        "POST /b/pbl/v2/message-notification/",
        "POST /b/pbl/v2/send-notification/",
        "POST /b/pbl/v2/notifications/send/{channel}/",
        "POST /b/pbl/v2/operation/",
        "POST /b/pbl/v2/inquiry/",
        "POST /b/pbl/v2/payment-methods/",
        "GET /b/pbl/v2/card/",
        "POST /b/pbl/v2/card/",
        "DELETE /b/pbl/v2/card/{token}/",
        *(
            f"POST {_PAY}{kind}/"
            for kind in ("apple-pay", "google-pay", "auto-debit", "cash", "wallet")
        ),
        "POST /b/pbl/v2/auto-debit/",
        "POST /b/pbl/v2/cash-payment/",
        "POST /b/invoice/v1/invoice/",
        *(f"POST /b/wallet/ottu/v1/{kind}/" for kind in ("accounts", "entries", "operations")),
        "GET /b/checkout/v1/wallet/payment-sessions/{session_id}/finalization-status/",
        "GET /b/api/v1/reports/files/",
        "GET /b/api/v1/reports/files/{token}/download/",
    }
)


_PARAMETER: Final = re.compile(r"\{[^{}]*\}")


def _without_names(key: str) -> str:
    # Another document may name the parameters of a path as it likes.
    return _PARAMETER.sub("{}", key)


_OWN: Final = frozenset(map(_without_names, OWN_CALLS))


def answer_without_state(call: PlatformCall) -> tuple[Answer, Note]:
    """Return an answer that the document allows, and the finding that says so.

    The same call gives the same answer: it follows from seed, workspace, path and body.

    Raises:
        NotYetHere: the call is one of the platform's own, or no answer can be made up for it.
    """
    operation = call.operation
    name = f"`{operation.operation_id}`"
    if _without_names(operation.key) in _OWN:
        raise NotYetHere(
            f"{name} passed contract and credentials; what it does comes with a later version of "
            "the sandbox."
        )
    example = call.services.contract.example(operation, _seed(call))
    if example is None:
        raise NotYetHere(
            f"Nothing is behind {name}, and the sandbox cannot make up an answer that fits the "
            "document: give its answer an `example` there."
        )
    note = Note(
        code="stateless_answer",
        severity=Severity.INFO,
        where=operation.operation_id,
        message=f"Nothing is behind {name}: the answer was made up from the document, and the call changed nothing.",
        hint="Do not take its values for something that the platform would answer.",
    )
    return _written(example), note


def _seed(call: PlatformCall) -> int:
    said = [call.query, call.fields]
    body = orjson.dumps(said, default=str, option=orjson.OPT_SORT_KEYS)
    parts = (
        *(call.workspace.name, "stateless", call.operation.key),
        *(text for pair in sorted(call.path.items()) for text in pair),
        hashlib.blake2b(body, digest_size=16).hexdigest(),
    )
    return int(digest(call.services.engine.context.seed, *parts), 16)


def _written(example: Example) -> Answer:
    if not example.media_type or example.status == HTTPStatus.NO_CONTENT:
        return Answer(status=example.status)
    body = orjson.dumps(example.value) if example.is_json else str(example.value).encode()
    return Answer(status=example.status, body=body, content_type=example.media_type)
