"""How bodies are judged in each mode, and what they are turned into."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.contract.checking import Contract
from sandbox.domain.settings import ValidationMode
from tests.unit.contract.awkward import contract
from tests.unit.contract.calls import INQUIRY, RESEND, UPDATE, errors, judge, remarks

PAY = "POST /b/pay/"


def test_a_minimal_checkout_is_fine_in_every_mode(
    platform: Contract, checkout: dict[str, Any]
) -> None:
    for mode in ValidationMode:
        checked = judge(platform, checkout, mode=mode)

        assert checked.value is checkout
        assert (checked.violations, checked.remarks) == ((), ())


def test_all_that_is_wrong_is_told_at_once_in_the_order_of_the_document(
    platform: Contract, checkout: dict[str, Any]
) -> None:
    del checkout["amount"]
    checkout |= {
        "customer_email": "a@b",
        "pg_codes": ["knet", True],
        "type": "invoice",
        "billing_address": {"line1": "x", "country": "KWT"},
        "order_no": "x" * 129,
    }

    assert errors(judge(platform, checkout)) == {
        "type": ['"invoice" is not a valid choice. Choose one of: e_commerce, payment_request.'],
        "amount": ["This field is required."],
        "pg_codes": {"1": ["Not a valid string."]},
        "billing_address": {
            "country": ['"KWT" is not a valid choice. Perhaps: KW.'],
            "city": ["This field is required."],
        },
        "customer_email": ["Enter a valid email address."],
        "order_no": ["Ensure this field has no more than 128 characters."],
    }


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "This field may not be null."),
        ([], "Not a valid string."),
        ({}, "Not a valid string."),
        (True, "Not a valid string."),
    ],
)
def test_what_no_framework_would_read_as_a_text_is_refused(
    platform: Contract, checkout: dict[str, Any], value: object, message: str
) -> None:
    assert errors(judge(platform, {**checkout, "order_no": value})) == {"order_no": [message]}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("knet", 'Expected a list of items but got type "str".'),
        ({}, 'Expected a list of items but got type "dict".'),
        (None, "This field may not be null."),
    ],
)
def test_what_is_no_list_is_refused(
    platform: Contract, checkout: dict[str, Any], value: object, message: str
) -> None:
    assert errors(judge(platform, {**checkout, "pg_codes": value})) == {"pg_codes": [message]}


def test_an_object_that_is_none_is_told_as_a_whole(
    platform: Contract, checkout: dict[str, Any]
) -> None:
    told = "Invalid data. Expected a dictionary, but got list."

    assert errors(judge(platform, {**checkout, "billing_address": []})) == {
        "billing_address": {"non_field_errors": [told]}
    }
    assert errors(judge(platform, [checkout])) == {"non_field_errors": [told]}


@pytest.mark.parametrize("body", [5, "text", True, 1.5])
def test_a_body_that_is_a_scalar_is_told_as_a_whole(platform: Contract, body: object) -> None:
    (violation,) = judge(platform, body).violations

    assert violation.location == ()
    assert violation.rule == "not_an_object"


def test_no_body_is_an_empty_one(platform: Contract) -> None:
    assert judge(platform, None).violations == judge(platform, {}).violations
    assert judge(platform, None, key=UPDATE).value == {}


def test_the_branch_that_was_meant_is_the_one_that_is_told(
    platform: Contract, checkout: dict[str, Any]
) -> None:
    instrument = {"instrument_type": "token", "payload": {}}

    assert errors(judge(platform, {**checkout, "payment_instrument": instrument})) == {
        "payment_instrument": {"payload": {"token": ["This field is required."]}}
    }


def test_a_value_that_fits_several_exclusive_branches_is_told_so(tmp_path: Path) -> None:
    text = """openapi: 3.1.0
info: {title: x, version: "1"}
paths:
  /b/one/:
    post:
      requestBody:
        content:
          application/json:
            schema: {type: object, oneOf: [{required: [a]}, {required: [b]}]}
      responses: {}
