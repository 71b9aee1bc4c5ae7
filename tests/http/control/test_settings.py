"""Settings, health, magic tables and reset."""

import asyncio

import pytest

from sandbox.channels.magic import magic_contacts
from sandbox.engine import magic
from tests.http.control.caller import Control
from tests.http.merchant import Merchant
from tests.http.receiver import Receiver

NAMES = {
    *("webhook_url", "operations_webhook_url", "plugin_webhook_url", "webhook_key"),
    *("webhook_version", "webhook_format", "webhook_mode", "webhook_statuses"),
    *("webhook_timeout", "webhook_retries", "webhook_backoff", "webhook_grace"),
    *("webhook_user_agent", "subscription_signature", "ignore_ssl", "notify_on_error"),
    *("emails", "multi_attempt", "expire_after", "validation", "limits", "gateways"),
    *("failure_channels", "channels", "wallet", "public_key_calls", "ignore_findings"),
}
CHANGES: dict[str, object] = {
    "webhook_url": "http://127.0.0.1:9/hook",
    "operations_webhook_url": "https://shop.example.com/operations",
    "plugin_webhook_url": None,
    "webhook_key": "another-key",
    "webhook_version": "2022",
    "webhook_statuses": ["failed", "paid"],
    "webhook_timeout": "7s500ms",
    "webhook_retries": 2,
    "webhook_backoff": "1m",
    "webhook_grace": "50ms",
    "webhook_user_agent": "shop-test",
    "ignore_ssl": False,
    "notify_on_error": True,
    "emails": ["ops@example.com"],
    "multi_attempt": False,
    "expire_after": "1h30m",
    "validation": "strict",
    "limits": "enforce",
    "gateways": "listed",
    "failure_channels": "list",
    "channels": {
        "sms": {"configured": False, "templates": {}},
        "email": {"configured": True, "templates": {"paid": "missing"}},
        "whatsapp": {"configured": True, "templates": {}},
    },
    "wallet": False,
    "public_key_calls": ["/b/pbl/v2/payment/apple-pay/", "get_payment_methods"],
    "ignore_findings": ["undeclared_field"],
}


async def test_settings_have_the_platform_s_defaults(control: Control) -> None:
    settings = await control.done("GET", "/settings")

    assert set(settings) == NAMES
    assert settings["webhook_key"] == "sandbox-webhook-key"
    assert (settings["webhook_timeout"], settings["webhook_retries"]) == ("15s", 3)
    assert settings["expire_after"] == "24h"
    assert settings["webhook_statuses"] is None
    assert (settings["webhook_format"], settings["webhook_mode"]) == ("json", "push")
    assert settings["subscription_signature"] is False
    assert settings["channels"]["sms"] == {"configured": True, "templates": {}}


async def test_changes_merge_and_everything_shown_can_be_sent_back(control: Control) -> None:
    changed = await control.done("PATCH", "/settings", CHANGES)
    again = await control.done("PATCH", "/settings", changed)
    one_more = await control.done(
        "PATCH", "/settings", {"wallet": True, "channels": {"sms": {"configured": True}}}
    )

    assert {name: changed[name] for name in CHANGES} == CHANGES
    assert again == changed == {**changed, **CHANGES}
    assert one_more == {
        **changed,
        "wallet": True,
        "channels": {**changed["channels"], "sms": {"configured": True, "templates": {}}},
    }
    assert await control.done("GET", "/settings") == one_more


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"webhook_uri": "http://a"}, "/webhook_uri"),
        ({"webhook_url": "ftp://a"}, "/webhook_url"),
        ({"webhook_url": "http://169.254.169.254/x"}, "/webhook_url"),
        ({"operations_webhook_url": "http://0xA9FEA9FE/"}, "/operations_webhook_url"),
        ({"plugin_webhook_url": "http://metadata.google.internal/"}, "/plugin_webhook_url"),
        ({"webhook_url": "http://a\u2100b/"}, "/webhook_url"),
        ({"webhook_url": "http://a:99999/"}, "/webhook_url"),
        ({"webhook_key": ""}, "/webhook_key"),
        ({"webhook_version": "2023"}, "/webhook_version"),
        ({"webhook_statuses": ["payed"]}, "/webhook_statuses"),
        ({"webhook_timeout": 15}, "/webhook_timeout"),
        ({"expire_after": "999999999d"}, "/expire_after"),
        ({"expire_after": "999999999d" * 9}, "/expire_after"),
        ({"webhook_retries": 0}, "/webhook_retries"),
        ({"emails": "ops@example.com"}, "/emails"),
        ({"channels": {"fax": {}}}, "/channels"),
        ({"channels": {"sms": {"configured": 1}}}, "/channels/sms/configured"),
        ({"wallet": False, "limits": "none"}, "/limits"),
        ({"a/b~c": 1}, "/a~1b~0c"),
    ],
)
async def test_a_wrong_change_changes_nothing(
    control: Control, changes: dict[str, object], pointer: str
) -> None:
    before = await control.done("GET", "/settings")

    problem = await control.refused(400, "PATCH", "/settings", changes)

    assert problem["pointer"] == pointer
    assert await control.done("GET", "/settings") == before


