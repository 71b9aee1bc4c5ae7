"""Calls of a document brought along that nothing is behind: made-up answers that fit."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.contract.checking import Contract
from sandbox.domain.clock import STOPPED_START, Clock
from sandbox.server import running
from sandbox.settings import ServerSettings
from sandbox.web.platform.stateless import OWN_CALLS
from tests.http.contract_watch import SPECS
from tests.http.merchant import Merchant

LOYALTY = """
openapi: 3.1.0
info: {title: Shop with loyalty, version: "1"}
paths:
  /b/loyalty/v1/members/{member_id}/:
    get:
      operationId: loyalty_member
      parameters: [{name: member_id, in: path, required: true, schema: {type: string}}]
      responses:
        "200":
          description: The member.
          content: {application/json: {schema: {$ref: "#/components/schemas/Member"}}}
    delete:
      operationId: loyalty_forget
      parameters: [{name: member_id, in: path, required: true, schema: {type: string}}]
      responses: {"204": {description: Gone.}}
  /b/loyalty/v1/points/:
    post:
      operationId: loyalty_points
      requestBody:
        content: {application/json: {schema: {type: object, required: [points], properties: {points: {type: integer}}}}}
      responses:
        "201":
          description: Booked.
          content: {application/json: {schema: {$ref: "#/components/schemas/Booking"}}}
        "400": {description: Wrong.}
  /b/loyalty/v1/rules/:
    get:
      operationId: loyalty_rules
      responses:
        "200":
          description: As agreed.
          content:
            application/json:
              schema: {type: object, required: [rate], properties: {rate: {type: string}}}
              example: {rate: "1 point for each KWD"}
  /b/loyalty/v1/broken-example/:
    get:
      operationId: loyalty_broken_example
      responses:
        "200":
          description: An example that does not fit.
          content:
            application/json:
              schema: {type: object, required: [rate], properties: {rate: {type: integer, minimum: 3}}}
              examples: {wrong: {value: {rate: none}}, odd: {value: {rate: 2026-01-01}}}
  /b/loyalty/v1/impossible/:
    get:
      operationId: loyalty_impossible
      responses:
        "200":
          description: Nothing fits this.
          content: {application/json: {schema: {type: string, minLength: 5, maxLength: 3}}}
  /b/loyalty/v1/silent/:
    get:
      operationId: loyalty_silent
      responses: {"404": {description: Never there.}}
  /b/loyalty/v1/terms/:
    get:
      operationId: loyalty_terms
      responses: {2XX: {description: A text., content: {text/plain: {schema: {type: string}}}}}
  /b/pbl/v2/operation/:
    post:
      operationId: another_name
      responses: {"200": {description: Done., content: {application/json: {schema: {type: object}}}}}
  /b/pbl/v2/card/{card}/:
    delete:
      operationId: forget_card
      parameters: [{name: card, in: path, required: true, schema: {type: string}}]
      responses: {"204": {description: Gone.}}
components:
  schemas:
    Member:
      type: object
      required: [member_id, email, level, joined, friends, code]
      properties:
        member_id: {type: string, format: uuid}
        email: {type: string, format: email}
        first_name: {type: string, maxLength: 32}
        level: {enum: [silver, gold]}
        joined: {type: string, format: date-time}
        points: {type: integer, minimum: 10, multipleOf: 5}
        rate: {type: number, exclusiveMinimum: 0, maximum: 1}
        code: {type: string, pattern: "^[A-Z]{3}-\\\\d{4}(x|yz)?$"}
        secret: {type: string, writeOnly: true}
        friends: {type: array, minItems: 2, maxItems: 3, items: {$ref: "#/components/schemas/Friend"}}
        sponsor: {anyOf: [{$ref: "#/components/schemas/Member"}, {type: "null"}]}
    Friend:
      allOf:
        - {type: object, required: [name], properties: {name: {type: string, minLength: 3}}}
        - {type: object, required: [since], properties: {since: {type: string, format: date}}}
    Booking:
      oneOf:
        - {type: object, required: [booked], properties: {booked: {const: true}}, additionalProperties: false}
        - {type: object, required: [queued], properties: {queued: {const: true}}, additionalProperties: false}
