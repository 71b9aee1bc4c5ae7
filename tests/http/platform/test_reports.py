"""Reports: made at midnight, listed in pages, downloaded by a token that lives a day."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
import pytest

from sandbox.server import Running, running
from tests.http.contract_watch import ContractWatch
from tests.http.merchant import Merchant, Reply
from tests.http.platform.callers import CALLERS, PRIVATE, basic, settings_with

FILES: Final = "/b/api/v1/reports/files/"
UNKNOWN: Final = "0ee0e901-809c-67e1-5f31-000000000000"


async def listed(merchant: Merchant, query: str = "") -> dict[str, Any]:
    reply = await merchant.call("GET", FILES + query)
    assert reply.status == 200, reply.body
    answer: dict[str, Any] = reply.json
    return answer


async def one_report(merchant: Merchant) -> dict[str, Any]:
    (report,) = (await listed(merchant))["results"]
    found: dict[str, Any] = report
    return found


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


async def download(merchant: Merchant, report: Mapping[str, Any]) -> Reply:
    assert report["download_action"]["method"] == "GET"
    return await merchant.call("GET", path_of(report["download_action"]["url"]))


async def rows_of(merchant: Merchant, report: Mapping[str, Any]) -> list[dict[str, str]]:
    reply = await download(merchant, report)
    assert reply.status == 200, reply.body
    return list(csv.DictReader(io.StringIO(reply.body.decode(), newline=""), strict=True))


async def days_with_payments(merchant: Merchant, count: int) -> None:
    for _ in range(count):
        await merchant.checkout()
        await merchant.clock.advance("24h")


async def test_a_day_with_payments_has_a_report_at_midnight(merchant: Merchant) -> None:
    await merchant.checkout()
    await merchant.checkout()
    await merchant.clock.advance("23h59m59s")
    before = await listed(merchant)

    await merchant.clock.advance("1s")

    assert before == {"count": 0, "next": None, "previous": None, "results": []}
    report = await one_report(merchant)
    assert report.pop("encrypted_id")
    assert report.pop("download_action")["url"].startswith(merchant.url + FILES)
    assert report == {
        "report_name": "Transactions of 2026-01-01",
        "interval": "daily",
        "source": "auto",
        "file_format": "csv",
        "records_amount": 2,
        "status": "finished",
        "generated_at": "2026-01-02T00:00:00Z",
        "created_at": "2026-01-02T00:00:00Z",
    }


async def test_days_without_payments_have_none_and_the_agenda_ends(merchant: Merchant) -> None:
    await merchant.clock.advance("36h")
    await merchant.checkout()

    await merchant.clock.advance("240h")
    settled = await merchant.control("POST", "/settle")
    onward = await merchant.control("POST", "/clock/advance", {"next": True})

    assert settled.status == 200
    assert onward.json["now"] == "2026-01-12T12:00:00Z"
    assert (await one_report(merchant))["report_name"] == "Transactions of 2026-01-02"


async def test_the_file_has_a_row_for_each_payment_as_it_stood_at_midnight(
    merchant: Merchant,
) -> None:
    paid = await merchant.paid("10.000", order_no="A-1", customer_phone="+96550000000")
    await merchant.refund(paid, "4.000")
    await merchant.checkout("22.00", "SAR", customer_id="noura", customer_email="n@example.com")
    gone = await merchant.checkout()
    await merchant.operate(gone, "delete")
    await merchant.clock.advance("24h")

    first, second = await rows_of(merchant, await one_report(merchant))

    assert first["session_id"] == paid["session_id"]
    told = ("order_no", "state", "amount", "currency_code", "settled_amount", "refunded_amount")
    assert [first[name] for name in told] == ["A-1", "paid", "10.000", "KWD", "10.000", "4.000"]
    assert first["customer_phone"] == "+96550000000"
    assert first["created_at"] == first["settled_at"] == "2026-01-01T00:00:00Z"
    assert (first["pg_code"], first["attempts"]) == ("credit-card", "1")
    assert [second[name] for name in told] == ["", "created", "22.00", "SAR", "0.00", "0.00"]
    assert second["customer_email"] == "n@example.com"


async def test_a_report_of_deleted_payments_only_is_not_made(merchant: Merchant) -> None:
    payment = await merchant.paid()
    await merchant.operate(payment, "delete")

    await merchant.clock.advance("24h")

    assert (await listed(merchant))["count"] == 0


@pytest.mark.parametrize(
    ("order_no", "cell"),
    [
        ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'),
        ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2+3", "'-2+3"),
        ("\t=1", "'\t=1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("-5", "-5"),
        ('a, "b"\r\nc', 'a, "b"\r\nc'),
        ("طلب", "طلب"),
    ],
)
async def test_texts_stay_in_their_cell_and_none_is_a_formula(
    merchant: Merchant, order_no: str, cell: str
) -> None:
    await merchant.checkout(order_no=order_no)
    await merchant.clock.advance("24h")

    (row,) = await rows_of(merchant, await one_report(merchant))

    assert row["order_no"] == cell
    assert row["type"] == "payment_request"


async def test_the_file_comes_as_csv_to_be_saved(merchant: Merchant) -> None:
    await merchant.checkout()
    await merchant.clock.advance("24h")

    reply = await download(merchant, await one_report(merchant))

    assert reply.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "transactions-2026-01-01.csv" in reply.headers["Content-Disposition"]
    assert reply.body.endswith(b"\r\n")
    assert reply.body.count(b"\r\n") == 2


async def test_the_list_comes_in_pages_newest_first(merchant: Merchant) -> None:
    await days_with_payments(merchant, 12)

    first = await listed(merchant)
    second = await listed(merchant, path_of(first["next"]).removeprefix(FILES))
    back = await listed(merchant, path_of(second["previous"]).removeprefix(FILES))

    assert first["count"] == second["count"] == 12
    assert [len(first["results"]), len(second["results"])] == [10, 2]
    assert first["results"][0]["report_name"] == "Transactions of 2026-01-12"
    assert second["results"][-1]["report_name"] == "Transactions of 2026-01-01"
    assert first["next"].startswith(merchant.url)
    assert (first["previous"], second["next"]) == (None, None)
    assert back == first


async def test_a_page_keeps_its_filters_and_never_begins_before_the_first(
    merchant: Merchant,
) -> None:
    await days_with_payments(merchant, 5)

    page = await listed(merchant, "?limit=2&offset=1&source=auto&created_after=2026-01-03")

    assert page["count"] == 4
    assert page["next"] is not None
    assert "created_after=2026-01-03" in page["next"]
    assert "offset=3" in page["next"]
    assert "offset=0" in page["previous"]
    assert (await listed(merchant, "?offset=99"))["results"] == []


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ("created_after=2026-01-03", [3, 2]),
        ("created_before=2026-01-03", [2, 1]),
        ("created_after=2026-01-03&created_before=2026-01-03", [2]),
        ("created_after=2026-1-4", [3]),
        ("interval=daily", [3, 2, 1]),
        ("interval=weekly", []),
        ("source=auto", [3, 2, 1]),
        ("source=manual", []),
        ("limit=1", [3]),
    ],
)
async def test_the_list_is_filtered(merchant: Merchant, query: str, days: list[int]) -> None:
    await days_with_payments(merchant, 3)

    page = await listed(merchant, f"?{query}")

    names = [each["report_name"] for each in page["results"]]
    assert names == [f"Transactions of 2026-01-{day:02d}" for day in days]


@pytest.mark.parametrize("mode", ["strict", "compatible", "off"])
@pytest.mark.parametrize(
    "query",
    [
        *("created_after=yesterday", "created_before=2026-02-30", "limit=0", "limit=many"),
        *("offset=-1", "offset=", "limit=1.5"),
    ],
)
async def test_a_bad_value_of_the_query_is_a_field_error(
    merchant: Merchant, query: str, mode: str
) -> None:
    await merchant.control("PATCH", "/settings", {"validation": mode})

    reply = await merchant.call("GET", f"{FILES}?{query}")

    assert reply.status == 400
    assert list(reply.json) == [query.partition("=")[0]]


@pytest.mark.parametrize("query", ["interval=hourly", "source=me"])
async def test_an_unknown_choice_is_a_field_error(merchant: Merchant, query: str) -> None:
    reply = await merchant.call("GET", f"{FILES}?{query}")

    assert reply.status == 400
    assert list(reply.json) == [query.partition("=")[0]]


async def test_a_token_lives_24_hours_of_the_workspace(merchant: Merchant) -> None:
    await merchant.checkout()
    await merchant.clock.advance("24h")
    report = await one_report(merchant)

    await merchant.clock.advance("23h59m59s")
    in_time = await download(merchant, report)
    again = await one_report(merchant)
    await merchant.clock.advance("1s")
    late = await download(merchant, report)

    assert (in_time.status, late.status) == (200, 410)
    assert "expired" in late.json["detail"]
    assert (await download(merchant, again)).status == 200


@pytest.mark.parametrize(
    ("token", "status"),
    [(UNKNOWN, 404), (UNKNOWN.upper(), 404), ("nonsense", 400), (UNKNOWN[:-1], 400)],
)
async def test_a_token_that_is_none_is_refused(merchant: Merchant, token: str, status: int) -> None:
    await merchant.checkout()
    await merchant.clock.advance("24h")

    reply = await merchant.call("GET", f"{FILES}{token}/download/")

    assert reply.status == status
    assert list(reply.json) == ["detail"]


async def test_reports_of_another_workspace_are_out_of_reach(merchant: Merchant) -> None:
    other = merchant.in_workspace("w2")
    await merchant.checkout()
    await merchant.clock.advance("24h")
    report = await one_report(merchant)

    assert (await listed(other))["count"] == 0
    assert (await download(other, report)).status == 404


async def test_a_token_is_for_the_user_who_listed_it(
    tmp_path: Path, session: aiohttp.ClientSession, watch: ContractWatch
) -> None:
    async with running(settings_with(tmp_path, CALLERS)) as server:
        key = Merchant(session, server.url, watch, credentials={"Authorization": PRIVATE})
        noura = key.as_user(basic("noura"))
        await key.checkout()
        await key.clock.advance("24h")
        hers, keys = await one_report(noura), await one_report(key)

        assert (await download(noura, hers)).status == 200
        assert (await download(key, keys)).status == 200
        assert (await download(key, hers)).status == 403
        assert (await download(noura, keys)).status == 403


async def test_the_older_header_opens_reports_with_a_finding(
    session: aiohttp.ClientSession, server: Running, watch: ContractWatch, merchant: Merchant
) -> None:
    older = Merchant(session, server.url, watch, credentials={"Api-Key": "test"})

    assert (await listed(older))["count"] == 0

    assert await merchant.findings() == ["api_key_header"]


async def test_more_than_25_downloads_an_hour_leave_a_finding(merchant: Merchant) -> None:
    await merchant.checkout()
    await merchant.clock.advance("24h")
    report = await one_report(merchant)

    statuses = {(await download(merchant, report)).status for _ in range(25)}
    before = await merchant.findings()
    last = await download(merchant, report)

    assert (statuses, before, last.status) == ({200}, [], 200)
    assert await merchant.findings() == ["report_download_limit"]


async def test_an_enforced_limit_refuses_and_says_how_long_to_wait(merchant: Merchant) -> None:
    await merchant.control("PATCH", "/settings", {"limits": "enforce"})
    await merchant.checkout()
    await merchant.clock.advance("24h")
    report = await one_report(merchant)
    for _ in range(25):
        await merchant.clock.advance("1m")
        await download(merchant, report)

    refused = await download(merchant, report)
    unknown = await merchant.call("GET", f"{FILES}{UNKNOWN}/download/")
    await merchant.clock.advance("36m")
    later = await download(merchant, report)

    assert (refused.status, refused.headers["Retry-After"]) == (429, str(36 * 60))
    assert (unknown.status, later.status) == (404, 200)


async def test_a_reset_forgets_reports(merchant: Merchant) -> None:
    await merchant.checkout()
    await merchant.clock.advance("24h")
    report = await one_report(merchant)

    await merchant.control("POST", "/reset")

    assert (await listed(merchant))["count"] == 0
    assert (await download(merchant, report)).status == 404
