"""Identifiers that follow from what they name, so concurrency cannot change them."""

import hashlib
import zlib
from typing import Final

DEFAULT_WORKSPACE: Final = "default"
_READABLE = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def digest(seed: int, *parts: object) -> str:
    """Return 32 hex digits of `BLAKE2b(seed, parts…)`; equal parts give equal digits."""
    text = "\x1f".join((str(seed), *(str(part) for part in parts)))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def workspace_prefix(workspace: str) -> str:
    """Return the 8 hex digits with which every session_id of a workspace begins (CRC-32)."""
    return format(zlib.crc32(workspace.encode()), "08x")


def session_id(seed: int, workspace: str, kind: str, parent: str, ordinal: int) -> str:
    """Return 40 hex digits; the first 8 tell the workspace (DESIGN, workspaces)."""
    return workspace_prefix(workspace) + digest(seed, workspace, kind, parent, ordinal)


def reference_number(of_session_id: str, ordinal: int = 0) -> str:
    """Return a short reference for people, such as `SBX7Q2K9M1D`, derived from a session_id."""
    number = int(digest(0, "reference", of_session_id, ordinal), 16)
    letters = []
    for _ in range(8):
        number, rest = divmod(number, len(_READABLE))
        letters.append(_READABLE[rest])
    return "SBX" + "".join(letters)
