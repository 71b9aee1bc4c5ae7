"""The parts list: every object of a running sandbox is built and wired here, by hand."""

import asyncio
import gc
import os
import secrets
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from aiohttp import web

from sandbox import __version__, resources
from sandbox.channels.catalog import (
    TEMPLATE_FILES,
    read_notification_templates,
    read_templates,
)
from sandbox.contract.checking import Contract
from sandbox.contract.document_cache import DocumentCache, cache_folder
from sandbox.domain.errors import SandboxError
from sandbox.engine.context import Context
from sandbox.engine.engine import Engine
from sandbox.gateway_file import read_gateways
from sandbox.runner.reloading import ScenarioReloader
from sandbox.runner.runner import Runner, Sender
from sandbox.scenarios.library import BuiltInScenarios, ScenarioLibrary, load_folder
from sandbox.scenarios.loader import ScenarioLoader
from sandbox.scenarios.model import Scenario
from sandbox.settings import ServerSettings
from sandbox.storage.memory import MemoryStorage
from sandbox.web.application import build_application
from sandbox.web.authority import Authority, EverybodyIsKnown
from sandbox.web.listed_credentials import ListedCredentials
from sandbox.web.services import Access, Services
from sandbox.web.tokens import TokenSigner
from sandbox.webhooks.rendering import PayloadRenderer
from sandbox.webhooks.sending import WebhookSender

_PATIENCE: Final = 5.0
_SEED_BITS: Final = 32
_RELOAD_INTERVAL: Final = 0.5
# Collections are rare and of what is young: a full one over many payments stalls every call.
_COLLECTOR: Final = (700, 10, 1_000_000)


class CannotListen(SandboxError):
    """The address cannot be listened on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Running:
    """A server that answers; `url` has no trailing slash."""

    url: str
    services: Services


@asynccontextmanager
async def running(settings: ServerSettings) -> AsyncIterator[Running]:
    """Build a sandbox, serve it, and end it in the reverse order.

    Raises:
        CannotListen: the address is taken or not ours.
        DocumentError, InvalidScenario, SandboxError: what the settings name cannot be used.
    """
    async with WebhookSender() as sender:
        services = build(settings, sender)
        runner = web.AppRunner(
            build_application(services),
            access_log=None,
            handle_signals=False,
            # aiohttp waits twice: for the answer, then for the connection's task.
            shutdown_timeout=_PATIENCE / 2,
        )
        await runner.setup()
        try:
            await _listen(runner, settings)
            async with _reloading(services.reloader):
                yield Running(url=_url(settings, runner.addresses[0][1]), services=services)
        finally:
            for site in runner.sites:
                await site.stop()
            # Calls and webhooks in flight share the same five seconds.
            await asyncio.gather(services.runner.close(_PATIENCE), runner.cleanup())


@asynccontextmanager
async def _reloading(reloader: ScenarioReloader | None) -> AsyncIterator[None]:
    """Keep the scenarios as their folder has them, where there is one."""
    if reloader is None:
        yield
        return
    task = asyncio.create_task(reloader.watch(_RELOAD_INTERVAL))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _listen(runner: web.AppRunner, settings: ServerSettings) -> None:
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as error:
        # A name that is not found has a number below zero, and words of its own.
        number = error.errno or 0
        reason = os.strerror(number) if number > 0 else error.strerror
        raise CannotListen(
            f"Cannot listen on {settings.host}:{settings.port}: {reason}. "
            "Choose another with --port, or --port 0 for any that is free."
        ) from error


def build(settings: ServerSettings, sender: Sender) -> Services:
    """Build every part of a sandbox but the sockets."""
    specs = resources.specs()
    loader = ScenarioLoader(_text(specs / "scenario.schema.json"), os.environ)
    ready = BuiltInScenarios(resources.scenarios(), loader)
    folder = settings.scenarios

    def load_own() -> tuple[Scenario, ...]:
        return load_folder(folder, loader, ready.parents) if folder else ()

    library = ScenarioLibrary(built_in=ready, own=load_own())
    seed = secrets.randbits(_SEED_BITS) if settings.seed is None else settings.seed
    context = Context(
        seed=seed,
        gateways=read_gateways(_text(specs / "gateways.yaml")),
        renderer=PayloadRenderer(),
        magic=settings.magic,
        notifications=read_notification_templates(
            {each.name: _text(each) for each in (specs / "templates" / "notifications").iterdir()}
        ),
    )
    engine = Engine(context, library, MemoryStorage(), settings.workspace, settings.clock)
    templates = {name: _text(specs / "templates" / name) for name in TEMPLATE_FILES}
    return Services(
        engine=engine,
        runner=Runner(engine, sender, _real_now),
        contract=Contract.load(
            settings.spec or specs / "ottu.yaml",
            validator=settings.validator,
            cache=DocumentCache(cache_folder(os.environ)),
        ),
        templates=read_templates(templates),
        scenario_loader=loader,
        reloader=ScenarioReloader(folder, load_own, library, engine) if folder else None,
        authority=_authority(settings.credentials, TokenSigner(seed)),
        version=__version__,
        public_url=settings.public_url,
        access=Access(token=settings.control_token, open_to_all=settings.control_open),
    )


async def serve(settings: ServerSettings, greet: Callable[[Running], None]) -> None:
    """Serve until SIGTERM or SIGINT; print one line on standard output when ready, then `greet`.

    Raises:
        CannotListen: the address is taken or not ours.
        DocumentError, InvalidScenario, SandboxError: what the settings name cannot be used.
    """
    gc.disable()  # nearly all that a start makes is there to stay
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with running(settings) as server:
        gc.freeze()
        gc.set_threshold(*_COLLECTOR)
        gc.enable()
        print(f"ottu-sandbox ready: {server.url}", flush=True)  # noqa: T201 - the one line that callers wait for
        greet(server)
        await stop.wait()


def _authority(file: Path | None, signer: TokenSigner) -> Authority:
    if file is None:
        return Authority(EverybodyIsKnown(signer), signer)
    from sandbox.credentials_file import load_credentials  # noqa: PLC0415 - only where there is one

    return Authority(ListedCredentials(load_credentials(file), signer), signer)


def _url(settings: ServerSettings, port: int) -> str:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "") else settings.host  # noqa: S104
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}"


def _real_now() -> datetime:
    return datetime.now(UTC)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
