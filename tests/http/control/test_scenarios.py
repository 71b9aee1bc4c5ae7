"""The library of scenarios: listed, shown, put, deleted, pinned, chosen for the next checkout."""

import json

import pytest

from tests.http.control.caller import Control
from tests.http.merchant import Merchant

MINE = "scenario: mine\ndescription: All fails.\npayment: [{outcome: failed}]  # so it is\n"


async def test_the_library_lists_every_ready_scenario(control: Control) -> None:
    listed = await control.items("/scenarios")

    names = [each["name"] for each in listed]
    assert names == sorted(names)
    assert "declined-then-paid" in names
    assert all(each["description"] for each in listed)
    assert not any(each["pinned"] or each["next"] for each in listed)


async def test_a_scenario_is_put_shown_replaced_and_deleted(control: Control) -> None:
    made = await control.put_yaml("/scenarios/mine", MINE)
    shown = await control.done("GET", "/scenarios/mine")
    text = await control.call("GET", "/scenarios/mine", headers={"Accept": "application/yaml"})
    replaced = await control.call("PUT", "/scenarios/mine", {**shown, "description": "Other."})
    deleted = await control.call("DELETE", "/scenarios/mine")

    assert (made.status, replaced.status) == (201, 200)
    assert made.json == {
        "name": "mine",
        "description": "All fails.",
        "source": "<request>",
        "pinned": False,
        "next": False,
    }
    assert shown == {
        "scenario": "mine",
        "description": "All fails.",
        "payment": [{"outcome": "failed"}],
    }
    assert text.body == MINE.encode()
    assert text.headers["Content-Type"] == "application/yaml"
    assert replaced.json["description"] == "Other."
    assert (deleted.status, deleted.body) == (204, b"")
    await control.refused(404, "GET", "/scenarios/mine")
    await control.refused(404, "DELETE", "/scenarios/mine")


async def test_what_is_put_belongs_to_the_workspace(control: Control) -> None:
    await control.put_yaml("/scenarios/mine", MINE)

    await control.refused(404, "GET", "/scenarios/mine", headers={"X-Sandbox-Workspace": "w2"})


async def test_what_is_put_hides_a_ready_one_until_deleted(control: Control) -> None:
    text = MINE.replace("mine", "declined-then-paid")

    hiding = await control.put_yaml("/scenarios/declined-then-paid", text)
    hidden = await control.done("GET", "/scenarios/declined-then-paid")
    await control.call("DELETE", "/scenarios/declined-then-paid")
    back = await control.done("GET", "/scenarios/declined-then-paid")

    assert hiding.status == 201
    assert len(hidden["payment"]) == 1
    assert len(back["payment"]) == 2
    await control.refused(409, "DELETE", "/scenarios/declined-then-paid")


async def test_mistakes_are_told_with_their_places(control: Control) -> None:
    reply = await control.put_yaml("/scenarios/mine", "scenario: mine\npaymnt: []\nmatch: 1\n")

    problem = reply.json
    assert reply.status == 400
    assert problem["detail"] == "The scenario has 2 mistakes."
    assert problem["errors"][0] == {
        "file": "<request>",
        "line": 2,
        "column": 1,
        "path": "paymnt",
        "message": "the key `paymnt` is unknown here",
        "hint": "did you mean `payment`?",
    }


@pytest.mark.parametrize("data", [b"\xff\xfe", b"- a: [", b"scenario: [", b"a: &a [*a]", b"\x00"])
async def test_what_is_no_scenario_is_refused(control: Control, data: bytes) -> None:
    headers = {"Content-Type": "text/yaml"}

    problem = await control.refused(400, "PUT", "/scenarios/mine", data=data, headers=headers)

    assert problem["errors"]


async def test_the_two_names_must_be_equal(control: Control) -> None:
    reply = await control.put_yaml("/scenarios/other", MINE)

    assert reply.status == 400
    assert reply.json["pointer"] == "/scenario"
    await control.refused(404, "GET", "/scenarios/other")


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "multipart/form-data"])
async def test_other_content_types_are_refused(control: Control, content_type: str) -> None:
    problem = await control.refused(
        415, "PUT", "/scenarios/mine", data=MINE.encode(), headers={"Content-Type": content_type}
    )

    assert "application/yaml" in problem["detail"]


