"""Files that go with a payment: uploaded, found again, and told of to the payer."""

from typing import Any, Final
from urllib.parse import quote

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.http.merchant import CHECKOUT, Merchant, Reply

UPLOAD: Final = "/b/checkout/v1/upload-attachment/"
MEBIBYTE: Final = 1024 * 1024
LARGEST: Final = 5 * MEBIBYTE // 2
_BOUNDARY: Final = b"--------a8f5f167f44f4964"


def multipart(
    fields: dict[str, str], filename: str | None, content: bytes, field: str = "file"
) -> bytes:
    """Write a form; without a file name the content is an ordinary field."""
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()
        for name, value in fields.items()
    ]
    kind = "" if filename is None else f'; filename="{filename}"'
    head = f'Content-Disposition: form-data; name="{field}"{kind}\r\n\r\n'.encode()
    parts.append(head + content)
    lines = [b"--" + _BOUNDARY + b"\r\n" + part + b"\r\n" for part in parts]
    return b"".join(lines) + b"--" + _BOUNDARY + b"--\r\n"


def form_headers() -> dict[str, str]:
    return {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY.decode()}"}


async def upload(
    merchant: Merchant,
    filename: str | None = "terms.pdf",
    content: bytes = b"%PDF-1.7",
    fields: dict[str, str] | None = None,
) -> Reply:
    data = multipart(fields or {}, filename, content)
    return await merchant.call("POST", UPLOAD, data=data, headers=form_headers())


def shortened(payment: dict[str, Any]) -> dict[str, str]:
    return {"session_id": payment["session_id"], "shortify_attachment_url": "true"}


async def fetched(session: aiohttp.ClientSession, url: str) -> Reply:
    async with session.get(url) as response:
        return Reply(response.status, dict(response.headers), await response.read())


async def shown(merchant: Merchant, payment: dict[str, Any]) -> dict[str, Any]:
    reply = await merchant.call("GET", f"{CHECKOUT}{payment['session_id']}/")
    answer: dict[str, Any] = reply.json
    return answer


@pytest.mark.parametrize("mode", ["strict", "compatible", "off"])
async def test_an_uploaded_file_is_found_at_the_answered_address(
    merchant: Merchant, session: aiohttp.ClientSession, mode: str
) -> None:
    await merchant.control("PATCH", "/settings", {"validation": mode})

    reply = await upload(merchant, content=bytes(range(256)))

    assert reply.status == 200, reply.body
    assert reply.json["original_filename"] == "terms.pdf"
    assert set(reply.json) == {"file_url", "original_filename"}
    file = await fetched(session, merchant.url + reply.json["file_url"])
    assert (file.status, file.body) == (200, bytes(range(256)))
    assert file.headers["Content-Type"] == "application/pdf"
    assert file.headers["Content-Disposition"].startswith("attachment;")
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert await merchant.findings() == []


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(content=st.binary(min_size=1) | st.text("\r\n-", min_size=1).map(str.encode))
async def test_any_bytes_come_back_as_they_were(
    merchant: Merchant, session: aiohttp.ClientSession, content: bytes
) -> None:
    reply = await upload(merchant, content=content)

    file = await fetched(session, merchant.url + reply.json["file_url"])
    assert file.body == content


@pytest.mark.parametrize(
    ("filename", "content_type"),
    [
        ("a.pdf", "application/pdf"),
        ("a.jpeg", "image/jpeg"),
        ("A.JPG", "image/jpeg"),
        ("a.png", "image/png"),
        ("a.doc", "application/msword"),
        ("a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xls", "application/vnd.ms-excel"),
        ("a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.txt", "text/plain; charset=utf-8"),
        ("شروط الدفع.pdf", "application/pdf"),
        ("../../etc/pass wd?.txt", "text/plain; charset=utf-8"),
        ("%2e%2e.txt", "text/plain; charset=utf-8"),
        ("C:\\\\orders\\\\a.pdf", "application/pdf"),
        ("???.pdf", "application/pdf"),
    ],
)
async def test_each_kind_of_file_that_is_taken(
    merchant: Merchant, session: aiohttp.ClientSession, filename: str, content_type: str
) -> None:
    reply = await upload(merchant, filename)

    assert reply.status == 200, reply.body
    file = await fetched(session, merchant.url + reply.json["file_url"])
    assert (file.status, file.headers["Content-Type"]) == (200, content_type)
    assert quote(reply.json["original_filename"], safe="") in file.headers["Content-Disposition"]


