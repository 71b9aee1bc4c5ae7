"""Calls that Schemathesis makes up from the API document, answered by a real server."""

import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest

from sandbox.contract.checking import Contract
from sandbox.domain.clock import STOPPED_START, Clock
from sandbox.domain.settings import WorkspaceSettings
from sandbox.server import Running, running
from sandbox.settings import ServerSettings
from tests.http.contract_watch import SPECS, ContractWatch
from tests.http.merchant import ALL_NOTIFICATIONS, API_KEY, RESEND, Merchant
from tests.http.platform.charging import (
    APPLE_PAY,
    AUTO_DEBIT,
    CARDS,
    CASH,
    CUSTOMER,
    GOOGLE_PAY,
    MASTERCARD,
    Charging,
    apple_payload,
    google_payload,
)
from tests.http.platform.wallet_owner import PAYMENT, Wallet
from tests.http.receiver import Receiver, listening

HERE: Final = Path(__file__).parent
DOCUMENT: Final = SPECS / "ottu.yaml"
# A file of up to 2.5 MB in most calls; tests/http/platform/test_attachments.py has its own.
UPLOAD: Final = "upload_attachment"
OPTION_CHECK: Final = "/b/checkout/api/sdk/v1/pre-payment-option-check/{session_id}/"
REPORTS: Final = "/b/api/v1/reports/files/"
CHECKS: Final = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
# Bounded by count and by nothing else, so that each run makes the same calls.
BOUNDS: Final = (
    *("--phases", "fuzzing", "--max-examples", "10", "--seed", "42", "--workers", "1"),
    *("--no-shrink", "--continue-on-failure", "--suppress-health-check", "all"),
    *("--generation-database", "none"),
)
# What ends a run that hangs; a run takes a tenth of it.
PATIENCE: Final = 120
# Of 28 operations, in how many at least one call must succeed.
MOST: Final = 20


@pytest.fixture
async def receiver(watch: ContractWatch) -> AsyncIterator[Receiver]:
    async with listening(watch) as listener:
        yield listener


@pytest.fixture
async def server(receiver: Receiver) -> AsyncIterator[Running]:
    settings = ServerSettings(
        port=0,
        seed=1,
        clock=Clock(stopped_at=STOPPED_START),
        workspace=WorkspaceSettings(webhook_url=receiver.url),
    )
    async with running(settings) as started:
        yield started


@pytest.fixture
async def merchant(
    server: Running, watch: ContractWatch, receiver: Receiver
) -> AsyncIterator[Merchant]:
    async with aiohttp.ClientSession() as session:
        yield Merchant(session, server.url, watch, webhook_url=receiver.url)


async def test_every_generated_call_gets_an_answer_that_fits_the_document(
    server: Running, merchant: Merchant, receiver: Receiver, contract: Contract, tmp_path: Path
) -> None:
    known = await known_values(merchant, receiver)
    before = await statuses_by_operation(merchant)

    code, report = await schemathesis(server.url, known, tmp_path)

    assert code == 0, report
    seen = await statuses_by_operation(merchant) - before
    called = {operation for operation, _ in seen}
    assert {each.operation_id for each in contract.operations.values()} - called == {UPLOAD}
    succeeded = {operation for operation, status in seen if status < 300}
    assert len(succeeded) >= MOST, "too few calls get past the checks: see `known_values`"


