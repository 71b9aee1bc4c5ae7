"""The rules that the document cannot say."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.contract.checking import Contract
from sandbox.domain.web_addresses import is_refused_address
from tests.unit.contract.awkward import contract
from tests.unit.contract.calls import CHECKOUT, INQUIRY, OPERATION, RESEND, UPDATE, errors, judge

PUT = "PUT /b/checkout/v1/pymt-txn/{session_id}/"
TOO_LONG = "Ensure that there are no more than 15 digits in total."
NOT_POSITIVE = "The amount must be greater than zero."
BAD_URL = "Enter a valid URL, beginning with http:// or https://."


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("0.001", "KWD"),
        ("10.00", "SAR"),
        ("100.000", "SAR"),
        ("10", "JPY"),
        ("999999999999.999", "KWD"),
        ("+5", "USD"),
        ("5.", "USD"),
    ],
)
def test_an_amount_in_the_digits_of_its_currency_is_fine(
    platform: Contract, checkout: dict[str, Any], amount: str, currency: str
) -> None:
    checkout |= {"amount": amount, "currency_code": currency}

    assert errors(judge(platform, checkout)) == {}


@pytest.mark.parametrize(
    ("amount", "currency", "message"),
    [
        ("0", "KWD", NOT_POSITIVE),
        ("0.000", "KWD", NOT_POSITIVE),
        ("-1", "KWD", NOT_POSITIVE),
        ("1.0000", "KWD", "KWD takes no more than 3 decimal places."),
        ("1.001", "SAR", "SAR takes no more than 2 decimal places."),
        ("1.0000", "SAR", "SAR takes no more than 2 decimal places."),
        ("1.5", "JPY", "JPY takes no more than 0 decimal places."),
        ("1234567890123456", "USD", TOO_LONG),
        ("1234567890123.456", "KWD", TOO_LONG),
        ("0.0000000000000001", "KWD", TOO_LONG),
        ("9" * 5000, "KWD", TOO_LONG),
    ],
)
def test_an_amount_is_positive_short_and_exact(
    platform: Contract, checkout: dict[str, Any], amount: str, currency: str, message: str
) -> None:
    checkout |= {"amount": amount, "currency_code": currency}

    assert errors(judge(platform, checkout)) == {"amount": [message]}


@given(
    amount=st.one_of(
        st.floats(), st.integers(), st.text(alphabet="0123456789.eE+-_ Nan٣", max_size=30)
    )
)
def test_an_amount_that_passes_is_always_one_that_can_be_paid(
    platform: Contract, amount: object
) -> None:
    body = {"type": "e_commerce", "currency_code": "KWD", "pg_codes": ["k"], "amount": amount}

    checked = judge(platform, body)

    if not checked.violations:
        text = checked.value["amount"]
        assert text.isascii()
        assert 0 < float(text) < 10**15
        assert len(text.partition(".")[2]) <= 3


@pytest.mark.parametrize("code", ["ZZZ", "kwd", "", "KW", "KWDD"])
def test_an_unknown_currency_is_refused(
    platform: Contract, checkout: dict[str, Any], code: str
) -> None:
    assert list(errors(judge(platform, {**checkout, "currency_code": code}))) == ["currency_code"]


def test_an_update_is_judged_by_the_currency_of_the_transaction(platform: Contract) -> None:
    update = {"amount": "1.001"}

    assert errors(judge(platform, update, key=UPDATE, currency="KWD")) == {}
    assert errors(judge(platform, update, key=UPDATE)) == {}
    assert list(errors(judge(platform, update, key=UPDATE, currency="SAR"))) == ["amount"]
    assert (
        errors(judge(platform, {**update, "currency_code": "KWD"}, key=UPDATE, currency="SAR"))
        == {}
    )


def test_a_gateway_code_is_never_empty(platform: Contract, checkout: dict[str, Any]) -> None:
    assert errors(judge(platform, {**checkout, "pg_codes": []})) == {
        "pg_codes": ["This list may not be empty."]
    }
    assert errors(judge(platform, {**checkout, "pg_codes": ["a", "", None]})) == {
        "pg_codes": {"1": ["This field may not be blank."], "2": ["This field may not be null."]}
    }


@pytest.mark.parametrize("field", ["redirect_url", "webhook_url"])
@pytest.mark.parametrize(
    "url",
    [
        "http:///x",
        "ftp://a.example/",
        "http://a b/",
        "http://a/\r\nSet-Cookie: x",
        "/done",
        "http://a\n",
    ],
)
def test_an_address_that_could_not_stand_in_a_header_is_refused(
    platform: Contract, checkout: dict[str, Any], field: str, url: str
) -> None:
    assert errors(judge(platform, {**checkout, field: url})) == {field: [BAD_URL]}


def test_addresses_are_judged_even_where_the_document_is_silent(
    tmp_path: Path, checkout: dict[str, Any]
) -> None:
    served = contract(tmp_path, SILENT)
    bodies = [{"webhook_url": "nowhere"}, {"redirect_url": "http://a/" + "x" * 2000}]

    assert [errors(judge(served, {**checkout, **body})) for body in bodies] == [
        {"webhook_url": [BAD_URL]},
        {"redirect_url": ["Ensure this field has no more than 2000 characters."]},
    ]


def test_a_date_of_an_agreement_is_taken_in_both_notations_by_any_document(
    tmp_path: Path, checkout: dict[str, Any]
) -> None:
    served = contract(tmp_path, SILENT)

    fine = judge(served, {**checkout, "agreement": {"start_date": "31/12/2026"}})
    wrong = judge(served, {**checkout, "agreement": {"start_date": "31/13/2026"}})

    assert errors(fine) == {}
    assert errors(wrong) == {
        "agreement": {"start_date": ["Date has wrong format. Use YYYY-MM-DD."]}
    }


def test_what_the_engine_needs_is_judged_even_where_the_document_is_silent(tmp_path: Path) -> None:
    wrong = judge(contract(tmp_path, SILENT), {"type": "auction", "amount": "x", "pg_codes": 5})

    assert set(errors(wrong)) == {"type", "amount", "currency_code", "pg_codes"}


SILENT = """openapi: 3.1.0
info: {title: Silent, version: "1"}
paths:
  /b/checkout/v1/pymt-txn:
    post:
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                redirect_url: {type: string}
                webhook_url: {type: string}
                agreement: {type: object, properties: {start_date: {type: string, format: date}}}
      responses: {}
