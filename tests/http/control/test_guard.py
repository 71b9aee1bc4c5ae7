"""Who may use the control API, and what a refusal says."""

from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest

from sandbox.server import running
from sandbox.settings import ServerSettings
from sandbox.web.control.guard import check_access
from sandbox.web.errors import Problem
from sandbox.web.services import Access
from tests.http.control.caller import Control

TOKEN = "letmein-1"
CLOSED = Access()


@pytest.fixture
async def with_token(
    session: aiohttp.ClientSession, server_settings: ServerSettings
) -> AsyncIterator[Control]:
    async with running(replace(server_settings, control_token=TOKEN)) as started:
        yield Control(session, started.url)


@pytest.fixture
async def open_to_all(
    session: aiohttp.ClientSession, server_settings: ServerSettings
) -> AsyncIterator[Control]:
    async with running(replace(server_settings, control_open=True)) as started:
        yield Control(session, started.url)


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "LOCALHOST:8686", "shop.localhost:80", "localhost.", "127.0.0.1"),
        *("127.9.9.9:1", "[::1]", "[::1]:8686", "[::ffff:127.0.0.1]:8686"),
    ],
)
async def test_names_of_this_machine_are_served(control: Control, host: str) -> None:
    reply = await control.call("GET", "/clock", headers={"Host": host})

    assert reply.status == 200


@pytest.mark.parametrize(
    "host",
    [
        *("sandbox.example.com", "127.0.0.1.example.com", "localhost.example.com", "1.1.1.1"),
        *("notlocalhost", "[::2]:8686", "10.0.0.1:8686", "127.0.0.1@example.com"),
    ],
)
async def test_other_hosts_are_refused(control: Control, host: str) -> None:
    problem = await control.refused(403, "GET", "/clock", headers={"Host": host})

    assert "--control-token" in problem["hint"]
    assert "--control open" in problem["hint"]


@pytest.mark.parametrize(
    "header",
    [
        "Forwarded",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "x-forwarded-anything",
        "Via",
        "X-Real-IP",
    ],
)
async def test_calls_through_a_proxy_are_refused(control: Control, header: str) -> None:
    problem = await control.refused(403, "GET", "/clock", headers={header: "127.0.0.1"})

    assert header.lower() in problem["detail"].lower()
    assert "--control-token" in problem["hint"]


@pytest.mark.parametrize(
    "origin",
    [
        *("https://evil.example.com", "null", "http://127.0.0.1:1", "http://localhost", "file://"),
        *("chrome-extension://abc", "//127.0.0.1", ""),
    ],
)
async def test_a_foreign_origin_is_refused(control: Control, origin: str) -> None:
    await control.refused(403, "POST", "/reset", headers={"Origin": origin})


async def test_a_foreign_origin_is_refused_whatever_is_set(
    with_token: Control, open_to_all: Control
) -> None:
    foreign = {"Origin": "https://evil.example.com", "X-Sandbox-Token": TOKEN}

    await with_token.refused(403, "POST", "/reset", headers=foreign)
    await open_to_all.refused(403, "OPTIONS", "/reset", headers=foreign)


async def test_the_sandbox_s_own_pages_may_call(control: Control) -> None:
    reply = await control.call("GET", "/clock", headers={"Origin": control.url})

    assert reply.status == 200


async def test_the_token_waives_host_and_proxy(with_token: Control) -> None:
    away = {"Host": "sandbox.example.com", "X-Forwarded-For": "10.0.0.1"}

    opened = await with_token.call("GET", "/clock", headers={**away, "X-Sandbox-Token": TOKEN})
    wrong = await with_token.refused(
        403, "GET", "/clock", headers={**away, "X-Sandbox-Token": "letmein-é"}
    )
    missing = await with_token.refused(403, "GET", "/clock", headers=away)

    assert opened.status == 200
    assert "is not the token" in wrong["detail"]
    assert "token" not in missing["detail"]
    assert (await with_token.call("GET", "/clock")).status == 200


async def test_a_token_is_of_no_use_to_a_sandbox_without_one(control: Control) -> None:
    headers = {"Host": "sandbox.example.com", "X-Sandbox-Token": ""}

    problem = await control.refused(403, "GET", "/clock", headers=headers)

    assert "without a token" in problem["detail"]


async def test_open_to_all_is_open_to_all(open_to_all: Control) -> None:
    headers = {"Host": "sandbox.example.com", "Via": "1.1 proxy"}

    assert (await open_to_all.call("GET", "/clock", headers=headers)).status == 200


async def test_unknown_calls_are_guarded_too(control: Control) -> None:
    foreign = {"Host": "sandbox.example.com"}

    await control.refused(403, "GET", "/nothing", headers=foreign)
    await control.refused(403, "GET", "", headers=foreign)


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
async def test_probes_need_no_guard(control: Control, path: str) -> None:
    headers = {"Host": "sandbox.example.com", "X-Forwarded-For": "10.0.0.1"}

    probed = await control.call("GET", path, headers=headers, root="")
    head = await control.call("HEAD", path, headers=headers, root="")
    posted = await control.call("POST", path, headers=headers, root="")

    assert (probed.status, head.status, head.body) == (200, 200, b"")
    assert (posted.status, posted.headers["Allow"]) == (405, "GET")


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_peers_on_this_machine_pass(peer: str) -> None:
    check_access({"Host": "localhost"}, peer, CLOSED)


@pytest.mark.parametrize("peer", ["10.0.0.7", "172.17.0.1", "fe80::1%eth0", "::", "", None])
def test_peers_elsewhere_do_not(peer: str | None) -> None:
    with pytest.raises(Problem, match="does not come from this machine") as refused:
        check_access({"Host": "localhost"}, peer, CLOSED)

    assert refused.value.status == 403
    check_access({"Host": "a", "X-Sandbox-Token": TOKEN}, peer, Access(token=TOKEN))
    check_access({"Host": "a"}, peer, Access(open_to_all=True))