"""
MEMBER = "/b/loyalty/v1/members/42/"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    file = tmp_path / "shop.yaml"
    file.write_text(LOYALTY, encoding="utf-8")
    return file


@pytest.fixture
def contract(spec: Path) -> Contract:
    return Contract.load(spec)


@pytest.fixture
def server_settings(spec: Path) -> ServerSettings:
    return ServerSettings(port=0, seed=1, clock=Clock(stopped_at=STOPPED_START), spec=spec)


async def test_an_answer_is_made_up_from_the_schema(merchant: Merchant) -> None:
    reply = await merchant.call("GET", MEMBER)

    assert reply.status == 200
    member: dict[str, Any] = reply.json
    assert member["level"] in ("silver", "gold")
    assert member["points"] % 5 == 0
    assert "@example." in member["email"]
    assert 2 <= len(member["friends"]) <= 3
    assert "secret" not in member


async def test_a_finding_says_that_the_answer_is_made_up(merchant: Merchant) -> None:
    await merchant.call("GET", MEMBER)
    await merchant.call("GET", MEMBER)

    (finding,) = (await merchant.control("GET", "/findings")).json["items"]
    assert (finding["code"], finding["severity"], finding["count"]) == (
        "stateless_answer",
        "info",
        2,
    )
    assert finding["where"] == "loyalty_member"
    assert "made up" in finding["message"]


async def test_the_same_call_gives_the_same_answer_and_another_one_another(
    merchant: Merchant,
) -> None:
    first = await merchant.call("GET", MEMBER)
    await merchant.clock.advance("1h")
    again = await merchant.call("GET", MEMBER)
    other = await merchant.call("GET", MEMBER.replace("42", "43"))
    elsewhere = await merchant.in_workspace("w1").call("GET", MEMBER)

    assert first.body == again.body
    assert len({first.body, other.body, elsewhere.body}) == 3


async def test_another_server_of_the_same_seed_gives_the_same_answer(
    merchant: Merchant, server_settings: ServerSettings
) -> None:
    here = await merchant.call("GET", MEMBER)

    async with running(server_settings) as second:
        merchant.url = second.url
        there = await merchant.call("GET", MEMBER)

    assert here.body == there.body


async def test_the_request_is_held_to_the_document_all_the_same(merchant: Merchant) -> None:
    wrong = await merchant.call("POST", "/b/loyalty/v1/points/", {"points": "many"})
    right = await merchant.call("POST", "/b/loyalty/v1/points/", {"points": 5})

    assert (wrong.status, list(wrong.json)) == (400, ["points"])
    assert right.status == 201
    assert right.json in ({"booked": True}, {"queued": True})


async def test_credentials_are_needed_all_the_same(merchant: Merchant) -> None:
    assert (await merchant.as_user("raw-key").call("GET", MEMBER)).status == 401


async def test_the_document_s_own_example_is_the_answer_where_it_fits(merchant: Merchant) -> None:
    fitting = await merchant.call("GET", "/b/loyalty/v1/rules/")
    broken = await merchant.call("GET", "/b/loyalty/v1/broken-example/")

    assert fitting.json == {"rate": "1 point for each KWD"}
    assert broken.json["rate"] >= 3


async def test_an_answer_may_have_no_body_or_be_a_text(merchant: Merchant) -> None:
    gone = await merchant.call("DELETE", MEMBER)
    terms = await merchant.call("GET", "/b/loyalty/v1/terms/")

    assert (gone.status, gone.body) == (204, b"")
    assert terms.status == 200
    assert terms.headers["Content-Type"].startswith("text/plain")
    assert terms.body.isascii()


@pytest.mark.parametrize("name", ["impossible", "silent"])
async def test_where_no_answer_fits_the_call_is_refused_and_says_why(
    merchant: Merchant, name: str
) -> None:
    reply = await merchant.call("GET", f"/b/loyalty/v1/{name}/")

    assert reply.status == 501
    assert "give its answer an `example`" in reply.json["detail"]


async def test_a_call_of_the_platform_is_never_answered_by_a_made_up_value(
    merchant: Merchant,
) -> None:
    reply = await merchant.call("DELETE", "/b/pbl/v2/card/abc/")

    assert reply.status == 501
    assert "stateless_answer" not in await merchant.findings()


def test_the_platform_s_calls_are_those_of_the_sandbox_s_own_document() -> None:
    assert set(Contract.load(SPECS / "ottu.yaml").operations) == OWN_CALLS


def test_an_answer_can_be_made_up_for_every_call_of_our_document(contract: Contract) -> None:
    whole = Contract.load(SPECS / "ottu.yaml")

    missing = [
        operation.key
        for document in (whole, contract)
        for operation in document.operations.values()
        for seed in range(30)
        if document.example(operation, seed) is None
    ]

    assert set(missing) == {"GET /b/loyalty/v1/impossible/", "GET /b/loyalty/v1/silent/"}