"""


@pytest.mark.parametrize("key", [CHECKOUT, UPDATE, INQUIRY])
@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://user@169.254.169.254/",
        "http://2852039166/",
        "http://0xa9.0xfe.0xa9.0xfe/",
        "http://[fe80::1]/",
        "http://[fd00:ec2::254]/",
        "http://[::ffff:169.254.169.254]/",
        "http://metadata.google.internal/",
        "http://METADATA.google.internal./x",
        "http://\uff11\uff16\uff19.254.169.254/",
    ],
)
def test_webhooks_never_go_to_a_metadata_service(
    platform: Contract, checkout: dict[str, Any], key: str, url: str
) -> None:
    body = {"order_no": "A"} if key == INQUIRY else checkout

    assert list(errors(judge(platform, {**body, "webhook_url": url}, key=key))) == ["webhook_url"]


@pytest.mark.parametrize(
    "host", ["localhost:8000", "127.0.0.1", "10.0.0.5", "192.168.1.2", "[::1]", "shop", "1shop.co"]
)
def test_webhooks_may_go_to_where_tests_run(
    platform: Contract, checkout: dict[str, Any], host: str
) -> None:
    assert errors(judge(platform, {**checkout, "webhook_url": f"http://{host}/hook"})) == {}


@given(st.text(alphabet="http:/[].@0123456789axfe%-é\n", max_size=50))
def test_any_address_is_judged(url: str) -> None:
    assert is_refused_address(f"http://{url}") in {True, False}


@pytest.mark.parametrize("text", ["01:00:00", "1 00:00:00", "PT30M", "30m", "1h30m"])
def test_an_expiration_is_a_duration(
    platform: Contract, checkout: dict[str, Any], text: str
) -> None:
    assert errors(judge(platform, {**checkout, "expiration_time": text})) == {}


@pytest.mark.parametrize("text", ["00:00:00", "PT0S", "0s", "soon", "-01:00:00", "9" * 400 + "h"])
def test_an_expiration_lasts(platform: Contract, checkout: dict[str, Any], text: str) -> None:
    assert list(errors(judge(platform, {**checkout, "expiration_time": text}))) == [
        "expiration_time"
    ]


def test_a_saved_card_belongs_to_a_customer_and_costs_nothing(
    platform: Contract, checkout: dict[str, Any]
) -> None:
    checkout["payment_type"] = "save_card"

    assert errors(judge(platform, checkout)) == {
        "amount": ["The amount must be 0 where a card is only saved."],
        "customer_id": ["This field is required for save_card payments."],
    }
    assert errors(judge(platform, {**checkout, "amount": "0", "customer_id": "c"})) == {}


def test_an_automatic_debit_follows_an_agreement(
    platform: Contract, checkout: dict[str, Any]
) -> None:
    checkout["payment_type"] = "auto_debit"

    assert errors(judge(platform, checkout)) == {
        "agreement": ["This field is required for auto_debit payments."],
        "customer_id": ["This field is required for auto_debit payments."],
    }
    assert errors(judge(platform, {"payment_type": "auto_debit"}, key=UPDATE)) == {}


@pytest.mark.parametrize(
    ("channel", "contact"),
    [("email", "customer_email"), ("sms", "customer_phone"), ("whatsapp", "customer_phone")],
)
def test_a_channel_needs_somewhere_to_send_to(
    platform: Contract, checkout: dict[str, Any], channel: str, contact: str
) -> None:
    checkout["notifications"] = {channel.upper(): ["paid"]}
    told = f"To use {channel} notifications provide the `{contact}` field."

    assert errors(judge(platform, checkout)) == {"notifications": {channel: [told]}}
    assert errors(judge(platform, checkout, key=PUT)) == {}
    assert errors(judge(platform, {**checkout, "notifications": {channel: []}})) == {}


@pytest.mark.parametrize(
    ("key", "body"),
    [(OPERATION, {"operation": "refund"}), (INQUIRY, {}), (RESEND, {"channels": ["sms"]})],
)
@pytest.mark.parametrize("nothing", [{}, {"session_id": "", "order_no": ""}])
def test_a_call_names_its_transaction(
    platform: Contract, key: str, body: dict[str, Any], nothing: dict[str, Any]
) -> None:
    told = errors(judge(platform, body | nothing, key=key))

    assert told == {
        "non_field_errors": ["Provide the `session_id` or the `order_no` of the transaction."]
    }
    for names in ({"session_id": "s"}, {"order_no": "o"}, {"session_id": "s", "order_no": "o"}):
        assert errors(judge(platform, body | names, key=key)) == {}


def test_the_amount_of_an_operation_is_judged_too(platform: Contract) -> None:
    refund = {"operation": "refund", "order_no": "A", "amount": "0"}

    assert errors(judge(platform, refund, key=OPERATION)) == {"amount": [NOT_POSITIVE]}
    refund["amount"] = "1.001"
    assert list(errors(judge(platform, refund, key=OPERATION, currency="SAR"))) == ["amount"]


def test_a_resend_names_a_channel(platform: Contract) -> None:
    body: dict[str, Any] = {"order_no": "A", "channels": []}

    assert errors(judge(platform, body, key=RESEND)) == {
        "channels": ["This list may not be empty."]
    }


def test_what_the_document_refused_is_not_judged_again(platform: Contract) -> None:
    body = {"operation": "refund", "order_no": "A", "amount": "1.00001"}

    told = errors(judge(platform, body, key=OPERATION, currency="KWD"))

    (message,) = told.pop("amount")
    assert message.startswith("This value does not match the pattern ^-?")
    assert not told


def test_nobody_is_told_twice_of_one_mistake(platform: Contract, checkout: dict[str, Any]) -> None:
    checkout |= {"amount": "abc", "currency_code": 5.5, "webhook_url": "x", "pg_codes": [""]}

    told = errors(judge(platform, checkout))

    assert told["amount"] == ["A valid number is required."]
    assert told["webhook_url"] == [BAD_URL]
    assert len(told["currency_code"]) == 1