"""
    served = contract(tmp_path, text)
    told = "This value fits more than one of the forms allowed here."

    assert errors(judge(served, {"a": 1}, key="POST /b/one/")) == {}
    assert errors(judge(served, {"a": 1, "b": 2}, key="POST /b/one/")) == {
        "non_field_errors": [told]
    }


def test_a_wrong_choice_of_another_type_is_told_as_a_wrong_choice(
    platform: Contract, checkout: dict[str, Any]
) -> None:
    told = '"5" is not a valid choice. Choose one of: e_commerce, payment_request.'

    for mode in (ValidationMode.STRICT, ValidationMode.COMPATIBLE):
        assert errors(judge(platform, {**checkout, "type": 5}, mode=mode)) == {"type": [told]}
    assert errors(judge(platform, {**checkout, "type": None})) == {
        "type": ["This field may not be null."]
    }


@pytest.mark.parametrize(
    ("branch", "strays"),
    [("{type: string}", ["b"]), ("{type: 'null'}", ["b"]), ("{type: object}", []), ("true", [])],
)
def test_a_field_is_undeclared_only_where_no_branch_leaves_room_for_it(
    tmp_path: Path, branch: str, strays: list[str]
) -> None:
    text = f"""openapi: 3.1.0
info: {{title: x, version: "1"}}
paths:
  /b/one/:
    post:
      requestBody:
        content:
          application/json:
            schema:
              anyOf: [{{type: object, properties: {{a: {{type: string}}}}}}, {branch}]
      responses: {{}}
"""

    checked = judge(contract(tmp_path, text), {"a": "x", "b": 1}, key="POST /b/one/")

    assert [place for _, place in remarks(checked)] == strays


class TestNullCharacters:
    @pytest.mark.parametrize("mode", [ValidationMode.STRICT, ValidationMode.COMPATIBLE])
    def test_they_are_refused_wherever_they_are(
        self, platform: Contract, checkout: dict[str, Any], mode: ValidationMode
    ) -> None:
        checkout |= {"order_no": "a\0b", "pg_codes": ["x\0"], "extra": {"k\0": {"deep": ["\0"]}}}

        found = judge(platform, checkout, mode=mode).violations

        told = {one.location for one in found if one.message == "Null characters are not allowed."}
        assert told == {
            ("order_no",),
            ("pg_codes", 0),
            ("extra", "k\0"),
            ("extra", "k\0", "deep", 0),
        }

    def test_a_caller_that_knows_better_saves_the_walk(
        self, platform: Contract, checkout: dict[str, Any]
    ) -> None:
        checkout["extra"] = {"a": "\0"}
        operation = platform.operations["POST /b/checkout/v1/pymt-txn/"]

        checked = platform.check_body(
            operation, checkout, mode=ValidationMode.COMPATIBLE, may_hold_null=False
        )

        assert checked.violations == ()


def test_a_call_without_a_body_takes_any(platform: Contract) -> None:
    key = "GET /b/checkout/v1/pymt-txn/{session_id}/"

    assert judge(platform, {"x": 1}, key=key).violations == ()


@pytest.mark.parametrize("key", [RESEND, INQUIRY])
def test_coercion_reaches_other_calls(platform: Contract, key: str) -> None:
    checked = judge(platform, {"order_no": 5, "channels": ["sms"]}, key=key)

    assert ("coerced_value", "order_no") in remarks(checked)


def test_both_validators_are_chosen_by_name(tmp_path: Path) -> None:
    body = {"amount": 5, "method": {"payload": {}}, "level": "x", "zzz": 1}
    by_name = [
        judge(contract(tmp_path, validator=name), body, key=PAY)
        for name in ("compiled", "reference")
    ]

    assert by_name[0] == by_name[1]
    assert list(errors(by_name[0])) == ["level", "method"]


def test_deep_bodies_of_a_schema_that_contains_itself_are_judged(tmp_path: Path) -> None:
    served = contract(tmp_path)
    body: dict[str, Any] = {"name": "toolong"}
    for _ in range(64):
        body = {"name": "n", "child": body}

    (violation,) = judge(served, body, key="POST /b/tree/").violations

    assert violation.location == (*("child",) * 64, "name")
    assert violation.rule == "max_length"
