"""Commands that talk to a running sandbox: `scenario record` and `trigger`."""

import json
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from sandbox.cli import EVENTS
from sandbox.engine.triggers import Trigger
from tests.cli.program import Server, lines, run, serving

CHECKOUT = {
    "type": "payment_request",
    "pg_codes": ["credit-card"],
    "amount": "10.000",
    "currency_code": "KWD",
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("--clock", "stopped", "--seed", "1", "--control-token", "secret") as started:
        yield started


def control(server: Server, path: str, body: Mapping[str, object]) -> dict[str, Any]:
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{server.url}/__admin{path}", data=json.dumps(body).encode(), method="POST"
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        value: dict[str, Any] = json.load(answer)
        return value


def paid(server: Server) -> str:
    session_id = str(control(server, "/transactions", CHECKOUT)["session_id"])
    control(server, f"/transactions/{session_id}/pay", {"outcome": "failed", "code": "51"})
    control(server, f"/transactions/{session_id}/pay", {"outcome": "success"})
    return session_id


def test_a_recorded_payment_passes_the_test(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "what-went-wrong.yaml"

    written = run(
        *("scenario", "record", "--session-id", paid(server)),
        *("--url", server.url, "-o", str(file)),
    )
    tested = run("scenario", "test", str(file))

    assert (written.code, written.out, written.err) == (0, f"written: {file}\n", "")
    assert (tested.code, lines(tested.out)) == (0, ["ok    what-went-wrong", "1 passed"])


def test_a_recording_comes_on_standard_output(server: Server) -> None:
    ended = run(
        *("scenario", "record", "--session-id", paid(server), "--name", "mine"),
        *("--url", server.url),
    )

    assert (ended.code, ended.err) == (0, "")
    assert '  - {outcome: failed, gateway_code: "51"}' in lines(ended.out)
    assert "scenario: mine" in lines(ended.out)


def test_an_unknown_payment_is_not_recorded(server: Server) -> None:
    ended = run("scenario", "record", "--session-id", "0" * 40, "--url", server.url)

    assert (ended.code, ended.out) == (1, "")
    assert "No payment transaction has this session_id" in ended.err


@pytest.mark.parametrize(
    "command", [("scenario", "record", "--session-id", "0"), ("trigger", "expire")]
)
def test_where_no_sandbox_answers_the_mend_is_told(command: tuple[str, ...]) -> None:
    ended = run(*command, "--url", "http://127.0.0.1:9")

    assert (ended.code, ended.out) == (2, "")
    assert "Start one with `ottu-sandbox serve`, or name it with --url." in ended.err


def test_a_recording_needs_a_payment() -> None:
    ended = run("scenario", "record")

    assert ended.code == 2
    assert "--session-id" in ended.err


def test_the_events_are_those_of_the_control_api() -> None:
    assert list(EVENTS) == list(Trigger)


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_happens_to_a_payment_that_is_made_for_it(server: Server, event: str) -> None:
    ended = run("trigger", event, "--url", server.url)

    assert (ended.code, ended.err) == (0, "")
    told = lines(ended.out)
    assert told[0].startswith("made: payment ")
    assert len(told) > 2


def test_an_event_happens_to_the_payment_named(server: Server) -> None:
    session_id = paid(server)

    ended = run(
        *("trigger", "refund", "--session-id", session_id, "--amount", "4.000"),
        *("--url", server.url, "--control-token", "secret"),
    )

    assert (ended.code, ended.err) == (0, "")
    assert lines(ended.out) == [
        f"payment {session_id}: paid",
        "  2026-01-01T00:00:00Z  Operation refund: refunded.",
    ]


def test_what_the_payment_does_not_allow_is_told(server: Server) -> None:
    ended = run("trigger", "capture", "--session-id", paid(server), "--url", server.url)

    assert (ended.code, ended.out) == (1, "")
    assert ended.err.strip()


def test_an_unknown_event_is_wrong_usage() -> None:
    ended = run("trigger", "paid")

    assert ended.code == 2
    assert "late_success" in ended.err
