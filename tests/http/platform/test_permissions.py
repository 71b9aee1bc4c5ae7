"""Who may call what, when a file lists the callers."""

import base64
import re
from pathlib import Path

import pytest

from sandbox.contract.checking import Contract
from sandbox.domain.credentials import Permission
from sandbox.domain.settings import PAGE_CALLS
from sandbox.settings import ServerSettings
from tests.http.merchant import CHECKOUT, OPERATION, Merchant
from tests.http.platform.callers import (
    CALLERS,
    ONE_EACH,
    PASSWORD,
    PRIVATE,
    PUBLIC,
    basic,
    settings_with,
)
from tests.http.receiver import Receiver

NOBODY = {"session_id": "0" * 40}
# Each call that needs a permission, by that permission.
GUARDED = [
    *(
        (Permission(f"payment.{each}"), "POST", OPERATION, {**NOBODY, "operation": each})
        for each in ("cancel", "expire", "delete", "capture", "void", "refund")
    ),
    (Permission.INQUIRY, "POST", "/b/pbl/v2/inquiry/", NOBODY),
    (Permission.VIEW_REPORTS, "GET", "/b/api/v1/reports/files/", None),
    (Permission.VIEW_REPORTS, "GET", "/b/api/v1/reports/files/abc/download/", None),
]
APPLE = "/b/pbl/v2/payment/apple-pay/"
METHODS = "/b/pbl/v2/payment-methods/"


@pytest.fixture
def server_settings(tmp_path: Path) -> ServerSettings:
    return settings_with(tmp_path, CALLERS.replace("clients:", f"{ONE_EACH}\nclients:"))


@pytest.mark.parametrize("held", list(Permission))
async def test_each_permission_opens_its_own_calls_and_no_other(
    merchant: Merchant, held: Permission
) -> None:
    user = merchant.as_user(basic(held.name.lower()))

    for needed, method, path, body in GUARDED:
        reply = await user.call(method, path, body)

        refusal = f"The permission `{needed}` is missing; the credentials file can give it."
        if needed is held:
            assert reply.status not in (401, 403), (needed, reply.body)
        else:
            assert (reply.status, reply.json) == (403, {"detail": refusal})


async def test_what_needs_no_permission_is_open_to_every_user_who_is_known(
    merchant: Merchant, contract: Contract
) -> None:
    guest = merchant.as_user(basic("guest"))

    for operation in contract.operations.values():
        reply = await guest.call(operation.method, concrete(operation.path))

        guarded = {"/b/pbl/v2/inquiry/", *(path for _, _, path, _ in GUARDED if "report" in path)}
        if concrete(operation.path) in guarded:
            assert reply.status == 403, operation.key
        else:
            assert reply.status not in (401, 403), operation.key


async def test_an_api_key_may_do_everything(merchant: Merchant, contract: Contract) -> None:
    shop = merchant.as_user(PRIVATE)

    statuses = {
        (await shop.call(method, path, body)).status for _, method, path, body in GUARDED
    } | {
        (await shop.call(each.method, concrete(each.path))).status
        for each in contract.operations.values()
    }

    assert not statuses & {401, 403}


async def test_a_missing_permission_is_told_before_a_body_that_is_wrong(merchant: Merchant) -> None:
    guest = merchant.as_user(basic("guest"))

    assert (await guest.call("POST", "/b/pbl/v2/inquiry/", data=b"{")).status == 403
    assert (await guest.call("POST", OPERATION, {"operation": "refund"})).status == 403
    assert (await guest.call("POST", OPERATION, {"operation": "sell"})).status == 400


async def test_an_operation_in_a_form_needs_its_permission_too(merchant: Merchant) -> None:
    guest = merchant.as_user(basic("guest"))
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    reply = await guest.call("POST", OPERATION, headers=form, data=b"operation=void&order_no=1")

    assert reply.status == 403
    assert "payment.void" in reply.json["detail"]


async def test_a_refused_operation_changes_nothing(merchant: Merchant) -> None:
    shop, guest = merchant.as_user(PRIVATE), merchant.as_user(basic("guest@shop"))
    payment = await shop.checkout()

    refused = await guest.operate(payment, "cancel")

    assert refused.status == 403
    assert (await shop.transaction(payment))["state"] == "created"
    assert (await shop.operate(payment, "cancel")).status == 200


async def test_a_public_key_opens_only_what_a_page_calls(
    merchant: Merchant, contract: Contract
) -> None:
    page = merchant.as_user(PUBLIC)

    for operation in contract.operations.values():
        reply = await page.call(operation.method, concrete(operation.path))

        if operation.path in PAGE_CALLS:
            assert reply.status != 401, operation.key
        else:
            assert reply.status == 401, operation.key
            assert "public key" in reply.json["detail"]


async def test_a_setting_says_what_a_public_key_opens(merchant: Merchant) -> None:
    page = merchant.as_user(PUBLIC)

    changed = await page.control(
        "PATCH", "/settings", {"public_key_calls": ["get_payment_methods", APPLE.rstrip("/")]}
    )

    assert changed.status == 200, changed.body
    assert (await page.call("POST", METHODS)).status == 400
    assert (await page.call("POST", APPLE)).status == 400
    assert (await page.call("POST", "/b/pbl/v2/payment/google-pay/")).status == 401


