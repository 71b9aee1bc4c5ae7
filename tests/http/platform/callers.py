"""A file of credentials for tests, and how each caller shows itself."""

import base64
from pathlib import Path
from typing import Final

from sandbox.domain.clock import STOPPED_START, Clock
from sandbox.domain.credentials import Permission
from sandbox.settings import ServerSettings

PRIVATE: Final = "Api-Key shop-private"
PUBLIC: Final = "Api-Key shop-public"
PASSWORD: Final = "pass-Word"
SECRET: Final = "client-Secret"
CALLERS: Final = f"""
api_keys:
  - {{key: shop-private, workspace: shop}}
  - {{key: w7.other-private}}
public_keys:
  - {{key: shop-public, workspace: shop}}
users:
  - username: noura
    password: {PASSWORD}
    id: 7
    first_name: Noura
    last_name: Al-Sabah
    email: noura@shop.example.com
    permissions: [{", ".join(Permission)}]
    workspace: shop
  - {{username: guest, password: {PASSWORD}}}
  - {{username: guest@shop.example.com, password: {PASSWORD}}}
clients:
  - {{client_id: backend, secret: {SECRET}, permissions: [payment.refund], workspace: shop}}
"""
ONE_EACH: Final = "\n".join(
    f"  - {{username: {each.name.lower()}, password: {PASSWORD}, permissions: [{each}]}}"
    for each in Permission
)


def basic(name: str, password: str = PASSWORD) -> str:
    """Return how a user shows itself."""
    return f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"


def settings_with(folder: Path, text: str) -> ServerSettings:
    """Return settings of a server that knows only the callers of a text."""
    file = folder / "callers.yaml"
    file.write_text(text, encoding="utf-8")
    return ServerSettings(port=0, seed=1, clock=Clock(stopped_at=STOPPED_START), credentials=file)
