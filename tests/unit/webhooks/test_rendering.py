"""From records to bytes: stable, compact, and of exactly their size."""

import tracemalloc

import orjson
import pytest

from sandbox.domain.settings import WebhookVersion, WorkspaceSettings
from sandbox.webhooks.rendering import PayloadRenderer
from tests.unit.webhooks.payments import MPGS, NOON, paid


@pytest.mark.parametrize("version", WebhookVersion)
def test_the_same_event_gives_the_same_bytes(version: WebhookVersion) -> None:
    payment, settings = paid(), WorkspaceSettings(webhook_version=version)

    first, second = (
        PayloadRenderer().payment(payment, payment.last_attempt, MPGS, settings, at=NOON)
        for _ in range(2)
    )

    assert first == second
    assert first.content_type == "application/json"
    assert first.signature == orjson.loads(first.body)["signature"]


def test_a_kept_body_holds_no_more_than_its_bytes() -> None:
    payment, renderer, settings = paid(), PayloadRenderer(), WorkspaceSettings()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        kept = [
            renderer.payment(payment, payment.last_attempt, MPGS, settings, at=NOON).body
            for _ in range(50)
        ]
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert (after - before) / len(kept) < len(kept[0]) + 500


def test_a_body_is_compact() -> None:
    payment = paid()
    settings = WorkspaceSettings()

    body = PayloadRenderer().payment(payment, payment.last_attempt, MPGS, settings, at=NOON).body

    assert body == orjson.dumps(orjson.loads(body))


def test_a_version_asked_for_hides_that_of_the_settings() -> None:
    payment = paid()
    settings = WorkspaceSettings(webhook_version=WebhookVersion.FORM_2022)
    renderer = PayloadRenderer()

    by_setting = renderer.payment(payment, payment.last_attempt, MPGS, settings, at=NOON)
    asked_for = renderer.payment(
        payment, payment.last_attempt, MPGS, settings, at=NOON, version=WebhookVersion.CURRENT
    )

    assert "total_paid_amount" in orjson.loads(by_setting.body)
    assert "paid_amount" in orjson.loads(asked_for.body)
