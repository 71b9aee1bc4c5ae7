"""What the journal shows of secrets: that they were there, and not what they were."""

import pytest

from tests.http.merchant import CHECKOUT, Merchant

CARD = "4508750015741019"
HIDDEN = "450875******1019"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
PART = 'Content-Disposition: form-data; name="{}"\r\n\r\n{}\r\n--x--\r\n'


@pytest.mark.parametrize(
    ("content_type", "body", "shown"),
    [
        (FORM, "cvv=737&a=1", "cvv=***&a=1"),
        (FORM, "a=1&password=top%20secret", "a=1&password=***"),
        (FORM, "webhook_key=k1&client_secret=k2&b=2", "webhook_key=***&client_secret=***&b=2"),
        (FORM, "payment_instrument.payload.cvv=737", "payment_instrument.payload.cvv=***"),
        (FORM, "card=4508+7500+1574+1019", f"card={HIDDEN}"),
        (FORM, "card=4508%207500%201574%201019", f"card={HIDDEN}"),
        (FORM, "card=%204508-7500-1574-1019", f"card=%20{HIDDEN}"),
        (JSON, '{"password": "a\\"b", "a": "c"}', '{"password": "***", "a": "c"}'),
        (JSON, '{"cvv": "7\\\\", "cvc": 737}', '{"cvv": "***", "cvc": "***"}'),
        (JSON, f'{{"card": "{CARD}"}}', f'{{"card": "{HIDDEN}"}}'),
        (
            "multipart/form-data; boundary=x",
            "--x\r\n" + PART.format("cvv", "737"),
            "--x\r\n" + PART.format("cvv", "***"),
        ),
    ],
)
async def test_secrets_in_bodies_are_hidden(
    merchant: Merchant, content_type: str, body: str, shown: str
) -> None:
    await merchant.call(
        "POST", CHECKOUT, data=body.encode(), headers={"Content-Type": content_type}
    )

    (request,) = (await merchant.control("GET", "/requests")).json["items"]
    assert request["request"]["body"] == shown


async def test_secrets_in_addresses_are_hidden(merchant: Merchant) -> None:
    await merchant.call("POST", f"{CHECKOUT}?card={CARD}&cvv=737&a=1", {})
    await merchant.call("DELETE", f"/b/pbl/v2/card/{CARD}/")

    requests = (await merchant.control("GET", "/requests")).json["items"]
    assert [each["path"] for each in requests] == [
        f"{CHECKOUT}?card={HIDDEN}&cvv=***&a=1",
        f"/b/pbl/v2/card/{HIDDEN}/",
    ]


async def test_a_number_that_is_no_card_is_shown(merchant: Merchant) -> None:
    await merchant.call("POST", f"{CHECKOUT}?phone=4508750015741010", {})

    (request,) = (await merchant.control("GET", "/requests")).json["items"]
    assert request["path"].endswith("4508750015741010")
