"""Documents that were read and mended before, kept as JSON files, so that a start need not again.

Reading 440 kB of YAML and mending it takes longer than all else that a start does by itself.

Source: PERFORMANCE (start).
"""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

import orjson

from sandbox.contract.repairs import Repair

Mended = tuple[dict[str, Any], tuple[Repair, ...]]

_MOST_FILES: Final = 16


class DocumentCache:
    """Mended documents in a folder, each in a file named after what it was made from and by.

    Nothing here ever fails: what cannot be read or written is read from the document anew.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def name_for(self, document: Path) -> str | None:
        """Return the name for a document: a hash of its text and of the code that mends it."""
        digest = hashlib.blake2b(document.suffix.encode(), digest_size=16)
        try:
            digest.update(document.read_bytes())
            for code in sorted(Path(__file__).parent.glob("*.py")):
                status = code.stat()
                digest.update(f"{code.name} {status.st_size} {status.st_mtime_ns}".encode())
        except OSError:
            return None
        return f"{digest.hexdigest()}.json"

    def find(self, name: str) -> Mended | None:
        """Return the document of this name, or None."""
        try:
            kept = orjson.loads((self._folder / name).read_bytes())
            repairs = tuple(Repair(**each) for each in kept["repairs"])
            tree = kept["tree"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return (tree, repairs) if isinstance(tree, dict) else None

    def keep(self, name: str, mended: Mended) -> None:
        """Keep a document; another process sees all of it or nothing."""
        tree, repairs = mended
        try:
            content = orjson.dumps({"repairs": repairs, "tree": tree})
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as file:
                file.write(content)
            Path(file.name).replace(self._folder / name)
            self._make_room()
        except OSError:
            return  # the folder cannot be written, so each start reads the document

    def _make_room(self) -> None:
        by_age = sorted(self._folder.iterdir(), key=lambda each: each.stat().st_mtime)
        for old in by_age[:-_MOST_FILES]:
            old.unlink()


def cache_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder for what the user's programs may forget: `~/.cache/ottu-sandbox`."""
    named = Path(environment.get("XDG_CACHE_HOME", ""))
    base = named if named.is_absolute() else Path(os.path.expanduser("~/.cache"))  # noqa: PTH111 - never raises
    return base / "ottu-sandbox"
