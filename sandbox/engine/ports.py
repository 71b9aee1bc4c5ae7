"""What the engine needs from outside, as protocols; `server.py` gives the real ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sandbox.domain.gateways import Gateway
from sandbox.domain.operations import FailedOperation
from sandbox.domain.settings import WebhookVersion, WorkspaceSettings
from sandbox.domain.transactions import (
    Attempt,
    ChildTransaction,
    Initiator,
    PaymentTransaction,
)
from sandbox.engine.work import Batch
from sandbox.scenarios.model import Scenario


@dataclass(frozen=True, kw_only=True, slots=True)
class RenderedPayload:
    """A webhook's body as it will be sent, with the signature that stands in it (FACTS 8)."""

    body: bytes
    content_type: str
    signature: str


class PayloadRenderer(Protocol):
    """Turns records into signed webhook bodies; pure."""

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
        """Render the payment webhook for the payment as it stands."""

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
        """Render the operation webhook for a child transaction as it stands."""

    def failed_operation(
        self, payment: PaymentTransaction, failed: FailedOperation, gateway: Gateway
    ) -> Mapping[str, object]:
        """Return what a gateway says, in its own words, when it refuses an operation."""

    def cancellation(
        self,
        payment: PaymentTransaction,
        initiator: Initiator | None,
        gateway: Gateway,
        settings: WorkspaceSettings,
        *,
        at: datetime,
    ) -> RenderedPayload:
        """Render the operation webhook of a cancel, which only the form of 2022 has."""


class Storage(Protocol):
    """Keeps what steps changed."""

    def commit(self, batch: Batch) -> None:
        """Write one step's changes, all or none."""


class ScenarioLibrary(Protocol):
    """The scenarios that every workspace sees: built-in ones and those of `--scenarios`."""

    def names(self) -> tuple[str, ...]:
        """Return every name, sorted."""

    def named(self, name: str) -> Scenario | None:
        """Return the scenario of this name, or None."""

    def matching(self, fields: Mapping[str, object]) -> Scenario | None:
        """Return the first scenario whose `match:` takes a checkout with these fields."""
