"""Settings of the process: what a server is started with.

Source: DESIGN, command line.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sandbox.domain.clock import Clock
from sandbox.domain.settings import WorkspaceSettings


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerSettings:
    """What `ottu-sandbox serve` decides; `workspace` are every workspace's defaults.

    `seed` of None means a random one, which is logged. `port` 0 picks a free one. `spec` and
    `scenarios` of None mean the sandbox's own document, and no scenarios beside the ready ones.
    `credentials` of None lets anybody call and do everything.
    """

    host: str = "127.0.0.1"
    port: int = 8686
    public_url: str | None = None
    spec: Path | None = None
    scenarios: Path | None = None
    clock: Clock = field(default_factory=Clock)
    seed: int | None = None
    credentials: Path | None = None
    validator: Literal["compiled", "reference"] = "compiled"
    magic: bool = True
    control_token: str | None = None
    control_open: bool = False
    workspace: WorkspaceSettings = field(default_factory=WorkspaceSettings)