@pytest.mark.parametrize("filename", ["a.zip", "a.html", "a.svg", "a.pdf.exe", "pdf", ".pdf", "."])
async def test_no_other_kind_of_file_is_taken(merchant: Merchant, filename: str) -> None:
    reply = await upload(merchant, filename)

    assert reply.status == 400
    assert set(reply.json) == {"file"}
    assert "are not taken" in reply.json["file"]


async def test_two_files_of_one_name_have_two_addresses(
    merchant: Merchant, session: aiohttp.ClientSession
) -> None:
    urls = [(await upload(merchant, content=each)).json["file_url"] for each in (b"1", b"2", b"3")]

    assert len(set(urls)) == 3
    assert [(await fetched(session, merchant.url + each)).body for each in urls] == [
        *(b"1", b"2", b"3")
    ]


async def test_a_file_is_no_other_workspaces(
    merchant: Merchant, session: aiohttp.ClientSession
) -> None:
    mine = await upload(merchant, content=b"mine")
    theirs = await upload(merchant.in_workspace("other"), content=b"theirs")

    assert mine.json["file_url"] != theirs.json["file_url"]
    assert (await fetched(session, merchant.url + mine.json["file_url"])).body == b"mine"
    await merchant.control("POST", "/reset")
    assert (await fetched(session, merchant.url + mine.json["file_url"])).status == 404
    assert (await fetched(session, merchant.url + theirs.json["file_url"])).body == b"theirs"


@pytest.mark.parametrize("by", ["session_id", "order_no"])
async def test_a_named_payment_gets_the_file(merchant: Merchant, by: str) -> None:
    payment = await merchant.checkout(order_no="BAZAAR-1042")
    assert "attachment" not in payment

    reply = await upload(merchant, fields={by: payment[by]})

    answer = await shown(merchant, payment)
    assert answer["attachment"] == merchant.url + reply.json["file_url"]
    assert "attachment_short_url" not in answer


async def test_a_short_link_leads_to_the_file(
    merchant: Merchant, session: aiohttp.ClientSession
) -> None:
    payment = await merchant.checkout()

    reply = await upload(merchant, content=b"short", fields=shortened(payment))

    short = reply.json["attachment_short_url"]
    assert len(short) < len(merchant.url + reply.json["file_url"])
    assert (await fetched(session, short)).body == b"short"
    assert (await fetched(session, short + "0")).status == 404
    assert (await shown(merchant, payment))["attachment_short_url"] == short


async def test_updates_of_other_fields_leave_the_file(merchant: Merchant) -> None:
    payment = await merchant.checkout()
    reply = await upload(merchant, fields={"session_id": payment["session_id"]})
    path = f"{CHECKOUT}{payment['session_id']}/"

    patched = await merchant.call("PATCH", path, {"customer_email": "noura@example.com"})
    replaced = await merchant.call("PUT", path, merchant.checkout_body("12.000"))

    url = merchant.url + reply.json["file_url"]
    assert patched.json["attachment"] == replaced.json["attachment"] == url


async def test_checkout_takes_the_address_of_an_uploaded_file(merchant: Merchant) -> None:
    file_url = (await upload(merchant)).json["file_url"]

    payment = await merchant.checkout(attachment_upload_url=file_url, shortify_attachment_url=True)

    assert payment["attachment"] == merchant.url + file_url
    assert payment["attachment_short_url"].startswith(f"{merchant.url}/s/")


@pytest.mark.parametrize(
    ("address", "shown_address"),
    [
        ("https://files.example.com/my-terms.pdf", "https://files.example.com/my-terms.pdf"),
        ("/media/my terms.pdf", "{here}/media/my%20terms.pdf"),
        ('"><script>.pdf', "{here}/%22%3E%3Cscript%3E.pdf"),
    ],
)
async def test_a_file_from_elsewhere_stays_where_it_is(
    merchant: Merchant, address: str, shown_address: str
) -> None:
    payment = await merchant.checkout(
        attachment_upload_url=address,
        customer_email="noura@example.com",
        notifications={"email": ["created"]},
    )

    assert payment["attachment"] == shown_address.format(here=merchant.url)
    (email,) = await merchant.messages()
    assert "<script>" not in email["html"]


