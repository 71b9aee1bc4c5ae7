"""What handlers have at hand; built once by `server.py`."""

from dataclasses import dataclass, field

from sandbox.channels.templates import MessageTemplates
from sandbox.contract.checking import Contract
from sandbox.domain.identifiers import digest
from sandbox.engine.engine import Engine
from sandbox.runner.reloading import ScenarioReloader
from sandbox.runner.runner import Runner
from sandbox.scenarios.loader import ScenarioLoader
from sandbox.web.authority import Authority
from sandbox.web.journal import Entry, Journal


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """Who may use the control API: the token that opens it, and whether it is open to all."""

    token: str | None = None
    open_to_all: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Services:
    """The parts of a running sandbox, as the web layer sees them.

    `public_url` has no trailing slash. `version` is the sandbox's own.
    `reloader` is there where `--scenarios` names a folder.
    """

    engine: Engine
    runner: Runner
    contract: Contract
    templates: MessageTemplates
    scenario_loader: ScenarioLoader
    authority: Authority
    version: str
    public_url: str | None = None
    reloader: ScenarioReloader | None = None
    access: Access = field(default_factory=Access)
    journal: Journal = field(default_factory=Journal)

    def request_id(self, entry: Entry) -> str:
        """Return the identifier of a journal entry: 32 hex digits."""
        return digest(self.engine.context.seed, entry.workspace, "request", entry.number)