@pytest.mark.parametrize(
    "changes",
    [{"webhook_format": "xml"}, {"webhook_mode": "pull"}, {"subscription_signature": True}],
)
async def test_settings_of_later_versions_are_refused_by_name(
    control: Control, changes: dict[str, object]
) -> None:
    (name,) = changes

    problem = await control.refused(501, "PATCH", "/settings", changes)

    assert problem["pointer"] == f"/{name}"


async def test_changes_act_from_then_on(control: Control, receiver: Receiver) -> None:
    payment = await control.payment()
    await control.done("PATCH", "/settings", {"webhook_url": receiver.url})

    await control.pay(payment)

    assert len(receiver.payloads) == 1


async def test_settings_survive_where_workspaces_are_many(control: Control) -> None:
    kept = {"X-Sandbox-Workspace": "kept"}
    await control.call("PATCH", "/settings", {"wallet": False}, headers=kept)
    for number in range(1001):
        reply = await control.call("GET", "/clock", headers={"X-Sandbox-Workspace": f"w{number}"})
        assert reply.status == 200

    reply = await control.call("GET", "/settings", headers=kept)

    assert reply.json["wallet"] is False


async def test_health_counts_what_there_is(
    control: Control, merchant: Merchant, receiver: Receiver
) -> None:
    payment = await merchant.checkout(
        nonsense=1, customer_email="noura@example.com", notifications={"email": ["created"]}
    )
    await merchant.pay(payment)

    health = await control.done("GET", "/health")

    assert health["up"] is True
    assert (health["version"], health["seed"]) == ("0.1.0", 1)
    assert health["document"]["title"]
    assert health["counts"] == {
        "workspaces": 1,
        "transactions": 1,
        "messages": 1,
        "deliveries": 1,
        "findings": 1,
        "requests": 1,
        "in_flight": 0,
    }
    kinds = {"messages", "deliveries", "requests", "attachments", "reports"}
    assert set(health["dropped"]) == kinds
    assert set(health["dropped"].values()) == {0}
    assert len(receiver.payloads) == 1


async def test_the_magic_tables_have_every_magic_value(control: Control) -> None:
    tables = await control.done("GET", "/magic")

    words = [each["contains"] for each in tables["order_numbers"]]
    assert tables["enabled"] is True
    assert sorted(words) == sorted({**magic.PAYMENTS, **magic.REFUNDS, **magic.WEBHOOKS})
    assert all(each["effect"].endswith(".") for each in tables["order_numbers"])
    assert len(tables["contacts"]) == len(magic_contacts())
    assert {"address", "channel", "code", "effect"} <= set(tables["contacts"][0])


async def test_reset_makes_a_workspace_as_new(control: Control, merchant: Merchant) -> None:
    first = await merchant.checkout(nonsense=1, order_no="A-1")
    await control.done("PATCH", "/settings", {"wallet": False})
    await control.done("POST", "/clock/advance", {"by": "1h"})
    await control.done("POST", "/scenarios/gateway-error/pin")
    other = await merchant.in_workspace("w2").checkout()

    answer = await control.done("POST", "/reset")

    assert answer == {"workspaces": ["default"]}
    for path in ("/transactions", "/requests", "/findings", "/messages", "/webhooks"):
        assert await control.items(path) == []
    assert (await control.done("GET", "/settings"))["wallet"] is True
    assert (await control.done("GET", "/clock"))["now"] == "2026-01-01T00:00:00Z"
    assert (await merchant.checkout(order_no="A-1"))["session_id"] == first["session_id"]
    await merchant.in_workspace("w2").transaction(other)


async def test_reset_of_everything(control: Control, merchant: Merchant) -> None:
    await merchant.in_workspace("w2").checkout()

    answer = await control.done("POST", "/reset?all=1")

    assert answer == {"workspaces": ["default", "w2"]}
    assert (await control.done("GET", "/health"))["counts"]["transactions"] == 0
    await control.refused(400, "POST", "/reset?all=maybe")
    await control.refused(400, "POST", "/reset", {"all": True})


async def test_reset_drops_what_is_in_flight(control: Control, receiver: Receiver) -> None:
    receiver.hangs()
    payment = await control.payment(webhook_url=receiver.url)
    paying = asyncio.create_task(
        control.call("POST", f"/transactions/{payment['session_id']}/pay", {})
    )
    while not receiver.bodies:
        await control.done("GET", "/clock")

    await control.done("POST", "/reset")

    assert (await paying).status == 200
    assert await control.items("/webhooks") == []