async def test_messages_bring_the_file(merchant: Merchant) -> None:
    payment = await merchant.checkout(
        customer_email="noura@example.com",
        customer_phone="+96550000001",
        notifications={"email": ["created"], "sms": ["created"]},
    )
    reply = await upload(merchant, fields=shortened(payment))

    await merchant.resend(payment, "email", "sms")

    first, _, email, sms = await merchant.messages()
    assert first["attachments"] == []
    assert email["attachments"] == ["terms.pdf"]
    assert merchant.url + reply.json["file_url"] in email["html"]
    assert reply.json["attachment_short_url"] in sms["links"]
    assert sms["attachments"] == []


async def test_the_timeline_tells_of_the_file(merchant: Merchant) -> None:
    payment = await merchant.checkout()
    await upload(merchant, fields={"session_id": payment["session_id"]})

    timeline = (await merchant.transaction(payment))["timeline"]
    assert timeline[-1]["text"] == "The merchant attached the file terms.pdf."


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"session_id": "0" * 40}, {"session_id"}),
        ({"order_no": "BAZAAR-9"}, {"order_no"}),
        ({"session_id": "1", "order_no": "1"}, {"session_id", "order_no"}),
        ({"shortify_attachment_url": "true"}, {"attachment_short_url"}),
        ({"order_no": "9" * 129}, {"order_no"}),
    ],
)
async def test_the_payment_must_be_named_once_and_be_there(
    merchant: Merchant, fields: dict[str, str], wrong: set[str]
) -> None:
    reply = await upload(merchant, fields=fields)

    assert reply.status == 400
    assert set(reply.json) == wrong


@pytest.mark.parametrize("mode", ["strict", "compatible", "off"])
async def test_a_form_without_a_file_is_refused(merchant: Merchant, mode: str) -> None:
    await merchant.control("PATCH", "/settings", {"validation": mode})

    nothing = await merchant.call("POST", UPLOAD, data=b"", headers=form_headers())
    text = await upload(merchant, None)
    empty = await upload(merchant, content=b"")
    as_json = await merchant.call("POST", UPLOAD, {"file": "terms.pdf"})
    misnamed = await merchant.call(
        "POST", UPLOAD, data=multipart({}, "a.pdf", b"%PDF", "document"), headers=form_headers()
    )

    for reply in (nothing, text, empty, as_json, misnamed):
        assert reply.status == 400
        assert "file" in reply.json


async def test_a_file_has_two_and_a_half_megabytes_at_most(merchant: Merchant) -> None:
    assert (await upload(merchant, content=bytes(LARGEST))).status == 200

    reply = await upload(merchant, content=bytes(LARGEST + 1))

    assert reply.status == 413
    assert "2.5 MB" in reply.json["detail"]


async def test_a_workspace_keeps_so_many_bytes_and_counts_what_it_refuses(
    merchant: Merchant,
) -> None:
    replies = [await upload(merchant, content=bytes(LARGEST)) for _ in range(27)]

    assert [each.status for each in replies] == [*[200] * 25, 413, 413]
    assert "Reset the workspace" in replies[-1].json["detail"]
    assert (await upload(merchant, content=bytes(MEBIBYTE))).status == 200
    assert (await upload(merchant.in_workspace("other"))).status == 200
    health = await merchant.control("GET", "/health")
    assert health.json["dropped"]["attachments"] == 2


async def test_a_file_sent_to_another_call_leaves_a_finding(merchant: Merchant) -> None:
    fields = {
        "type": "payment_request",
        "pg_codes": "knet",
        "amount": "10.000",
        "currency_code": "KWD",
    }
    data = multipart(fields, "a.pdf", b"%PDF", "attachment")

    reply = await merchant.call("POST", CHECKOUT, data=data, headers=form_headers())

    assert reply.status == 201, reply.body
    assert await merchant.findings() == ["ignored_file"]


async def test_an_upload_needs_credentials(merchant: Merchant) -> None:
    reply = await upload(merchant.as_user("Nothing"))

    assert reply.status == 401