@pytest.mark.parametrize(
    ("calls", "said"),
    [
        (["/b/pbl/v2/payment/aple-pay/"], "Did you mean `/b/pbl/v2/payment/apple-pay/`?"),
        ([7], "expected a list of operation ids"),
        ("get_payment_methods", "expected a list of operation ids"),
    ],
)
async def test_a_public_key_is_not_given_calls_that_there_are_not(
    merchant: Merchant, calls: object, said: str
) -> None:
    reply = await merchant.as_user(PUBLIC).control(
        "PATCH", "/settings", {"public_key_calls": calls}
    )

    assert reply.status == 400
    assert said in reply.body.decode()


@pytest.mark.parametrize(
    ("credentials", "said"),
    [
        ("Api-Key shop-privat", "does not have this API key"),
        ("Api-Key w1.any", "does not have this API key"),
        ("Token nobody", "does not have this API key"),
        (basic("nobody"), "does not have this user"),
        (basic("noura", "pass-word"), "password is not the one of this user"),
        (basic("noura@shop.example.com"), "does not have this user"),
        ("Bearer opaque", "not one of this sandbox"),
        ("Bearer shop-private", "This is an API key, not a token"),
        ("Bearer e30.eyJwcmVmZXJyZWRfdXNlcm5hbWUiOiJub3VyYSJ9.c2ln", "signature of the token"),
        ("Bearer caf\udce9.caf\udce9.caf\udce9", "not one of this sandbox"),
    ],
)
async def test_who_is_not_listed_is_told_what_is_wrong_and_no_secret(
    merchant: Merchant, credentials: str, said: str
) -> None:
    reply = await merchant.as_user(credentials).call("POST", CHECKOUT, merchant.checkout_body())

    assert reply.status == 401
    assert said in reply.json["detail"]
    assert reply.headers["WWW-Authenticate"]
    listed = re.findall(r"(?:key|password|secret): ([\w.-]+)", CALLERS)
    assert not [each for each in (*listed, "privat", PASSWORD) if each in reply.json["detail"]]


async def test_the_old_forms_of_a_listed_key_are_taken(merchant: Merchant) -> None:
    shop = merchant.as_user("Token shop-private")

    await shop.checkout()

    assert await shop.findings() == ["token_scheme"]


async def test_the_user_who_acts_is_the_initiator(merchant: Merchant, receiver: Receiver) -> None:
    noura = merchant.as_user(basic("noura"))
    await noura.control("PATCH", "/settings", {"operations_webhook_url": receiver.url})
    payment = await noura.paid()

    refunded = await noura.refund(payment, "1.000")
    await noura.control("POST", "/settle")

    paid, operation = receiver.payloads
    assert paid["initiator"] == {
        "email": "noura@shop.example.com",
        "first_name": "Noura",
        "id": 7,
        "last_name": "Al-Sabah",
        "username": "noura",
    }
    assert operation["initiator"] == refunded.json["initiator"] == paid["initiator"]


async def test_what_the_file_does_not_say_of_a_user_follows_from_the_name(
    merchant: Merchant, receiver: Receiver
) -> None:
    await merchant.as_user(basic("guest")).paid()

    (paid,) = receiver.payloads
    assert paid["initiator"].keys() == {"email", "id", "username"}
    assert paid["initiator"]["username"] == "guest"


async def test_an_api_key_is_no_initiator(merchant: Merchant, receiver: Receiver) -> None:
    await merchant.as_user(PRIVATE).paid()

    assert "initiator" not in receiver.payloads[0]


@pytest.mark.parametrize(
    ("credentials", "workspace"),
    [
        (PRIVATE, "shop"),
        (basic("noura"), "shop"),
        (basic("noura@elsewhere"), "shop"),
        ("Api-Key w7.other-private", "w7"),
        (basic("guest"), "default"),
        (basic("guest@w8"), "w8"),
    ],
)
async def test_the_file_gives_the_workspace_else_the_credential_itself(
    merchant: Merchant, credentials: str, workspace: str
) -> None:
    caller = merchant.as_user(credentials)

    payment = await caller.checkout()

    (listed,) = (await caller.control("GET", "/transactions")).json["items"]
    assert listed["session_id"] == payment["session_id"]
    health = (await caller.control("GET", "/health")).json
    assert health["counts"]["transactions"] == 1
    (request,) = (await caller.control("GET", "/requests")).json["items"]
    assert request["workspace"] == workspace


async def test_the_workspace_header_wins_over_the_file(merchant: Merchant) -> None:
    moved = {"X-Sandbox-Workspace": "w9"}

    reply = await merchant.as_user(PRIVATE).call(
        "POST", CHECKOUT, merchant.checkout_body(), headers=moved
    )

    assert reply.status == 201
    there = await merchant.in_workspace("w9").control("GET", "/transactions")
    assert [each["session_id"] for each in there.json["items"]] == [reply.json["session_id"]]


async def test_a_refused_call_is_in_the_journal_of_the_workspace_that_was_meant(
    merchant: Merchant,
) -> None:
    await merchant.as_user(basic("noura", "wrong")).call("POST", CHECKOUT, {})

    (request,) = (await merchant.as_user(PRIVATE).control("GET", "/requests")).json["items"]
    assert (request["status"], request["workspace"]) == (401, "shop")
    assert base64.b64encode(b"noura:wrong").decode() not in str(request)


def concrete(path: str) -> str:
    """Return a path with something in place of its parameters."""
    return re.sub(r"\{[^}]*\}", "abc", path)
