"""An OpenAPI document, loaded, mended and ready to be asked.

Loading does not judge the whole document, which takes a third of a second; `judging` does.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.contract.overlaps import resolved
from sandbox.contract.repairs import Repair, repair
from sandbox.contract.soundness import (
    require_json_schema,
    require_openapi,
    require_references,
    require_sound_schemas,
)
from sandbox.contract.source import read_source


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A document of OpenAPI 3.1 in memory; older ones have been rewritten to it."""

    file: Path
    tree: dict[str, Any]
    repairs: tuple[Repair, ...]

    @property
    def title(self) -> str:
        """What the document calls itself."""
        return str(self.tree.get("info", {}).get("title", ""))

    @property
    def version(self) -> str:
        """The version of the described interface, not that of OpenAPI."""
        return str(self.tree.get("info", {}).get("version", ""))

    def resolve(self, node: object) -> dict[str, Any]:
        """Return the mapping that a node is or refers to."""
        return resolved(node, self.tree)


def load_document(file: Path) -> Document:
    """Load an OpenAPI 3.0 or 3.1 document from YAML or JSON and mend its known traps.

    Raises:
        DocumentError: it cannot be read, is no OpenAPI 3 document, or cannot be mended.

    Source: FACTS 11.
    """
    source = read_source(file)
    require_openapi(source)
    require_sound_schemas(source)
    require_references(source)
    repairs = repair(source)
    require_json_schema(source)
    return Document(file=file, repairs=repairs, tree=source.tree)
