"""Messages sent from a template by its name, without any transaction."""

import base64
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.http.merchant import Merchant, Reply, StoppedClock

SEND: Final = "/b/pbl/v2/send-notification/"
BY_CHANNEL: Final = "/b/pbl/v2/notifications/send/{}/"
SENT: Final = {"message": "Notification sent.", "result": "success"}
SHIPPED: Final = {"order": "BAZAAR-1042", "carrier": "Camel Post"}
EMAIL: Final[dict[str, Any]] = {
    "channel": "email",
    "template_id": "order-shipped",
    "to": "noura@example.com",
    "context": SHIPPED,
}
SMS: Final[dict[str, Any]] = {
    "channel": "sms",
    "template_id": "order-shipped",
    "to": "+96550000001",
    "context": SHIPPED,
}
WHATSAPP: Final[dict[str, Any]] = {
    "channel": "whatsapp",
    "template_id": "order-shipped-wa",
    "to": "+96550000001",
    "unit_config": 3,
    "context": {"order": "BAZAAR-1042"},
}
ALL: Final = (EMAIL, SMS, WHATSAPP)


async def send(merchant: Merchant, body: dict[str, Any], /, **fields: object) -> Reply:
    changed = {name: value for name, value in {**body, **fields}.items() if value is not None}
    return await merchant.call("POST", SEND, changed)


@pytest.mark.parametrize("body", ALL, ids=lambda body: str(body["channel"]))
async def test_both_calls_send_the_same_message(merchant: Merchant, body: dict[str, Any]) -> None:
    channel = body["channel"]
    rest = {name: value for name, value in body.items() if name != "channel"}

    first = await send(merchant, body)
    second = await merchant.call("POST", BY_CHANNEL.format(channel), rest)

    assert [(each.status, each.json) for each in (first, second)] == [(200, SENT)] * 2
    one, other = await merchant.messages(channel=channel)
    assert one["id"] != other["id"]
    for message in (one, other):
        assert message["template"] == body["template_id"]
        assert message["to"] == body["to"]
        assert message["status"] == "delivered"
        assert "BAZAAR-1042" in message["text"]
        assert message["session_id"] is None
        assert message["order_no"] is None
        assert message["event"] is None


async def test_an_email_has_all_that_the_call_gives_it(merchant: Merchant) -> None:
    reply = await send(
        merchant,
        EMAIL,
        subject="Look here",
        cc=["desk@bazaar.example.com"],
        bcc=["archive@bazaar.example.com"],
        attachments=[
            {"filename": "slip.txt", "content": base64.b64encode(b"slip").decode()},
            {"url": "https://files.example.com/a/terms%20of%20use.pdf?v=1"},
            {"content": "c2xpcA=="},
        ],
        trace_id="bazaar-1042-shipped",
        tags=["shipping", "camels"],
    )

    assert reply.status == 200, reply.body
    (message,) = await merchant.messages(trace_id="bazaar-1042-shipped")
    assert message["subject"] == "Look here"
    assert message["cc"] == ["desk@bazaar.example.com"]
    assert message["bcc"] == ["archive@bazaar.example.com"]
    assert message["attachments"] == ["slip.txt", "terms of use.pdf", "attachment-3"]
    assert message["tags"] == ["shipping", "camels"]
    assert await merchant.messages(trace_id="another") == []
    assert await merchant.findings() == []


async def test_values_are_escaped_in_html_and_nowhere_else(merchant: Merchant) -> None:
    await send(merchant, EMAIL, context={"order": "<b>1 & 2</b>", "carrier": "Camel\r\nPost"})

    (message,) = await merchant.messages()
    assert "<b>1 & 2</b>" in message["text"]
    assert "<b>1 & 2</b>" in message["subject"]
    assert "&lt;b&gt;1 &amp; 2&lt;/b&gt;" in message["html"]
    assert "<b>" not in message["html"]
    assert "Camel\nPost" in message["text"]


async def test_a_subject_stays_on_one_line(merchant: Merchant) -> None:
    await send(merchant, EMAIL, subject="Hello\r\nBcc: thief@example.com")

    (message,) = await merchant.messages()
    assert message["subject"] == "Hello  Bcc: thief@example.com"


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
async def test_a_message_is_in_the_language_asked_for(
    merchant: Merchant, language: str, direction: str
) -> None:
    await send(merchant, EMAIL, language=language)

    (message,) = await merchant.messages()
    assert message["language"] == language
    assert f'dir="{direction}"' in message["html"]


@pytest.mark.parametrize(
    ("body", "change", "code", "told"),
    [
        (EMAIL, {"template_id": "no-such"}, "template_missing", "`no-such`"),
        (WHATSAPP, {"template_id": "no-such"}, "132001", "`no-such`"),
        (SMS, {"template_id": "order-shipped-wa"}, "template_missing", "not one for sms"),
        (WHATSAPP, {"language": "ar"}, "132001", "no text in `ar`"),
        (EMAIL, {"context": {"order": "1"}}, "template_not_filled", "`carrier`"),
        (SMS, {"context": None}, "template_not_filled", "`order`, `carrier`"),
        (WHATSAPP, {"context": {"ordre": "1"}}, "132000", "`order`"),
    ],
)
async def test_a_template_that_cannot_be_sent_is_a_failure(
    merchant: Merchant, body: dict[str, Any], change: dict[str, Any], code: str, told: str
) -> None:
    reply = await send(merchant, body, **change)

    assert reply.status == 400
    assert reply.json["result"] == "failed"
    assert told in reply.json["detail"]
    (message,) = await merchant.messages()
    assert (message["status"], message["code"]) == ("failed", code)
    assert message["text"] == ""


