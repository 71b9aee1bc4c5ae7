"""Bodies sent as forms: what the platform reads of them, and what it never chokes on."""

import asyncio

import pytest

from tests.http.merchant import CHECKOUT, Merchant, Reply

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
MULTIPART = {"Content-Type": "multipart/form-data; boundary=x"}
FIELDS = "type=payment_request&amount=1&currency_code=KWD"


async def form(merchant: Merchant, text: str) -> Reply:
    return await merchant.call("POST", CHECKOUT, data=text.encode(), headers=FORM)


def part(name: str, value: str, more: str = "") -> bytes:
    head = f'--x\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return f"{head}{value}\r\n".encode()


async def test_items_count_by_their_index(merchant: Merchant) -> None:
    reply = await form(merchant, f"{FIELDS}&pg_codes[1]=mpgs&pg_codes[0]=knet")

    assert reply.json["pg_codes"] == ["knet", "mpgs"]


async def test_a_list_inside_an_object_may_have_indexes(merchant: Merchant) -> None:
    reply = await form(
        merchant,
        f"{FIELDS}&pg_codes=knet&customer_email=a@b.co"
        "&notifications.email[1]=failed&notifications.email[0]=paid",
    )

    assert reply.status == 201, reply.body
    assert reply.json["notifications"] == {"email": ["paid", "failed"]}


@pytest.mark.parametrize(
    ("lost", "named"),
    [
        ("pg_codes[]=knet", "`pg_codes`"),
        ("extra[k]=1", "`extra.k`"),
        ("notifications[sms][]=paid", "`notifications.sms`"),
        ("notifications[sms][0]=paid", "`notifications.sms[0]`"),
        ("attachments[0][url]=x", "Send JSON."),
    ],
)
async def test_a_dropped_field_is_told_even_where_the_call_is_refused(
    merchant: Merchant, lost: str, named: str
) -> None:
    reply = await form(merchant, lost)

    findings = (await merchant.control("GET", "/findings")).json["items"]
    assert reply.status == 400
    assert [each["code"] for each in findings] == ["dropped_form_field"]
    assert named in findings[0]["hint"]


async def test_an_obsolete_scheme_is_told_even_where_the_call_is_refused(
    merchant: Merchant,
) -> None:
    await merchant.as_user("Token k").call("POST", CHECKOUT, {})

    assert await merchant.findings() == ["token_scheme"]


@pytest.mark.parametrize("depth", [64, 300, 20_000])
async def test_names_nested_too_deep_are_a_400(merchant: Merchant, depth: int) -> None:
    reply = await form(merchant, f"{FIELDS}&pg_codes=knet&extra{'.a' * depth}=1")

    assert reply.status == 400
    assert "deep" in reply.json["detail"]


@pytest.mark.parametrize("text", ["extra=1&extra.b=2", "extra.b=2&extra=1", "extra.b=2&extra[0]=1"])
async def test_a_field_that_is_two_things_is_a_400(merchant: Merchant, text: str) -> None:
    reply = await form(merchant, text)

    assert reply.status == 400
    assert "`extra`" in reply.json["detail"]


NESTED = b"".join(
    f'--x{n}\r\nContent-Disposition: form-data; name="a"\r\n'
    f"Content-Type: multipart/mixed; boundary=x{n + 1}\r\n\r\n".encode()
    for n in range(1500)
).replace(b"--x0\r\n", b"--x\r\n")


@pytest.mark.parametrize(
    "body",
    [
        NESTED,
        part("a", "b") * 80_000 + b"--x--\r\n",
        part("type", "\n" * 4_900_000) + b"--x--\r\n",
        part("type", "\r\n--" * 1_200_000) + b"--x--\r\n",
        b'--x\r\nContent-Disposition: form-data; name="' + b"\\" * 4_900_000,
        b"--x\r\n\r\nwithout a name\r\n--x--\r\n",
        b"no boundary at all",
        part("type", "x", "\r\nContent-Transfer-Encoding: base64") + b"--x--\r\n",
        b'--x\r\nContent-Disposition: form-data; name="type"\r\n\r\n\xff\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="\xff"\r\n\r\nv\r\n--x--\r\n',
    ],
    ids=[
        *("nested", "many parts", "line feeds", "nearly boundaries", "endless head"),
        *("no name", "no part", "no base64", "no UTF-8", "no text for a name"),
    ],
)
async def test_a_hostile_multipart_body_is_a_400(merchant: Merchant, body: bytes) -> None:
    # A limit for a body that would hold the loop up for good, not a measurement.
    async with asyncio.timeout(20):
        reply = await merchant.call("POST", CHECKOUT, data=body, headers=MULTIPART)

    assert reply.status == 400


@pytest.mark.parametrize("end", [b"--x--\r\n", b"--x--", b""])
@pytest.mark.parametrize("before", [b"", b"a preamble\r\n"])
async def test_a_multipart_body_is_read_like_any_form(
    merchant: Merchant, before: bytes, end: bytes
) -> None:
    body = b"".join(
        (
            before,
            part("type", "payment_request"),
            part("pg_codes[0]", "knet"),
            part("customer_email", "a@b.co"),
            part("amount", "1"),
            part("currency_code", "KWD"),
            part("order_no", 'A "b"\r\n--x1'),
            part("notifications.email", "paid"),
            end,
        )
    )

    reply = await merchant.call("POST", CHECKOUT, data=body, headers=MULTIPART)

    assert reply.status == 201, reply.body
    assert reply.json["order_no"] == 'A "b"\r\n--x1'
    assert reply.json["notifications"] == {"email": ["paid"]}
