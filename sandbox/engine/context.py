"""What every step of the engine has at hand, and never changes."""

from dataclasses import dataclass

from sandbox.domain.gateways import GatewayCatalog
from sandbox.engine.ports import PayloadRenderer


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """The seed of identifiers, the gateways, the renderer of webhooks, and whether magic works."""

    seed: int
    gateways: GatewayCatalog
    renderer: PayloadRenderer
    magic: bool = True
