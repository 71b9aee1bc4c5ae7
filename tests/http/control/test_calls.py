"""What all calls have in common: problems, names of fields and parameters, workspaces, lists."""

import io
import json

import pytest

from sandbox.web.control.table import CALLS, LATER
from tests.http.control.caller import CHECKOUT, Control
from tests.http.merchant import Merchant

UNKNOWN = "0" * 40
PAYMENTS = "/b/checkout/v1/pymt-txn/"


async def test_an_unknown_call_is_a_problem(control: Control) -> None:
    problem = await control.refused(404, "GET", "/transaction")
    root = await control.refused(404, "GET", "")

    assert "/__admin/transactions" in problem["hint"]
    assert "hint" not in root


async def test_a_wrong_method_names_those_allowed(control: Control) -> None:
    reply = await control.call("PUT", "/settings", {})

    assert reply.status == 405
    assert reply.headers["Allow"] == "GET, PATCH"
    assert reply.json["title"]


@pytest.mark.parametrize("name", LATER)
async def test_calls_of_later_versions_say_so(control: Control, name: str) -> None:
    method, _, path = name.partition(" ")

    problem = await control.refused(
        501, method, path.removeprefix("/__admin").format(id="1") + "?wait=1s", {"any": 1}
    )

    assert name in problem["detail"]


@pytest.mark.parametrize(
    ("data", "title"),
    [(b"{", "Not JSON"), (b"\xff", "Not JSON"), (b"[]", "Not an object"), (b"1", "Not an object")],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("POST", "/clock"), ("POST", "/clock/advance"), ("PATCH", "/settings")),
        *(("POST", "/transactions"), ("POST", f"/transactions/{UNKNOWN}/pay")),
        *(("POST", "/settle"), ("POST", f"/webhooks/{UNKNOWN}/resend")),
    ],
)
async def test_a_body_that_is_no_object_is_refused(
    control: Control, method: str, path: str, data: bytes, title: str
) -> None:
    problem = await control.refused(400, method, path, data=data)

    assert problem["title"] == title


async def test_a_deeply_nested_body_is_refused(control: Control) -> None:
    await control.refused(400, "POST", "/settle", data=b"[" * 100_000)


async def test_a_body_that_is_too_large_is_refused(control: Control) -> None:
    body = io.BytesIO(b" " * (5 * 1024 * 1024 + 1))

    await control.refused(413, "PATCH", "/settings", data=body)


async def test_an_unknown_field_is_refused_with_the_nearest(control: Control) -> None:
    payment = await control.payment()

    problem = await control.refused(
        400, "POST", f"/transactions/{payment['session_id']}/pay", {"outcom": "success"}
    )

    assert problem["pointer"] == "/outcom"
    assert problem["hint"] == "Did you mean `outcome`?"


@pytest.mark.parametrize(
    "path", ["/settings", "/clock", "/health", "/scenarios", f"/transactions/{UNKNOWN}"]
)
async def test_an_unknown_parameter_is_refused(control: Control, path: str) -> None:
    problem = await control.refused(400, "GET", f"{path}?limit=1")

    assert "It has none" in problem["detail"]


@pytest.mark.parametrize(
    "path", ["/transactions", "/messages", "/webhooks", "/requests", "/findings"]
)
class TestLists:
    async def test_an_unknown_parameter_is_refused_with_the_nearest(
        self, control: Control, path: str
    ) -> None:
        problem = await control.refused(400, "GET", f"{path}?sinse=x")

        assert problem["hint"] == "Did you mean `since`?"

    @pytest.mark.parametrize("name", ["wait", "count"])
    async def test_waiting_comes_later(self, control: Control, path: str, name: str) -> None:
        problem = await control.refused(501, "GET", f"{path}?{name}=1")

        assert f"`{name}`" in problem["detail"]

    @pytest.mark.parametrize(
        "query",
        [
            *("limit=x", "limit=-1", "limit=1.5", "limit=", "limit=%D9%A1", "limit=" + "9" * 5000),
            *("since=yesterday", "since=2026-01-01", "since=2026-01-01T00:00:00"),
            *("since=0001-01-01T00:00:00%2B14:00", "session_id=", "limit=1&limit=2"),
            "&".join(["limit=1"] * 200),
        ],
    )
    async def test_a_wrong_filter_is_refused(self, control: Control, path: str, query: str) -> None:
        problem = await control.refused(400, "GET", f"{path}?{query}")

        assert "pointer" not in problem

    async def test_an_empty_list_says_that_nothing_is_anywhere(
        self, control: Control, path: str
    ) -> None:
        answer = await control.done("GET", path)

        assert answer["count"] == 0
        assert answer["items"] == []
        assert "nor has any other" in answer["hint"]

    async def test_an_empty_list_says_where_the_items_are(
        self, control: Control, merchant: Merchant, path: str
    ) -> None:
        other = merchant.in_workspace("w7")
        payment = await other.checkout(
            customer_email="noura@example.com",
            notifications={"email": ["created"]},
            pg_codes=["my-bank"],
        )
        await other.pay(payment)

        here = await control.done("GET", path)
        there = await other.control("GET", path)
        filtered = await other.control("GET", f"{path}?since=2027-01-01T00:00:00Z")

        assert "`w7` has " in here["hint"]
        assert there.json["count"] >= 1
        assert "hint" not in there.json
        assert "none that passes the filters" in filtered.json["hint"]

    async def test_limit_keeps_the_newest(
        self, control: Control, merchant: Merchant, path: str
    ) -> None:
        for code in ("my-bank", "your-bank", "our-bank"):
            payment = await merchant.checkout(
                customer_email="noura@example.com",
                notifications={"email": ["created"]},
                pg_codes=[code],
            )
            await merchant.pay(payment)

        everything = await control.items(path)

        assert len(everything) >= 3
        assert await control.items(f"{path}?limit=2") == everything[-2:]
        assert await control.items(f"{path}?limit=0") == []
        assert await control.items(f"{path}?limit=999") == everything

    async def test_a_session_id_needs_no_workspace(
        self, control: Control, merchant: Merchant, path: str
    ) -> None:
        url = "http://127.0.0.1:1/hook"
        made = await control.call(
            "POST",
            "/transactions",
            {
                **CHECKOUT,
                "webhook_url": url,
                "redirect_url": url,
                "customer_email": "noura@example.com",
                "notifications": {"email": ["created"]},
            },
            headers={"X-Sandbox-Workspace": "w7"},
        )
        payment = made.json
        await control.pay(payment)
        await control.trigger(payment, "refund")  # its finding: no operations URL
        await merchant.in_workspace("w7").call("GET", f"{PAYMENTS}{payment['session_id']}/")

        items = await control.items(f"{path}?session_id={payment['session_id']}")

        assert items
        if path != "/requests":
            assert {each["session_id"] for each in items} <= {payment["session_id"]}


