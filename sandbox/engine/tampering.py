"""What a scenario changes in a webhook after it was signed."""

import json
from dataclasses import replace
from typing import Final

from sandbox.engine.ports import RenderedPayload
from sandbox.scenarios.model import Tamper

_WRONG_AMOUNT: Final = "0.001"


def tampered(payload: RenderedPayload, tamper: Tamper | None) -> RenderedPayload:
    """Return the payload with its amount, signature or body changed after signing."""
    if tamper is None or (tamper is Tamper.SIGNATURE and not payload.signature):
        return payload
    if tamper is Tamper.BODY:
        return replace(payload, body=payload.body[:-1] + b',"tampered":true}')
    fields = json.loads(payload.body)
    if tamper is Tamper.AMOUNT:
        fields["amount"] = _WRONG_AMOUNT
    else:
        fields["signature"] = payload.signature[::-1]
    body = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
    return replace(payload, body=body)