async def test_the_body_takes_the_place_of_a_template_that_cannot_be_filled(
    merchant: Merchant,
) -> None:
    lacking = {"context": {}, "body": "Your order is on its way.", "subject": "News"}

    replies = [await send(merchant, body, **lacking) for body in ALL]

    assert [each.status for each in replies] == [200, 200, 400]
    email, sms, whatsapp = await merchant.messages()
    assert (email["subject"], email["text"], email["html"]) == (
        "News",
        "Your order is on its way.",
        "",
    )
    assert sms["text"] == "Your order is on its way."
    assert whatsapp["code"] == "132000"


@pytest.mark.parametrize(
    ("setting", "body", "code"),
    [
        ({"sms": {"configured": False}}, SMS, "not_configured"),
        ({"whatsapp": {"configured": False}}, WHATSAPP, "not_configured"),
        ({"email": {"templates": {"order-shipped": "missing"}}}, EMAIL, "template_missing"),
        ({"whatsapp": {"templates": {"order-shipped-wa": "unlinked"}}}, WHATSAPP, "132001"),
        ({"whatsapp": {"templates": {"order-shipped-wa": "rejected"}}}, WHATSAPP, "132001"),
        ({"whatsapp": {"templates": {"order-shipped-wa": "paused"}}}, WHATSAPP, "132015"),
        ({"whatsapp": {"templates": {"order-shipped-wa": "disabled"}}}, WHATSAPP, "132016"),
    ],
)
async def test_what_is_not_set_up_fails(
    merchant: Merchant, setting: dict[str, Any], body: dict[str, Any], code: str
) -> None:
    await merchant.control("PATCH", "/settings", {"channels": setting})

    reply = await send(merchant, body)

    assert (reply.status, reply.json["result"]) == (400, "failed")
    (message,) = await merchant.messages()
    assert (message["status"], message["code"]) == ("failed", code)


async def test_magic_contacts_fail_as_often_as_they_say(merchant: Merchant) -> None:
    address = "mailboxfull.x2+noura@sandbox.example.com"

    replies = [await send(merchant, EMAIL, to=address) for _ in range(3)]

    assert [each.status for each in replies] == [400, 400, 200]
    assert "4.2.2" in replies[0].json["detail"]


async def test_a_failure_tells_the_providers_code(merchant: Merchant) -> None:
    reply = await send(merchant, SMS, to="+96500001000")

    assert reply.status == 400
    assert reply.json["detail"].startswith("21610: ")


async def test_a_failure_after_acceptance_is_only_seen_later(
    merchant: Merchant, clock: StoppedClock
) -> None:
    scenario = (
        "scenario: bounces\nchannels: {email: [{accept: true, then: {fail: 5.1.1, after: 30s}}]}"
    )
    await merchant.control(
        "PUT", "/scenarios/bounces", data=scenario.encode(), content_type="application/yaml"
    )
    headers = {"X-Sandbox-Scenario": "bounces"}

    reply = await merchant.call("POST", SEND, EMAIL, headers=headers)

    assert reply.status == 200
    (before,) = await merchant.messages()
    assert before["status"] == "accepted"
    await clock.advance("30s")
    (after,) = await merchant.messages()
    assert (after["status"], after["code"]) == ("failed", "5.1.1")


async def test_a_pinned_scenario_counts_its_steps_for_the_workspace(merchant: Merchant) -> None:
    outage = b"scenario: outage\nchannels: {sms: [{fail: '30003', times: 2}, {deliver: 0s}]}"
    await merchant.control("PUT", "/scenarios/outage", data=outage, content_type="application/yaml")
    await merchant.control("POST", "/scenarios/outage/pin")

    first = [(await send(merchant, SMS)).status for _ in range(3)]
    other_workspace = await send(merchant.in_workspace("other"), SMS)
    await merchant.control("POST", "/scenarios/outage/pin")
    again = [(await send(merchant, SMS)).status for _ in range(3)]

    assert first == again == [400, 400, 200]
    assert other_workspace.status == 200


async def test_an_unknown_scenario_is_refused_and_nothing_is_sent(merchant: Merchant) -> None:
    reply = await merchant.call("POST", SEND, SMS, headers={"X-Sandbox-Scenario": "no-such"})

    assert reply.status == 400
    assert await merchant.messages() == []


async def test_a_repeated_trace_id_sends_again(merchant: Merchant) -> None:
    for _ in range(2):
        assert (await send(merchant, SMS, trace_id="once")).status == 200

    one, other = await merchant.messages(trace_id="once")
    assert one["id"] != other["id"]


