"""`ottu-sandbox serve` in a process of its own: ready line, sources of options, exit codes, end."""

import json
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import READY, run, serving

PAYMENT = {
    "type": "payment_request",
    "amount": "10.000",
    "currency_code": "KWD",
    "pg_codes": ["credit-card"],
    "order_no": "order-1",
}
# Five seconds of patience with what is in flight, and what a busy machine adds.
IN_TIME = 8.0


def check_out(url: str, **fields: object) -> Any:  # noqa: ANN401 - any JSON value
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{url}/b/checkout/v1/pymt-txn/",
        data=json.dumps({**PAYMENT, **fields}).encode(),
        headers={"Authorization": "Api-Key test", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
        return json.load(response)


@contextmanager
def receiver_that_hangs() -> Iterator[tuple[str, threading.Event]]:
    """Listen, take one connection and never answer; the event tells that it came."""
    called = threading.Event()
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                called.set()
                ended.wait(60)

        thread = threading.Thread(target=hang, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/webhook", called
        finally:
            ended.set()


def test_it_says_one_line_when_ready_and_gives_a_first_hint() -> None:
    with serving("--seed", "7") as server:
        made = check_out(server.url)
        ended = server.end()

    assert server.url.startswith("http://127.0.0.1:")
    assert made["checkout_url"].startswith(server.url)
    assert (ended.code, ended.out) == (0, "")  # the ready line was read already
    assert "--seed 7" in ended.err
    assert f"curl {server.url}/b/checkout/v1/pymt-txn/" in ended.err


def test_a_seed_and_a_stopped_clock_give_the_same_identifiers() -> None:
    made = []
    for _ in range(2):
        with serving("--seed", "7", "--clock", "stopped") as server:
            made.append(check_out(server.url)["session_id"])

    assert made[0] == made[1]


def test_options_come_from_the_command_line_the_environment_and_the_file(tmp_path: Path) -> None:
    (tmp_path / "ottu-sandbox.yaml").write_text(
        "public_url: http://of-the-file.example.com\ngateways: listed\nseed: 1\n"
    )
    variables = {"OTTU_SANDBOX_PUBLIC_URL": "http://of-the-environment.example.com"}

    with serving("--seed", "2", folder=tmp_path, variables=variables) as server:
        made = check_out(server.url)
        with pytest.raises(urllib.error.HTTPError) as refused:
            check_out(server.url, pg_codes=["nowhere"])
        refused.value.close()
        ended = server.end()

    assert made["checkout_url"].startswith("http://of-the-environment.example.com/b/")
    assert refused.value.code == 400
    assert "--seed 2" in ended.err


def test_an_address_in_use_ends_with_3() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run("serve", "--port", str(port))

    assert (ended.code, ended.out) == (3, "")
    assert f"Cannot listen on 127.0.0.1:{port}: Address already in use." in ended.err
    assert "--port 0" in ended.err


def test_an_address_of_another_machine_ends_with_3() -> None:
    assert run("serve", "--host", "192.0.2.1", "--port", "0").code == 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_when_nothing_is_in_flight(number: signal.Signals) -> None:
    with serving() as server:
        began = time.monotonic()
        ended = server.end(number)

    assert (ended.code, "Traceback" in ended.err) == (0, False)
    assert time.monotonic() - began < 4


def test_it_ends_in_time_though_a_webhook_hangs(tmp_path: Path) -> None:
    (tmp_path / "pays.yaml").write_text(
        "scenario: pays-alone\ntimeline: [{on: created, do: pay}]\n"
    )
    with (
        receiver_that_hangs() as (url, called),
        serving("--scenarios", str(tmp_path), "--webhook-url", url) as server,
    ):
        check_out(server.url, extra={"sandbox_scenario": "pays-alone"})
        assert called.wait(20)
        began = time.monotonic()
        ended = server.end()

    assert (ended.code, "Traceback" in ended.err) == (0, False)
    assert time.monotonic() - began < IN_TIME


def test_it_ends_in_time_though_a_client_hangs_in_the_middle_of_a_call() -> None:
    with serving() as server:
        port = int(server.url.rpartition(":")[2])
        with (
            socket.create_connection(("127.0.0.1", port)) as half,
            socket.create_connection(("127.0.0.1", port)) as silent,
        ):
            half.sendall(
                b"POST /b/checkout/v1/pymt-txn/ HTTP/1.1\r\nHost: x\r\nAuthorization: Api-Key k\r\n"
                b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
            )
            check_out(server.url)
            began = time.monotonic()
            ended = server.end()
            assert silent.recv(1) == b""

    assert (ended.code, "Traceback" in ended.err) == (0, False)
    assert time.monotonic() - began < IN_TIME


def test_it_takes_no_new_calls_while_it_waits_for_the_last_ones(tmp_path: Path) -> None:
    (tmp_path / "hangs.yaml").write_text(
        "scenario: hangs\napi: [{operation: checkout, fault: timeout}]\n"
    )
    with serving("--scenarios", str(tmp_path)) as server:
        port = int(server.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as hanging:
            hanging.sendall(
                b"POST /b/checkout/v1/pymt-txn/ HTTP/1.1\r\nHost: x\r\nAuthorization: Api-Key k\r\n"
                b"Content-Type: application/json\r\nX-Sandbox-Scenario: hangs\r\n"
                b"Content-Length: 2\r\n\r\n{}"
            )
            check_out(server.url)
            began = time.monotonic()
            ended = server.end()

    assert ended.code == 0
    assert time.monotonic() - began < IN_TIME
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--tls-port", "1"], "--tls-port comes with a later version"),
        (["--state-file", "x"], "--state-file comes with a later version"),
        (["--rewrite-webhook", "a=b"], "--rewrite-webhook comes with a later version"),
        (["--fail-on-findings"], "--fail-on-findings comes with a later version"),
        (["--credentials", "nowhere.yaml"], "nowhere.yaml: the file cannot be read"),
        (["--port", "high"], "--port: expected a whole number"),
        (["--prot", "1"], "did you mean `--port`?"),
        (["--por", "1"], "there is no option `--por`"),
        (["somewhere"], "unexpected argument `somewhere`"),
        (["--port"], "--port: expected one argument"),
        (["--spec", "nowhere.yaml"], "nowhere.yaml: The file cannot be read"),
        (["--scenarios", "nowhere"], "nowhere:1:1: there is no such folder"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_why(arguments: list[str], said: str) -> None:
    ended = run("serve", "--port", "0", *arguments)

    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert READY not in ended.err
    assert "Traceback" not in ended.err


def test_a_wrong_scenario_of_the_folder_ends_with_2_and_its_place(tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text("scenario: wrong\npayments: []\n")

    ended = run("serve", "--port", "0", "--scenarios", str(tmp_path))

    assert ended.code == 2
    assert "wrong.yaml:2:1: payments" in ended.err


def test_an_unknown_variable_ends_with_2() -> None:
    ended = run("serve", variables={"OTTU_SANDBOX_PROT": "1"})

    assert ended.code == 2
    assert "OTTU_SANDBOX_PROT: there is no such variable. Did you mean" in ended.err