async def test_an_empty_scenario_is_refused(control: Control) -> None:
    await control.refused(
        400, "PUT", "/scenarios/mine", data=b"", headers={"Content-Type": "application/json"}
    )


async def test_a_pinned_scenario_is_the_default_of_its_workspace(
    control: Control, merchant: Merchant
) -> None:
    pinned = await control.done("POST", "/scenarios/declined-then-paid/pin")
    first = await control.payment()
    second = await merchant.checkout()
    other = await merchant.in_workspace("w2").checkout()
    unpinned = await control.call("DELETE", "/scenarios/declined-then-paid/pin")
    third = await control.payment()

    assert pinned["pinned"] is True
    assert first["scenario"] == "declined-then-paid"
    assert (await merchant.transaction(second))["scenario"] == "declined-then-paid"
    assert (await merchant.in_workspace("w2").transaction(other))["scenario"] is None
    assert unpinned.status == 204
    assert third["scenario"] is None
    assert not any(each["pinned"] for each in await control.items("/scenarios"))


async def test_unpinning_leaves_another_one_pinned(control: Control) -> None:
    await control.done("POST", "/scenarios/declined-then-paid/pin")
    await control.done("POST", "/scenarios/gateway-error/pin")

    await control.call("DELETE", "/scenarios/declined-then-paid/pin")

    pinned = [each["name"] for each in await control.items("/scenarios") if each["pinned"]]
    assert pinned == ["gateway-error"]


async def test_the_next_scenario_is_for_one_checkout(control: Control) -> None:
    chosen = await control.done("POST", "/scenarios/gateway-error/next")

    made = [await control.payment() for _ in range(2)]

    assert chosen["next"] is True
    assert [each["scenario"] for each in made] == ["gateway-error", None]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("DELETE", ""), ("POST", "/pin"), ("DELETE", "/pin"), ("POST", "/next")],
)
async def test_an_unknown_scenario_is_a_problem(control: Control, method: str, path: str) -> None:
    problem = await control.refused(404, method, f"/scenarios/declined-then-pad{path}")

    assert problem["hint"] == "Did you mean `declined-then-paid`?"


async def test_a_replaced_scenario_stays_pinned_in_its_new_form(control: Control) -> None:
    await control.put_yaml("/scenarios/mine", MINE)
    await control.done("POST", "/scenarios/mine/pin")
    await control.done("POST", "/scenarios/mine/next")
    before = await control.payment()

    await control.put_yaml("/scenarios/mine", MINE.replace("failed", "success"))
    after = await control.payment()

    assert (await control.pay(before))["state"] == "attempted"
    assert (await control.pay(after))["state"] == "paid"


async def test_a_deleted_scenario_is_no_longer_pinned(control: Control) -> None:
    await control.put_yaml("/scenarios/mine", MINE)
    await control.done("POST", "/scenarios/mine/pin")
    await control.done("POST", "/scenarios/mine/next")

    await control.call("DELETE", "/scenarios/mine")

    assert (await control.payment())["scenario"] is None


@pytest.mark.parametrize("again", ["PUT", "pin"])
async def test_faults_begin_anew_on_put_and_pin(
    control: Control, merchant: Merchant, again: str
) -> None:
    faulty = "scenario: faulty\napi: [{operation: checkout, times: 1, fault: {status: 503}}]\n"
    await control.put_yaml("/scenarios/faulty", faulty)
    await control.done("POST", "/scenarios/faulty/pin")

    async def statuses() -> list[int]:
        body = merchant.checkout_body()
        path = "/b/checkout/v1/pymt-txn/"
        return [(await merchant.call("POST", path, body)).status for _ in range(2)]

    assert await statuses() == [503, 201]
    if again == "PUT":
        await control.put_yaml("/scenarios/faulty", faulty)
    else:
        await control.done("POST", "/scenarios/faulty/pin")
    assert await statuses() == [503, 201]


async def test_matches_are_asked_in_the_order_they_were_put(control: Control) -> None:
    for name in ("zulu", "alpha"):
        text = json.dumps({"scenario": name, "match": {"order_no": "A-*"}})
        await control.put_yaml(f"/scenarios/{name}", text)

    assert (await control.payment(order_no="A-1"))["scenario"] == "zulu"
    assert (await control.payment(order_no="B-1"))["scenario"] is None
