"""Bearer tokens: how a program fetches one, and what it is good for."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from sandbox.domain.clock import STOPPED_START, Clock
from sandbox.settings import ServerSettings
from sandbox.web.tokens import TokenSigner, claims_of
from tests.http.merchant import CHECKOUT, Merchant, Reply
from tests.http.platform.callers import CALLERS, PASSWORD, SECRET, basic, settings_with
from tests.http.receiver import Receiver

TOKEN = "/auth/realms/bazaar/protocol/openid-connect/token"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BACKEND = {"grant_type": "client_credentials", "client_id": "backend", "client_secret": SECRET}
NOURA = {**BACKEND, "grant_type": "password", "username": "noura", "password": PASSWORD}

listed_only = pytest.mark.parametrize("callers", [CALLERS], indirect=True)
anybody_only = pytest.mark.parametrize("callers", [None], indirect=True)


@pytest.fixture(params=[CALLERS, None], ids=["listed", "anybody"])
def callers(request: pytest.FixtureRequest) -> str | None:
    """Who is known: those of a file, or everybody."""
    text: str | None = request.param
    return text


@pytest.fixture
def server_settings(callers: str | None, tmp_path: Path) -> ServerSettings:
    if callers is None:
        return ServerSettings(port=0, seed=1, clock=Clock(stopped_at=STOPPED_START))
    return settings_with(tmp_path, callers)


async def ask(
    merchant: Merchant, fields: Mapping[str, str], headers: Mapping[str, str] | None = None
) -> Reply:
    """Ask for a token, as a program without other credentials."""
    sent = {**FORM, "Authorization": "", **(headers or {})}
    return await merchant.call("POST", TOKEN, headers=sent, data=urlencode(fields).encode())


async def token_of(merchant: Merchant, fields: Mapping[str, str]) -> str:
    reply = await ask(merchant, fields)
    assert reply.status == 200, reply.body
    return str(reply.json["access_token"])


async def bearer(merchant: Merchant, fields: Mapping[str, str]) -> Merchant:
    """Return the merchant calling with a token that it has fetched."""
    return merchant.as_user(f"Bearer {await token_of(merchant, fields)}")


@pytest.mark.parametrize("fields", [BACKEND, NOURA], ids=["client", "user"])
async def test_a_token_is_answered_as_the_login_service_does(
    merchant: Merchant, fields: Mapping[str, str]
) -> None:
    reply = await ask(merchant, fields)

    assert reply.status == 200
    assert reply.json.keys() == {"access_token", "expires_in", "token_type"}
    assert (reply.json["expires_in"], reply.json["token_type"]) == (300, "Bearer")
    assert reply.headers["Cache-Control"] == "no-store"
    claims = claims_of(reply.json["access_token"])
    assert claims["iss"] == f"{merchant.url}/auth/realms/bazaar"
    assert claims["azp"] == "backend"
    assert claims["exp"] == STOPPED_START.timestamp() + 300


@pytest.mark.parametrize(
    ("fields", "username"), [(BACKEND, "service-account-backend"), (NOURA, "noura")]
)
async def test_who_has_the_token_is_the_initiator(
    merchant: Merchant, receiver: Receiver, fields: Mapping[str, str], username: str
) -> None:
    await (await bearer(merchant, fields)).paid()

    assert receiver.payloads[0]["initiator"]["username"] == username


@listed_only
async def test_a_token_has_the_permissions_of_its_client_or_user(merchant: Merchant) -> None:
    backend, noura = await bearer(merchant, BACKEND), await bearer(merchant, NOURA)
    payment = await noura.paid()

    assert (await backend.operate(payment, "void")).status == 403
    assert (await backend.refund(payment, "1.000")).status == 200
    assert (await noura.operate(payment, "delete")).status == 200


@listed_only
async def test_a_user_may_be_named_by_an_email_address(
    merchant: Merchant, receiver: Receiver
) -> None:
    fields = {**NOURA, "username": "guest@shop.example.com"}

    await (await bearer(merchant, fields)).paid()

    assert receiver.payloads[0]["initiator"]["username"] == "guest@shop.example.com"


@listed_only
async def test_the_user_of_a_token_is_shown_as_the_file_has_it(
    merchant: Merchant, receiver: Receiver
) -> None:
    await (await bearer(merchant, NOURA)).paid()

    assert receiver.payloads[0]["initiator"]["first_name"] == "Noura"


async def test_a_token_ends_by_the_clock_of_the_workspace(merchant: Merchant) -> None:
    caller = await bearer(merchant, NOURA)
    await caller.checkout()
    await caller.clock.advance("4m59s")
    await caller.checkout()

    await caller.clock.advance("1s")
    late = await caller.call("POST", CHECKOUT, caller.checkout_body())

    assert late.status == 401
    assert "The token expired at 2026-01-01T00:05:00Z by the clock" in late.json["detail"]
    assert "/protocol/openid-connect/token" in late.json["detail"]
    assert (await (await bearer(merchant, NOURA)).checkout())["session_id"]


@listed_only
async def test_a_token_signed_by_another_is_refused(merchant: Merchant) -> None:
    token = await token_of(merchant, NOURA)
    head, body, _ = token.split(".")
    foreign = TokenSigner(2).sign(claims_of(token))
    more = base64.urlsafe_b64encode(
        json.dumps({**claims_of(token), "exp": 9_999_999_999}).encode()
    ).decode()

    for forged in (foreign, f"{head}.{body}.", f"{head}.{more.rstrip('=')}.{token.split('.')[2]}"):
        reply = await merchant.as_user(f"Bearer {forged}").call("POST", CHECKOUT, {})
        assert reply.status == 401
        assert "signature" in reply.json["detail"]


@listed_only
async def test_a_token_of_somebody_who_is_not_listed_is_refused(merchant: Merchant) -> None:
    for claims in ({"azp": "gone", "preferred_username": "service-account-gone"}, {}, {"azp": 1}):
        token = TokenSigner(1).sign(claims)
        reply = await merchant.as_user(f"Bearer {token}").call("POST", CHECKOUT, {})
        assert reply.status == 401
        assert "user or client of this token" in reply.json["detail"]


@anybody_only
@pytest.mark.parametrize("token", ["opaque", TokenSigner(2).sign({"exp": 1, "workspace": "w1"})])
async def test_without_a_file_any_token_is_taken(merchant: Merchant, token: str) -> None:
    await merchant.as_user(f"Bearer {token}").checkout()


@anybody_only
async def test_without_a_file_any_client_and_user_get_a_token(merchant: Merchant) -> None:
    public = {"grant_type": "client_credentials", "client_id": "whoever"}

    await (await bearer(merchant, public)).checkout()
    await (
        await bearer(
            merchant, {**public, "grant_type": "password", "username": "x", "password": "y"}
        )
    ).checkout()


@pytest.mark.parametrize(
    ("fields", "headers", "workspace"),
    [
        (BACKEND, {}, "shop"),
        ({**BACKEND, "client_id": "backend@w3"}, {}, "shop"),
        (NOURA, {"X-Sandbox-Workspace": "w4"}, "w4"),
    ],
)
@listed_only
async def test_the_token_leads_to_the_workspace_of_the_file(
    merchant: Merchant, fields: Mapping[str, str], headers: Mapping[str, str], workspace: str
) -> None:
    reply = await ask(merchant, fields, headers)

    assert claims_of(reply.json["access_token"])["workspace"] == workspace
    caller = merchant.as_user(f"Bearer {reply.json['access_token']}")
    payment = await caller.checkout()
    assert (await caller.transaction(payment))["session_id"] == payment["session_id"]


@anybody_only
@pytest.mark.parametrize(
    "fields",
    [
        {**BACKEND, "client_id": "backend@w3"},
        {**NOURA, "username": "noura@w3"},
        {**NOURA, "username": "noura@w3", "client_id": "backend@w4"},
    ],
)
async def test_without_a_file_the_name_leads_to_the_workspace(
    merchant: Merchant, fields: Mapping[str, str]
) -> None:
    payment = await (await bearer(merchant, fields)).checkout()

    listed = (await merchant.in_workspace("w3").control("GET", "/transactions")).json["items"]
    assert [each["session_id"] for each in listed] == [payment["session_id"]]


async def test_the_client_may_show_itself_by_basic(merchant: Merchant) -> None:
    reply = await ask(
        merchant,
        {"grant_type": "client_credentials"},
        {"Authorization": basic("backend", SECRET)},
    )

    assert reply.status == 200


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"grant_type": ""}, "invalid_request", "`grant_type` is missing"),
        ({"client_id": ""}, "invalid_request", "`client_id` is missing"),
        ({"grant_type": "refresh_token"}, "unsupported_grant_type", "`client_credentials`"),
        ({"grant_type": "password"}, "invalid_request", "`username` is missing"),
    ],
)
async def test_a_wrong_request_is_refused_in_the_shape_of_oauth(
    merchant: Merchant, changes: Mapping[str, str], error: str, said: str
) -> None:
    reply = await ask(merchant, {**BACKEND, **changes})

    assert (reply.status, reply.json["error"]) == (400, error)
    assert said in reply.json["error_description"]


@listed_only
@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({**BACKEND, "client_secret": "wrong"}, 401, "invalid_client"),
        ({**BACKEND, "client_id": "nobody"}, 401, "invalid_client"),
        ({**NOURA, "password": "wrong"}, 400, "invalid_grant"),
        ({**NOURA, "username": "nobody"}, 400, "invalid_grant"),
        ({**NOURA, "client_secret": ""}, 401, "invalid_client"),
    ],
)
async def test_who_is_not_listed_gets_no_token(
    merchant: Merchant, fields: Mapping[str, str], status: int, error: str
) -> None:
    reply = await ask(merchant, fields)

    assert (reply.status, reply.json["error"]) == (status, error)
    assert SECRET not in reply.body.decode()
    assert PASSWORD not in reply.body.decode()


@pytest.mark.parametrize(
    ("method", "headers", "data", "status"),
    [
        ("GET", {}, None, 405),
        ("POST", {"Content-Type": "application/json"}, b"{}", 400),
        ("POST", FORM, b"client_id=a&client_id=b", 400),
        ("POST", FORM, b"%ff=\xff", 400),
        ("POST", {**FORM, "Authorization": "Basic !"}, b"grant_type=client_credentials", 401),
    ],
)
async def test_what_is_no_form_is_refused_clearly(
    merchant: Merchant,
    method: str,
    headers: Mapping[str, str],
    data: bytes | None,
    status: int,
) -> None:
    sent = {"Authorization": "", **headers}

    reply = await merchant.call(method, TOKEN + "/", headers=sent, data=data)

    assert reply.status == status
    assert reply.json.keys() == {"error", "error_description"}
    assert ("Allow" in reply.headers) == (status == 405)


async def test_the_same_calls_give_the_same_tokens_and_each_another(merchant: Merchant) -> None:
    async def some() -> list[str]:
        await merchant.control("POST", "/reset?all=1")
        return [await token_of(merchant, fields) for fields in (BACKEND, BACKEND, NOURA)]

    first = await some()

    assert len(set(first)) == 3
    assert await some() == first


async def test_the_journal_has_the_call_without_its_secrets(merchant: Merchant) -> None:
    token = await token_of(merchant, NOURA)
    await ask(merchant, {**BACKEND, "client_secret": "wr0ng"})
    caller = merchant.as_user(f"Bearer {token}")

    requests: list[dict[str, Any]] = (await caller.control("GET", "/requests")).json["items"]

    assert requests[0]["path"] == TOKEN
    assert requests[0]["status"] == 200
    shown = json.dumps(requests)
    assert not [each for each in (SECRET, PASSWORD, token, "wr0ng") if each in shown]
