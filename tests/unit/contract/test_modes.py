"""What each mode converts, tolerates and refuses."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from sandbox.contract.checking import Contract
from sandbox.domain.settings import ValidationMode
from tests.unit.contract.awkward import contract
from tests.unit.contract.calls import errors, judge, remarks

PAY = "POST /b/pay/"


class TestCompatible:
    @pytest.mark.parametrize(
        ("field", "sent", "read", "code"),
        [
            ("amount", 12.5, "12.5", "amount_as_number"),
            ("amount", 12, "12", "amount_as_number"),
            ("amount", 1e2, "100.0", "amount_as_number"),
            ("amount", "1e2", "100", "amount_notation"),
            ("amount", "\u0661\u0662.\u0665", "12.5", "amount_notation"),
            ("amount", " 12 ", "12", "amount_notation"),
            ("order_no", 17, "17", "coerced_value"),
            ("order_no", 1.5, "1.5", "coerced_value"),
            ("generate_qr_code", "true", True, "coerced_value"),
            ("generate_qr_code", "0", False, "coerced_value"),
            ("generate_qr_code", 1, True, "coerced_value"),
            ("initiator_id", "7", 7, "coerced_value"),
            ("initiator_id", "7.0", 7, "coerced_value"),
        ],
    )
    def test_what_the_framework_converts_passes_with_a_remark(
        self,
        platform: Contract,
        checkout: dict[str, Any],
        field: str,
        sent: object,
        read: object,
        code: str,
    ) -> None:
        checked = judge(platform, {**checkout, field: sent})

        assert checked.violations == ()
        assert checked.value[field] == read
        assert type(checked.value[field]) is type(read)
        assert remarks(checked) == [(code, field)]

    @pytest.mark.parametrize(
        ("field", "sent"),
        [
            *product(["amount"], ["", "abc", "NaN", "1_0", "1e99", True, [], 1e300]),
            *product(["generate_qr_code"], ["", "maybe", 2, "TrUe", None]),
            *product(["initiator_id"], ["", "2.5", "x", 1.5, True, "9" * 30]),
            ("order_no", 10**50),
            ("pg_codes", "knet"),
        ],
    )
    def test_what_the_framework_refuses_is_refused(
        self, platform: Contract, checkout: dict[str, Any], field: str, sent: object
    ) -> None:
        assert list(errors(judge(platform, {**checkout, field: sent}))) == [field]

    def test_the_caller_s_own_object_is_left_alone(
        self, platform: Contract, checkout: dict[str, Any]
    ) -> None:
        checkout["billing_address"] = {"line1": 5, "city": "x", "country": "KW"}

        checked = judge(platform, checkout)

        assert checked.value["billing_address"]["line1"] == "5"
        assert checkout["billing_address"]["line1"] == 5

    def test_undeclared_fields_pass_with_the_nearest_name(
        self, platform: Contract, checkout: dict[str, Any]
    ) -> None:
        sent = {**checkout, "shiping_address": {"a": 1}, "zzz": 1}

        checked = judge(platform, sent)

        assert checked.violations == ()
        assert remarks(checked) == [
            ("undeclared_field", "shiping_address"),
            ("undeclared_field", "zzz"),
        ]
        assert checked.remarks[0].hint == "Did you mean `shipping_address`?"
        assert checked.value is sent

    def test_undeclared_fields_are_found_wherever_they_are(
        self, platform: Contract, checkout: dict[str, Any]
    ) -> None:
        checkout["billing_address"] = {"line1": "a", "city": "b", "country": "KW", "zip": "1"}
        checkout["payment_instrument"] = {"payload": {"token": "t", "tokn": "x"}}

        assert remarks(judge(platform, checkout)) == [
            ("undeclared_field", "billing_address.zip"),
            ("undeclared_field", "payment_instrument.payload.tokn"),
        ]

    def test_open_objects_are_not_looked_into(
        self, platform: Contract, checkout: dict[str, Any]
    ) -> None:
        checkout["extra"] = {"anything": {"at": ["all"]}}
        checkout["loyalty"] = {"enabled": True, "metadata": {"tier": "gold"}}

        assert remarks(judge(platform, checkout)) == []

    def test_read_only_fields_are_ignored_with_a_remark(self, tmp_path: Path) -> None:
        body = {
            "amount": "1",
            "method": {"payload": {"token": "t"}},
            "state": 5,
            "rows": [{"id": 1, "made": "x"}],
        }

        checked = judge(contract(tmp_path), body, key=PAY)

        assert checked.violations == ()
        assert remarks(checked) == [
            ("read_only_field", "state"),
            ("read_only_field", "rows.0.made"),
        ]


class TestStrict:
    @pytest.mark.parametrize(
        ("field", "sent", "message"),
        [
            ("amount", 12.5, "Not a valid string."),
            ("amount", "1e2", "A valid number is required."),
            ("amount", "١٢", "A valid number is required."),
            ("order_no", 17, "Not a valid string."),
            ("generate_qr_code", "true", "Must be a valid boolean."),
            ("initiator_id", "7", "A valid integer is required."),
            ("shiping_address", {}, "The field `shiping_address` is not declared. Did you mean `shipping_address`?"),
        ],
    )  # fmt: skip
    def test_nothing_is_converted_or_ignored(
        self,
        platform: Contract,
        checkout: dict[str, Any],
        field: str,
        sent: object,
        message: str,
    ) -> None:
        checked = judge(platform, {**checkout, field: sent}, mode=ValidationMode.STRICT)

        assert errors(checked) == {field: [message]}
        assert checked.remarks == ()

    def test_read_only_fields_are_violations(self, tmp_path: Path) -> None:
        body = {"amount": "1", "method": {"payload": {"token": "t"}}, "state": "paid"}

        checked = judge(contract(tmp_path), body, key=PAY, mode=ValidationMode.STRICT)

        assert [one.rule for one in checked.violations] == ["read_only"]


def test_off_lets_pass_what_can_be_understood_and_converts_what_it_can(
    platform: Contract, checkout: dict[str, Any]
) -> None:
    odd = {
        "amount": 5,
        "order_no": "\0",
        "x": 1,
        "customer_email": "nobody",
        "webhook_url": "nowhere",
    }

    checked = judge(platform, {**checkout, **odd}, mode=ValidationMode.OFF)

    assert (checked.violations, checked.remarks) == ((), ())
    assert checked.value["amount"] == "5"


class TestForms:
    FORM = {"type": "e_commerce", "amount": "12.500", "currency_code": "KWD"}  # noqa: RUF012

    @pytest.mark.parametrize("mode", [ValidationMode.STRICT, ValidationMode.COMPATIBLE])
    def test_texts_are_read_by_the_schema_without_a_remark(
        self, platform: Contract, mode: ValidationMode
    ) -> None:
        form = {**self.FORM, "pg_codes": "knet", "generate_qr_code": "true", "initiator_id": "7"}

        checked = judge(platform, form, mode=mode, textual=True)

        assert (checked.violations, checked.remarks) == ((), ())
        assert checked.value["pg_codes"] == ["knet"]
        assert checked.value["generate_qr_code"] is True
        assert checked.value["initiator_id"] == 7

    def test_a_repeated_name_is_a_list_already(self, platform: Contract) -> None:
        checked = judge(platform, {**self.FORM, "pg_codes": ["a", "b"]}, textual=True)

        assert checked.value["pg_codes"] == ["a", "b"]
        assert checked.violations == ()

    def test_a_list_inside_an_object_may_be_a_single_text(self, platform: Contract) -> None:
        body = {**self.FORM, "pg_codes": "a", "customer_email": "a@b.co"}

        checked = judge(platform, {**body, "notifications": {"email": "paid"}}, textual=True)

        assert checked.violations == ()
        assert checked.value["notifications"] == {"email": ["paid"]}

    def test_an_empty_text_is_no_number_and_no_boolean(self, platform: Contract) -> None:
        form = {**self.FORM, "pg_codes": "a", "generate_qr_code": "", "initiator_id": ""}

        assert errors(judge(platform, form, textual=True)) == {
            "generate_qr_code": ["Must be a valid boolean."],
            "initiator_id": ["A valid integer is required."],
        }

    def test_notation_of_amounts_counts_in_forms_too(self, platform: Contract) -> None:
        form = {**self.FORM, "pg_codes": "a", "amount": "1e2"}

        assert remarks(judge(platform, form, textual=True)) == [("amount_notation", "amount")]
        assert errors(judge(platform, form, textual=True, mode=ValidationMode.STRICT)) == {
            "amount": ["A valid number is required."]
        }


class TestTolerances:
    @pytest.mark.parametrize("mode", list(ValidationMode))
    def test_channels_of_notifications_may_be_written_in_any_case(
        self, platform: Contract, checkout: dict[str, Any], mode: ValidationMode
    ) -> None:
        checkout |= {"customer_phone": "+96550000000", "customer_email": "a@b.co"}
        checkout["notifications"] = {"SMS": ["paid"], "Email": ["paid"], "whatsapp": []}

        checked = judge(platform, checkout, mode=mode)

        assert (checked.violations, checked.remarks) == ((), ())
        assert checked.value["notifications"] == {
            "sms": ["paid"],
            "email": ["paid"],
            "whatsapp": [],
        }

    def test_of_a_channel_in_two_cases_the_lower_one_counts(
        self, platform: Contract, checkout: dict[str, Any]
    ) -> None:
        checkout |= {"customer_phone": "1", "notifications": {"sms": ["paid"], "SMS": ["failed"]}}

        assert judge(platform, checkout).value["notifications"] == {"sms": ["paid"]}

    def test_the_events_of_a_channel_are_exact(
        self, platform: Contract, checkout: dict[str, Any]
    ) -> None:
        checkout |= {"customer_phone": "1", "notifications": {"SMS": ["Paid"]}}

        assert list(errors(judge(platform, checkout))["notifications"]["sms"]) == ["0"]

    @pytest.mark.parametrize("mode", [ValidationMode.STRICT, ValidationMode.COMPATIBLE])
    @pytest.mark.parametrize("day", ["2026-12-31", "31/12/2026"])
    def test_dates_of_an_agreement_come_in_two_notations(
        self, platform: Contract, checkout: dict[str, Any], mode: ValidationMode, day: str
    ) -> None:
        checkout["agreement"] = {"id": "A", "start_date": day, "expiry_date": day}

        checked = judge(platform, checkout, mode=mode)

        assert checked.violations == ()
        assert checked.value["agreement"]["start_date"] == day