async def known_values(
    merchant: Merchant, receiver: Receiver
) -> Mapping[str, Mapping[str, list[Any]]]:
    """Let a merchant have a bit of everything; return what there is to name, by the path."""
    charging, wallet = Charging(merchant), Wallet(merchant)
    kept = await charging.saved()
    charged = await charging.subscribed(card=MASTERCARD)
    await wallet.holds("500")
    await merchant.clock.advance("25h")
    reports = (await merchant.call("GET", REPORTS)).json["results"]
    contact: dict[str, Any] = {
        "customer_email": "noura@example.com",
        "notifications": ALL_NOTIFICATIONS,
    }
    reachable = (await merchant.checkout(**contact, customer_phone="+96550000000"))["session_id"]
    payments = {
        code: [(await wallet.checkout(pg_codes=[code]))["session_id"] for _ in range(2)]
        for code in ("credit-card", "cash", "apple-pay", "google-pay", "wallet", "tamara")
    }
    paid = [(await merchant.paid(customer_id=CUSTOMER))["session_id"] for _ in range(3)]
    subscriptions = [(await charging.subscription())["session_id"] for _ in range(4)]
    notice: dict[str, list[Any]] = {
        "template_id": ["communication-notification-email"],
        "to": ["noura@example.com"],
        "channel": ["email"],
        "language": ["en", "ar"],
        "context": [{"communication_message": "Hello", "extra_info": ""}],
    }
    return {
        "*": {
            "session_id": [*payments["credit-card"], *paid, reachable],
            "customer_id": [CUSTOMER],
            "amount": ["2.250"],
            "currency": ["KWD"],
            "currency_code": ["KWD"],
            "pg_code": ["credit-card", "wallet"],
            "pg_codes": [["credit-card"], ["knet", "wallet"]],
            "operation_id": [1],
            "webhook_url": [receiver.url],
        },
        f"{REPORTS}{{token}}/download/": {
            "token": [each["download_action"]["url"].split("/")[-3] for each in reports]
        },
        f"{CARDS}{{token}}/": {"token": [kept["token"]], "type": ["sandbox"]},
        AUTO_DEBIT: {"session_id": subscriptions[:2], "token": [charged]},
        "/b/pbl/v2/auto-debit/": {"session_id": subscriptions[2:], "token": [charged]},
        APPLE_PAY: {
            "session_id": payments["apple-pay"],
            "pg_code": ["apple-pay"],
            "payload": [apple_payload()],
        },
        GOOGLE_PAY: {
            "session_id": payments["google-pay"],
            "pg_code": ["google-pay"],
            "payload": [google_payload()],
        },
        CASH: {"session_id": payments["cash"][:1]},
        "/b/pbl/v2/cash-payment/": {"session_id": payments["cash"][1:]},
        PAYMENT: {"session_id": payments["wallet"], "pg_code": ["wallet"]},
        OPTION_CHECK: {"session_id": payments["tamara"], "pg_code": ["tamara"]},
        RESEND: {"session_id": [reachable], "channels": [["email"], ["sms", "email"]]},
        "/b/invoice/v1/invoice/": {"due_date": ["2026-03-01"], "pg_codes": [["knet"]]},
        "/b/pbl/v2/send-notification/": notice,
        "/b/pbl/v2/notifications/send/{channel}/": notice,
    }


async def statuses_by_operation(merchant: Merchant) -> Counter[tuple[str, int]]:
    """Count the answers so far, by operation of the document and status."""
    items = (await merchant.control("GET", "/requests")).json["items"]
    return Counter((each["operation"], each["status"]) for each in items if each["operation"])


async def schemathesis(url: str, known: Mapping[str, object], folder: Path) -> tuple[int, str]:
    """Let Schemathesis make its calls in a process of its own; return its exit code and report.

    It plays calls of an earlier run again that it finds in its folder, so that must be a new one.
    """
    header = [f"{name}: {value}" for name, value in API_KEY.items()]
    variables = {name: text for name, text in os.environ.items() if "COVERAGE" not in name}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "--no-color"),
        *("--config-file", str(HERE / "schemathesis.toml")),
        *("run", str(DOCUMENT), "--url", url, "--header", *header, *BOUNDS),
        *("--checks", ",".join(CHECKS), "--exclude-operation-id", UPLOAD, "--warnings", "off"),
        env={
            **variables,
            "PYTHONPATH": str(HERE),
            "SCHEMATHESIS_HOOKS": "generated_call_hooks",
            "GENERATED_CALLS_KNOWN_VALUES": json.dumps(known),
        },
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode or 0, said.decode()
