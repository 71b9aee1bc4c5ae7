"""How a merchant tests a shop: sandbox and shop are real processes, each test has its own workspace.

Copy this file and start your own shop in the fixture `shop`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

WEBHOOK_KEY = "key-of-this-test"


class Http:
    """Calls to one server with JSON in both directions."""

    def __init__(self, url: str, key: str = "") -> None:
        self.url = url
        self.headers = {"Content-Type": "application/json"}
        if key:
            self.headers["Authorization"] = f"Api-Key {key}"

    def call(self, method: str, path: str, **fields: Any) -> Any:  # noqa: ANN401 - any JSON value
        connection = HTTPConnection(self.url.removeprefix("http://"), timeout=30)
        connection.request(method, path, json.dumps(fields), self.headers)
        with connection.getresponse() as response:
            body = response.read()
        connection.close()
        assert response.status < 300, (method, path, response.status, body)
        return json.loads(body)


@contextmanager
def started(*command: str, **variables: str) -> Iterator[str]:
    """Start a program that prints `… ready: URL`, and end it afterwards."""
    environment = {**os.environ, **variables}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().partition("ready: ")[2].strip()
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def sandbox() -> Iterator[str]:
    serve = (sys.executable, "-m", "sandbox", "serve", "--port", "0", "--clock", "stopped")
    with started(*serve) as url:
        yield url


@pytest.fixture
def key() -> str:
    """An API key of a workspace that nobody else uses: what stands before the dot."""
    return f"test-{uuid4().hex}.secret"


@pytest.fixture
def shop(sandbox: str, key: str) -> Iterator[Http]:
    program = str(Path(__file__).with_name("shop.py"))
    variables = {"OTTU_URL": sandbox, "OTTU_KEY": key, "OTTU_WEBHOOK_KEY": WEBHOOK_KEY}
    with started(sys.executable, program, **variables) as url:
        yield Http(url)


@pytest.fixture
def ottu(sandbox: str, key: str, shop: Http) -> Http:
    """The control API, in the workspace of the shop's key."""
    ottu = Http(sandbox, key)
    # What a merchant would configure once: the key, and where webhooks of refunds go.
    url = f"{shop.url}/webhook"
    ottu.call("PATCH", "/__admin/settings", webhook_key=WEBHOOK_KEY, operations_webhook_url=url)
    return ottu


def place_order(shop: Http, ottu: Http) -> str:
    """Order something and return the control API's path of its payment."""
    shop.call("POST", "/orders", order_no="A-1", amount="10.000", phone="+96550000000")
    (payment,) = ottu.call("GET", "/__admin/transactions?order_no=A-1")["items"]
    return f"/__admin/transactions/{payment['session_id']}"


def test_an_order_is_paid_and_partly_refunded(shop: Http, ottu: Http) -> None:
    payment = place_order(shop, ottu)

    ottu.call("POST", f"{payment}/pay")
    assert shop.call("GET", "/orders/A-1")["state"] == "paid"

    shop.call("POST", "/orders/A-1/refund", amount="4.000")
    ottu.call("POST", "/__admin/settle")  # until the webhook has arrived
    assert list(shop.call("GET", "/orders/A-1")["refunds"].values()) == ["4.000"]


def test_a_declined_card_leaves_the_order_open(shop: Http, ottu: Http) -> None:
    payment = place_order(shop, ottu)

    declined = ottu.call("POST", f"{payment}/pay", outcome="failed")

    assert declined["state"] == "attempted"
    assert shop.call("GET", "/orders/A-1")["state"] == "open"


def test_a_forged_webhook_is_not_believed(shop: Http, ottu: Http) -> None:
    payment = place_order(shop, ottu)
    forged = {"on": "paid", "tamper": "signature"}
    ottu.call("PUT", f"{payment}/scenario", scenario="forged", webhooks=[forged])

    ottu.call("POST", f"{payment}/pay")

    assert shop.call("GET", "/orders/A-1")["state"] == "open"


def test_a_payer_whose_phone_is_off_gets_the_receipt_later(shop: Http, ottu: Http) -> None:
    payment = place_order(shop, ottu)
    outage = {"channels": {"sms": [{"fail": "30003"}, {"deliver": "3s"}]}}
    ottu.call("PUT", f"{payment}/scenario", scenario="phone-off", **outage)
    ottu.call("POST", f"{payment}/pay")

    again = {"order_no": "A-1", "channels": ["sms"]}
    ottu.call("POST", "/b/pbl/v2/message-notification/", **again)
    ottu.call("POST", "/__admin/clock/advance", by="3s")

    messages = ottu.call("GET", "/__admin/messages?channel=sms")["items"]
    assert [each["status"] for each in messages] == ["failed", "delivered"]
