"""What a gateway would have answered: in its own words, and the same in every run."""

import pytest

from sandbox.domain.gateways import Gateway
from sandbox.domain.operations import Operation
from sandbox.domain.states import AttemptState, ChildState
from sandbox.webhooks.gateway_response import (
    GatewayAnswer,
    answer_to_attempt,
    answer_to_operation,
    masked,
)
from tests.unit.webhooks.payments import (
    KNET,
    MPGS,
    MPGS_AUTHORIZE,
    UNLISTED,
    authorized,
    checkout,
    operated,
    paid,
    tried,
)

PG_PARAMS = frozenset(
    """
    auth_code card_type card_holder cardholder_email card_expiry_month card_expiry_year
    full_card_expiry card_number card_issuer ref result track_id post_date transaction_id
    payment_id pg_message receipt_no transaction_no decision card_expiry card_details
    dcc_payer_amount dcc_payer_currency dcc_payer_exchange_rate rrn
    """.split()
)
GATEWAYS = (MPGS, MPGS_AUTHORIZE, KNET, UNLISTED)
each_gateway = pytest.mark.parametrize("gateway", GATEWAYS, ids=lambda gateway: gateway.code)


def answered(
    ended: AttemptState,
    gateway: Gateway = MPGS,
    *,
    gateway_code: str | None = None,
    message: str | None = None,
    card: str | None = None,
) -> GatewayAnswer:
    payment = tried(
        checkout(), ended, gateway, gateway_code=gateway_code, message=message, card=card
    )
    return answer_to_attempt(payment, payment.attempts[-1], gateway)


@each_gateway
@pytest.mark.parametrize("ended", AttemptState)
def test_only_documented_names_are_used_and_equal_tries_get_equal_answers(
    gateway: Gateway, ended: AttemptState
) -> None:
    answer = answered(ended, gateway)

    assert answer.params.keys() <= PG_PARAMS
    assert answer.response
    assert answered(ended, gateway) == answer


@each_gateway
def test_only_a_success_has_an_authorization_code(gateway: Gateway) -> None:
    assert len(str(answered(AttemptState.SUCCESS, gateway).params["auth_code"])) == 6
    assert "auth_code" not in answered(AttemptState.FAILED, gateway).params
    assert "auth_code" not in answered(AttemptState.CANCELED, gateway).params


@each_gateway
def test_a_decline_names_the_gateways_code_and_words(gateway: Gateway) -> None:
    answer = answered(AttemptState.FAILED, gateway, gateway_code="51", message="Insufficient funds")

    assert answer.params["pg_message"] == "51 Insufficient funds"
    assert "51" in str(answer.response)


@pytest.mark.parametrize(
    ("gateway", "success", "failed"),
    [
        (MPGS, "SUCCESS", "FAILURE"),
        (KNET, "CAPTURED", "NOT CAPTURED"),
        (UNLISTED, "APPROVED", "DECLINED"),
    ],
)
def test_each_family_has_its_own_words(gateway: Gateway, success: str, failed: str) -> None:
    assert answered(AttemptState.SUCCESS, gateway).params["result"] == success
    assert answered(AttemptState.FAILED, gateway).params["result"] == failed


@each_gateway
def test_a_gateway_that_was_not_reached_said_nothing_of_its_own(gateway: Gateway) -> None:
    answer = answered(AttemptState.ERROR, gateway, message="Unable to redirect to the PG")

    assert answer.response == {"error": "Unable to redirect to the PG"}
    assert answer.params["result"] == "ERROR"


def test_a_promise_of_cash_is_accepted_without_an_authorization() -> None:
    params = answered(AttemptState.COD, UNLISTED).params

    assert params["result"] == "ACCEPTED"
    assert "auth_code" not in params


def test_the_payers_card_is_masked() -> None:
    answer = answered(AttemptState.SUCCESS, card="5123 4500 0000 0008")

    assert answer.params["card_number"] == "512345******0008"
    assert "5123450000000008" not in str(answer)


def test_a_try_without_a_card_shows_the_gateways_usual_one() -> None:
    params = answered(AttemptState.SUCCESS, MPGS).params

    assert (params["card_number"], params["card_type"]) == ("450875******1019", "VISA")
    assert "card_number" not in answered(AttemptState.SUCCESS, UNLISTED).params


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("4508750015741019", "450875******1019"),
        ("345678901234564", "345678*****4564"),
        ("450875******1019", "450875******1019"),
        ("4111", "4111"),
    ],
)
def test_masking_keeps_six_digits_and_four(number: str, shown: str) -> None:
    assert masked(number) == shown


def test_two_tries_have_different_numbers() -> None:
    payment = tried(tried(checkout(), AttemptState.FAILED), AttemptState.SUCCESS)
    first, second = (answer_to_attempt(payment, attempt, MPGS) for attempt in payment.attempts)

    assert first.params["transaction_id"] != second.params["transaction_id"]


@each_gateway
@pytest.mark.parametrize(
    ("operation", "state"),
    [
        (Operation.CAPTURE, ChildState.PAID),
        (Operation.VOID, ChildState.VOIDED),
        (Operation.REFUND, ChildState.REFUNDED),
        (Operation.REFUND, ChildState.REFUND_QUEUED),
        (Operation.REFUND, ChildState.REFUND_REJECTED),
    ],
)
def test_operations_are_answered_with_their_own_amount(
    gateway: Gateway, operation: Operation, state: ChildState
) -> None:
    payment, child = operated(authorized(), operation, state, "4.000")

    answer = answer_to_operation(payment, child, gateway)

    assert "4.000" in str(answer.response)
    assert answer.params.keys() <= PG_PARAMS
    assert answer.params["track_id"] == child.reference_number


def test_a_queued_refund_is_still_pending_at_the_gateway() -> None:
    payment, child = operated(paid(), Operation.REFUND, ChildState.REFUND_QUEUED, "4.000")

    assert answer_to_operation(payment, child, MPGS).params["result"] == "PENDING"
