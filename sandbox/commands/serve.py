"""`ottu-sandbox serve`: the server in the foreground, with a first hint for newcomers."""

import asyncio
import logging
import sys
from typing import Final

from sandbox import server
from sandbox.settings import ServerSettings
from sandbox.web.authority import EverybodyIsKnown

_CANNOT_LISTEN: Final = 3
_HINT: Final = """\
seed {seed}; this run again: --seed {seed}
A first checkout:
  curl {url}/b/checkout/v1/pymt-txn/ -H "Authorization: Api-Key {key}" -H "Content-Type: application/json" \\
    -d '{{"type": "payment_request", "amount": "10.000", "currency_code": "KWD", "pg_codes": ["credit-card"]}}'
Open its checkout_url to pay. How the sandbox is: {url}/__admin/health
"""


def run(settings: ServerSettings) -> int:
    """Serve until told to end; return the exit code."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s"
    )
    # Whoever mends a scenario wants to see that it was read again.
    logging.getLogger("sandbox.runner.reloading").setLevel(logging.INFO)
    try:
        with asyncio.Runner(loop_factory=_loop) as runner:
            runner.run(server.serve(settings, _greet))
    except server.CannotListen as error:
        print(error, file=sys.stderr)
        return _CANNOT_LISTEN
    return 0


def _loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop  # noqa: PLC0415 - not there on every platform
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def _greet(running: server.Running) -> None:
    seed = running.services.engine.context.seed
    # With a file of credentials only its own keys are taken, and no secret belongs into a log.
    is_open = isinstance(running.services.authority.register, EverybodyIsKnown)
    key = "any" if is_open else "<key of your file>"
    hint = _HINT.format(url=running.url, seed=seed, key=key)
    print(hint, end="", file=sys.stderr, flush=True)
