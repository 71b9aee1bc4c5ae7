"""An OpenAPI document, loaded, mended and ready to be asked.

Loading does not judge the whole document, which takes a third of a second; `judging` does.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.contract.document_cache import DocumentCache
from sandbox.contract.overlaps import resolved
from sandbox.contract.repairs import Repair, repair, repair_empty_keys
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


def load_document(file: Path, cache: DocumentCache | None = None) -> Document:
    """Load an OpenAPI 3.0 or 3.1 document from YAML or JSON and mend its known traps.

    With a cache, a document that was loaded before is not read and mended again.

    Raises:
        DocumentError: it cannot be read, is no OpenAPI 3 document, or cannot be mended.

    Source: FACTS 11.
    """
    name = cache.name_for(file) if cache else None
    known = cache.find(name) if cache and name else None
    if known is not None:
        tree, repairs = known
        return Document(file=file, repairs=repairs, tree=tree)
    source = read_source(file)
    emptied = repair_empty_keys(source)
    require_openapi(source)
    require_sound_schemas(source)
    require_references(source)
    repairs = (*emptied, *repair(source))
    require_json_schema(source)
    # Kept only if the file has not changed meanwhile.
    if cache and name and cache.name_for(file) == name:
        cache.keep(name, (source.tree, repairs))
    return Document(file=file, repairs=repairs, tree=source.tree)
