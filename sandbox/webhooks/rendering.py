"""From a payment at its event to the bytes that a webhook carries."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import orjson

from sandbox.domain.gateways import Gateway
from sandbox.domain.operations import FailedOperation
from sandbox.domain.settings import WebhookVersion, WorkspaceSettings
from sandbox.domain.transactions import (
    Attempt,
    ChildTransaction,
    Initiator,
    PaymentTransaction,
)
from sandbox.engine.ports import RenderedPayload
from sandbox.webhooks.gateway_response import answer_to_failed_operation
from sandbox.webhooks.operation_payload import (
    cancellation_of_2022,
    current_operation,
    operation_of_2022,
)
from sandbox.webhooks.payment_payload import current_payment, payment_of_2022
from sandbox.webhooks.signature import sign

JSON: Final = "application/json"


class PayloadRenderer:
    """Renders payloads from records, for webhooks and for the answers of inquiries.

    Each call depends on its arguments alone. `version` overrides that of the settings. The
    `signature` of what is rendered is empty where the form has none.

    Source: FACTS 8.
    """

    def payment(
        self,
        payment: PaymentTransaction,
        attempt: Attempt | None,
        gateway: Gateway,
        settings: WorkspaceSettings,
        *,
        at: datetime,
        version: WebhookVersion | None = None,
    ) -> RenderedPayload:
        """Render the payment as it stands, signed; `attempt` is the try it tells of."""
        if (version or settings.webhook_version) is WebhookVersion.FORM_2022:
            payload = payment_of_2022(payment, attempt, gateway)
        else:
            payload = current_payment(payment, attempt, gateway, at=at)
        return _signed(payload, settings)

    def operation(
        self,
        payment: PaymentTransaction,
        child: ChildTransaction,
        gateway: Gateway,
        settings: WorkspaceSettings,
        *,
        at: datetime,
        version: WebhookVersion | None = None,
    ) -> RenderedPayload:
        """Render what an operation made; signed in the current form only."""
        if (version or settings.webhook_version) is WebhookVersion.FORM_2022:
            return _rendered(operation_of_2022(payment, child, gateway, at=at))
        return _signed(current_operation(payment, child, gateway, at=at), settings)

    def failed_operation(
        self, payment: PaymentTransaction, failed: FailedOperation, gateway: Gateway
    ) -> Mapping[str, object]:
        """Return what a gateway says, in its own words, when it refuses an operation."""
        return answer_to_failed_operation(payment, failed, gateway).response

    def cancellation(
        self,
        payment: PaymentTransaction,
        initiator: Initiator | None,
        gateway: Gateway,
        settings: WorkspaceSettings,  # noqa: ARG002 - one form of call for all three
        *,
        at: datetime,
    ) -> RenderedPayload:
        """Render a cancel in the form of 2022, the only one that tells of it; unsigned."""
        return _rendered(cancellation_of_2022(payment, initiator, gateway, at=at))


def _signed(payload: dict[str, object], settings: WorkspaceSettings) -> RenderedPayload:
    signature = sign(payload, settings.webhook_key)
    payload["signature"] = signature
    return _rendered(payload, signature)


def _rendered(payload: Mapping[str, object], signature: str = "") -> RenderedPayload:
    # What orjson returns keeps the whole buffer it grew; a delivery is kept, so it gets a copy.
    body = bytes(memoryview(orjson.dumps(payload)))
    return RenderedPayload(body=body, content_type=JSON, signature=signature)