async def test_the_workspace_is_named_by_header_or_credentials(control: Control) -> None:
    by_header = {"X-Sandbox-Workspace": "w1"}
    await control.call("PATCH", "/settings", {"wallet": False}, headers=by_header)

    for headers, wallet in (
        (by_header, False),
        ({"Authorization": "Api-Key w1.secret"}, False),
        ({"Authorization": "Basic aHVkYUB3MTpzZWNyZXQ="}, False),
        ({"Api-Key": "w1.secret"}, False),
        ({"X-Sandbox-Workspace": "w2", "Authorization": "Api-Key w1.secret"}, True),
        ({}, True),
    ):
        reply = await control.call("GET", "/settings", headers=headers)
        assert reply.json["wallet"] is wallet, headers


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Sandbox-Workspace": "not a name"},
        {"X-Sandbox-Workspace": ""},
        {"Authorization": "Basic !"},
        {"Authorization": "raw"},
    ],
)
async def test_a_workspace_that_cannot_be_read_is_refused(
    control: Control, headers: dict[str, str]
) -> None:
    problem = await control.refused(400, "GET", "/settings", headers=headers)

    assert "X-Sandbox-Workspace" in problem["hint"]


async def test_a_session_of_another_workspace_says_which(control: Control) -> None:
    payment = await control.payment()

    problem = await control.refused(
        404,
        "GET",
        f"/transactions/{payment['session_id']}",
        headers={"X-Sandbox-Workspace": "w2"},
    )

    assert problem["hint"] == "Workspace `default` has it."


@pytest.mark.parametrize("call", ["", "/pay", "/trigger", "/scenario"])
async def test_an_unknown_session_is_a_problem(control: Control, call: str) -> None:
    method = {"": "GET", "/scenario": "PUT"}.get(call, "POST")

    problem = await control.refused(404, method, f"/transactions/{UNKNOWN}{call}", {})

    assert problem["type"].endswith("unknown-payment-transaction")
    assert "hint" not in problem


def test_every_call_is_tried_by_some_method() -> None:
    assert {name.partition(" ")[0] for name in CALLS} == {"GET", "POST", "PUT", "PATCH", "DELETE"}


async def test_the_same_seed_and_calls_give_the_same_bytes(
    control: Control, merchant: Merchant
) -> None:
    paths = (
        *("/health", "/settings", "/clock", "/transactions", "/messages", "/webhooks"),
        *("/findings", "/scenarios", "/magic"),
    )

    async def story() -> list[bytes]:
        await control.done("POST", "/reset?all=1")
        await control.call("GET", "/b/nothing", root="")
        payment = await control.payment(
            order_no="A-1",
            customer_email="noura@example.com",
            notifications={"email": ["created", "paid"]},
            pg_codes=["my-bank"],
        )
        paid = await control.pay(payment)
        await control.trigger(payment, "refund", amount="4.000")
        await control.done("POST", "/clock/advance", {"by": "1d"})
        answers = [(await control.call("GET", path)).body for path in paths]
        entries = await control.items("/requests")
        return [json.dumps([paid, entries]).encode(), *answers]

    assert await story() == await story()
    assert CHECKOUT["amount"] == "10.000"
    assert merchant.url == control.url
