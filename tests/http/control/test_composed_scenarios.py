"""Scenarios that come over HTTP and extend others, read variables, or would be several."""

from tests.http.control.caller import Control

CHILD = """\
scenario: mine
extends: declined-then-paid
webhooks: [{on: paid, copies: 2}]
expect: null
"""


async def test_one_that_is_put_may_extend_a_ready_one(control: Control) -> None:
    made = await control.put_yaml("/scenarios/mine", CHILD)
    shown = await control.done("GET", "/scenarios/mine")
    text = await control.call("GET", "/scenarios/mine", headers={"Accept": "application/yaml"})

    assert made.status == 201
    assert [step["outcome"] for step in shown["payment"]] == ["failed", "success"]
    assert shown["webhooks"] == [{"on": "paid", "copies": 2}]
    assert "extends" not in shown
    assert "expect" not in shown
    assert text.body == CHILD.encode()


async def test_one_that_is_put_may_extend_another_that_was_put(control: Control) -> None:
    await control.put_yaml("/scenarios/mine", CHILD)

    await control.put_yaml("/scenarios/yours", "scenario: yours\nextends: mine\nplay: [checkout]")
    await control.call("DELETE", "/scenarios/mine")

    shown = await control.done("GET", "/scenarios/yours")
    assert shown["webhooks"] == [{"on": "paid", "copies": 2}]


async def test_putting_one_that_extends_what_it_hides_twice_is_as_putting_it_once(
    control: Control,
) -> None:
    text = "scenario: declined-then-paid\nextends: declined-then-paid\nexpect: null"

    first = await control.put_yaml("/scenarios/declined-then-paid", text)
    again = await control.put_yaml("/scenarios/declined-then-paid", text)

    assert (first.status, again.status) == (201, 200)


async def test_an_unknown_parent_is_told_with_its_place_and_the_nearest_name(
    control: Control,
) -> None:
    reply = await control.put_yaml("/scenarios/mine", CHILD.replace("then-paid", "then-payed"))

    (error,) = reply.json["errors"]
    assert reply.status == 400
    assert (error["line"], error["column"], error["path"]) == (2, 10, "extends")
    assert error["hint"] == "did you mean `declined-then-paid`?"


async def test_several_at_once_are_refused_with_the_way_out(control: Control) -> None:
    reply = await control.put_yaml(
        "/scenarios/mine",
        "scenario: mine\nfor each: {outcome: [failed, error]}\n"
        "payment: [{outcome: '${each.outcome}'}]",
    )

    (error,) = reply.json["errors"]
    assert reply.status == 400
    assert "mine-failed, mine-error" in error["message"]
    assert "--scenarios" in error["hint"]


async def test_a_request_cannot_read_the_environment(control: Control) -> None:
    reply = await control.put_yaml("/scenarios/mine", "scenario: mine\ndescription: ${PATH}")

    (error,) = reply.json["errors"]
    assert reply.status == 400
    assert "OTTU_SANDBOX_VAR_" in error["hint"]