@pytest.mark.parametrize(
    ("body", "change", "fields"),
    [
        (EMAIL, {"template_id": None, "to": None}, {"template_id", "to"}),
        (EMAIL, {"to": "noura"}, {"to"}),
        (SMS, {"to": "50000001"}, {"to"}),
        (SMS, {"to": "noura@example.com"}, {"to"}),
        (WHATSAPP, {"unit_config": None, "to": "1"}, {"unit_config", "to"}),
        (EMAIL, {"channel": "pigeon"}, {"channel"}),
        (EMAIL, {"language": "fr"}, {"language"}),
        (EMAIL, {"trace_id": "x" * 61}, {"trace_id"}),
        (EMAIL, {"cc": ["nobody"]}, {"cc"}),
        (EMAIL, {"context": "order"}, {"context"}),
        (EMAIL, {"attachments": [{"url": "no address"}]}, {"attachments"}),
    ],
)
async def test_wrong_fields_are_named(
    merchant: Merchant, body: dict[str, Any], change: dict[str, Any], fields: set[str]
) -> None:
    reply = await send(merchant, body, **change)

    assert reply.status == 400
    assert set(reply.json) == fields
    assert await merchant.messages() == []


@pytest.mark.parametrize("unit_config", [3, "main-unit"])
async def test_a_unit_may_be_named_by_number_or_text(
    merchant: Merchant, unit_config: int | str
) -> None:
    assert (await send(merchant, WHATSAPP, unit_config=unit_config)).status == 200


async def test_an_unknown_channel_in_the_path_is_refused(merchant: Merchant) -> None:
    reply = await merchant.call("POST", BY_CHANNEL.format("pigeon"), SMS)

    assert reply.status in (400, 404)
    assert await merchant.messages() == []


async def test_a_channel_in_the_body_beside_that_in_the_path(merchant: Merchant) -> None:
    agreeing = await merchant.call("POST", BY_CHANNEL.format("sms"), SMS)
    assert (agreeing.status, await merchant.findings()) == (200, [])

    differing = await merchant.call("POST", BY_CHANNEL.format("sms"), {**SMS, "channel": "email"})

    assert differing.status == 200
    assert [each["channel"] for each in await merchant.messages()] == ["sms", "sms"]
    assert await merchant.findings() == ["channel_mismatch"]


@pytest.mark.parametrize(
    ("body", "change", "finding"),
    [
        (EMAIL, {"attachments": [{"content": "no_base_64"}]}, "attachment_not_base64"),
        (EMAIL, {"attachments": [{"filename": "a.pdf"}]}, "attachment_empty"),
        (SMS, {"subject": "News"}, "email_only_field"),
        (SMS, {"cc": ["desk@bazaar.example.com"]}, "email_only_field"),
    ],
)
async def test_what_passes_and_does_no_good_leaves_a_finding(
    merchant: Merchant, body: dict[str, Any], change: dict[str, Any], finding: str
) -> None:
    assert (await send(merchant, body, **change)).status == 200

    assert await merchant.findings() == [finding]


async def test_a_form_serves_as_well_as_json(merchant: Merchant) -> None:
    form = (
        b"template_id=order-shipped&to=noura%40example.com&context.order=7&context.carrier=Camel"
        b"&cc[0]=desk%40bazaar.example.com&tags=a&tags=b"
    )

    reply = await merchant.call(
        "POST",
        BY_CHANNEL.format("email"),
        data=form,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    assert reply.status == 200, reply.body
    (message,) = await merchant.messages()
    assert "order 7" in message["text"]
    assert message["cc"] == ["desk@bazaar.example.com"]
    assert message["tags"] == ["a", "b"]


@pytest.mark.parametrize("template", ["email", "sms", "whatsapp"])
@pytest.mark.parametrize("language", ["en", "ar"])
async def test_a_free_message_can_be_sent_by_each_channel(
    merchant: Merchant, template: str, language: str
) -> None:
    body = {
        "template_id": f"communication-notification-{template}",
        "to": "noura@example.com" if template == "email" else "+96550000001",
        "unit_config": "main-unit",
        "language": language,
        "context": {"communication_message": "We open at nine.", "extra_info": "See you!"},
    }

    reply = await merchant.call("POST", BY_CHANNEL.format(template), body)

    assert (reply.status, reply.json) == (200, SENT)
    (message,) = await merchant.messages()
    assert "We open at nine." in message["text"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_NAMES: Final = [
    *("channel", "template_id", "to", "language", "context", "subject", "body", "cc", "bcc"),
    *("attachments", "trace_id", "tags", "unit_config"),
]


@pytest.mark.parametrize("mode", ["strict", "compatible", "off"])
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(fields=st.dictionaries(st.sampled_from(_NAMES), JSON))
async def test_no_body_ends_in_anything_but_a_clear_answer(
    merchant: Merchant, mode: str, fields: dict[str, Any]
) -> None:
    await merchant.control("PATCH", "/settings", {"validation": mode})

    reply = await merchant.call("POST", SEND, {**EMAIL, **fields})

    assert reply.status in (200, 400)
