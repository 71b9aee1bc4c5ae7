"""The list of gateways with its filters."""

from typing import Any, Final

import pytest

from tests.http.merchant import Merchant, Reply
from tests.http.platform.charging import CUSTOMER, Charging

METHODS: Final = "/b/pbl/v2/payment-methods/"
ANY: Final = {"plugin": "e_commerce"}


async def asked(merchant: Merchant, **filters: object) -> Reply:
    return await merchant.call("POST", METHODS, {**ANY, **filters})


async def listed(merchant: Merchant, **filters: object) -> dict[str, dict[str, Any]]:
    reply = await asked(merchant, **filters)
    assert reply.status == 200, reply.body
    return {each["code"]: each for each in reply.json["payment_methods"]}


async def test_a_gateway_is_listed_with_all_that_it_can_do(merchant: Merchant) -> None:
    assert (await listed(merchant))["kpay"] == {
        "code": "kpay",
        "name": "kpay",
        "is_sandbox": True,
        "logo": f"{merchant.url}/b/checkout/icons/card.svg",
        "wallets": ["ApplePay"],
        "payment_services": [
            {"code": "apple_pay", "name": "Apple Pay"},
            {"code": "wallet_ottu", "name": "Wallet", "name_ar": "المحفظة"},
        ],
        "default_currency": "KWD",
        "accepted_currencies": ["KWD"],
        "operation": "purchase",
        "operations": ["refund"],
        "is_tokenizable": False,
        "auto_debit_enabled": False,
        "tags": ["e_commerce", "government", "retail"],
    }


async def test_a_listed_code_and_currency_make_a_payment_there(merchant: Merchant) -> None:
    for code, gateway in (await listed(merchant, currencies=["OMR"])).items():
        payment = await merchant.checkout("1.000", "OMR", pg_codes=[code])

        assert payment["operation"] == gateway["operation"]
        assert payment["payment_methods"][0]["currency_code"] == "OMR"


@pytest.mark.parametrize(
    ("filters", "among", "missing"),
    [
        ({"currencies": ["KWD"]}, "kpay", "qpay"),
        ({"currencies": ["QAR", "KWD"]}, "qpay", "paypal"),
        ({"operation": "authorize"}, "mpgs-auth", "mpgs"),
        ({"operation": "purchase"}, "mpgs", "mpgs-auth"),
        ({"tokenizable": True}, "tap", "kpay"),
        ({"tokenizable": False}, "kpay", "tap"),
        ({"auto_debit": True}, "mpgs", "rajhi"),
        ({"auto_debit": False}, "rajhi", "mpgs"),
        ({"pg_names": ["kpay"]}, "knet", "mpgs"),
        ({"type": "sandbox"}, "knet", "none"),
        ({"tags": ["subscriptions", "pos"]}, "cash", "kpay"),
        ({"payment_services": ["samsung_pay"]}, "cybersource", "tap"),
        ({"payment_services": ["wallet"]}, "knet", "mpgs-auth"),
        ({"currencies": [], "tags": []}, "knet", "none"),
    ],
)
async def test_each_filter_leaves_what_fits_it(
    merchant: Merchant, filters: dict[str, object], among: str, missing: str
) -> None:
    found = await listed(merchant, **filters)

    assert among in found
    assert missing not in found


async def test_filters_hold_together(merchant: Merchant) -> None:
    found = await listed(
        merchant, currencies=["SAR"], tokenizable=True, auto_debit=False, pg_names=["rajhi", "mpgs"]
    )

    assert list(found) == ["rajhi"]


async def test_no_gateway_is_live(merchant: Merchant) -> None:
    assert await listed(merchant, type="production") == {}


async def test_a_customer_sees_the_gateways_that_were_paid_through(merchant: Merchant) -> None:
    await merchant.paid(customer_id=CUSTOMER, pg_codes=["knet"])
    await merchant.paid(customer_id=CUSTOMER, pg_codes=["knet"])
    await merchant.paid(customer_id="somebody-else", pg_codes=["tap"])
    declined = await merchant.checkout(customer_id=CUSTOMER, pg_codes=["hesabe"])
    await merchant.pay(declined, outcome="failed")

    reply = await asked(merchant, customer_id=CUSTOMER)

    assert [each["code"] for each in reply.json["customer_payment_methods"]] == ["knet"]
    assert len(reply.json["payment_methods"]) > 40
    assert (await asked(merchant)).json["customer_payment_methods"] == []


async def test_a_saved_card_shows_its_gateway_unless_a_filter_leaves_it_out(
    merchant: Merchant,
) -> None:
    charging = Charging(merchant)
    await charging.saved(amount="0", payment_type="save_card", pg_codes=["mpgs"])

    everywhere = await asked(merchant, customer_id=CUSTOMER)
    in_rupees = await asked(merchant, customer_id=CUSTOMER, currencies=["INR"])

    assert [each["code"] for each in everywhere.json["customer_payment_methods"]] == ["mpgs"]
    assert in_rupees.json["customer_payment_methods"] == []


async def test_without_a_wallet_service_no_gateway_has_one(merchant: Merchant) -> None:
    await merchant.control("PATCH", "/settings", {"wallet": False})

    assert await listed(merchant, payment_services=["wallet"]) == {}
    assert (await listed(merchant))["wallet"]["payment_services"] == []


async def test_an_unknown_plugin_has_no_gateways_and_is_remarked_on(merchant: Merchant) -> None:
    assert await listed(merchant, plugin="e_comerce") == {}

    assert "unknown_plugin" in await merchant.findings()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "plugin"),
        ({**ANY, "currencies": ["KWD", "KWT"]}, "currencies"),
        ({**ANY, "operation": "refund"}, "operation"),
        ({**ANY, "tags": ["bakery"]}, "tags"),
        ({**ANY, "payment_services": ["paypal"]}, "payment_services"),
        ({**ANY, "type": "test"}, "type"),
        ({**ANY, "tokenizable": "perhaps"}, "tokenizable"),
    ],
)
async def test_a_wrong_filter_is_a_field_error(
    merchant: Merchant, body: dict[str, object], field: str
) -> None:
    reply = await merchant.call("POST", METHODS, body)

    assert (reply.status, list(reply.json)) == (400, [field])


async def test_a_form_lists_its_values(merchant: Merchant) -> None:
    reply = await merchant.call(
        "POST",
        METHODS,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        data=b"plugin=payment_request&currencies[0]=KWD&pg_names[0]=kpay&tokenizable=false",
    )

    codes = [each["code"] for each in reply.json["payment_methods"]]
    assert codes == ["knet", "knet-fee", "kpay"]


async def test_without_validation_nothing_breaks_it(merchant: Merchant) -> None:
    await merchant.control("PATCH", "/settings", {"validation": "off"})

    reply = await asked(merchant, currencies="KWD", tags=7, pg_names={}, payment_services=3)

    assert reply.status == 200
