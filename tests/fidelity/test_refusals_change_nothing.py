"""A refusal names the field and the rule, and leaves everything as it was."""

from collections.abc import Awaitable

import pytest

from tests.fidelity.conftest import SceneOf
from tests.fidelity.customer_refusals import CUSTOMERS
from tests.fidelity.operation_refusals import OPERATIONS
from tests.fidelity.paper_refusals import PAPERS
from tests.fidelity.payment_refusals import AROUND, CHECKOUTS
from tests.fidelity.refusals import ENTRIES, Refusal, Shop, messages_at
from tests.http.merchant import Reply
from tests.http.platform.charging import CARDS, CUSTOMER, MASTERCARD

OPERATE = "POST /b/pbl/v2/operation/"
REFUSALS = (*OPERATIONS, *CHECKOUTS, *AROUND, *CUSTOMERS, *PAPERS)


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.what)
async def test_a_refusal_names_field_and_rule_and_changes_nothing(
    scene_of: SceneOf, refusal: Refusal
) -> None:
    shop = Shop(scene_of(OPERATE, f"refusal-{REFUSALS.index(refusal)}"))
    await shop.open()
    asked = await refusal.arrange(shop)
    before = await shop.everything()

    reply = await shop.ask(asked)

    assert reply.status == refusal.status, reply.body
    assert refusal.says in messages_at(reply.json, refusal.field), reply.body
    assert await shop.everything() == before


@pytest.mark.asyncio(loop_scope="session")
async def test_what_is_compared_shows_what_calls_do(scene_of: SceneOf) -> None:
    shop = Shop(scene_of(OPERATE, "what-is-compared"))
    await shop.open()
    payment = await shop.merchant.paid(
        customer_id=CUSTOMER,
        customer_email="noura@example.com",
        notifications={"email": ["paid", "refunded"]},
    )
    card = await shop.charging.saved(MASTERCARD)

    async def changed_by(*done: Awaitable[Reply]) -> set[str]:
        before = await shop.everything()
        for each in done:
            assert (await each).status < 300
        after = await shop.everything()
        return {name for name in after if after[name] != before[name]}

    told = {payment["session_id"], "/transactions", "/messages", "/webhooks"}
    in_wallet = shop.merchant.operate(payment, "refund", destination="wallet")
    assert told <= await changed_by(shop.merchant.refund(payment, "1.000"))
    assert {*told, f"{ENTRIES} {CUSTOMER}"} <= await changed_by(in_wallet)
    assert await changed_by(shop.charging.forget(card["token"])) == {f"{CARDS} {CUSTOMER}"}
    resent = await changed_by(shop.merchant.resend(payment, "email"))
    assert resent == {payment["session_id"], "/messages"}
    assert await changed_by() == set()
