"""Makes every call that a document shows as an example, with ids that are real in a fresh sandbox.

`python -m tests.fidelity.published_examples FILE [--spec FILE]` prints what became of each; `--spec`
is the document that the sandbox serves, its own where it is left out. 1 if an example was refused.
"""

import argparse
import asyncio
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import aiohttp

from sandbox.contract.checking import Contract
from sandbox.contract.document import Document, load_document
from sandbox.contract.operations import OperationContract, is_json, operations_of
from sandbox.domain.clock import STOPPED_START, Clock
from sandbox.server import Running, running
from sandbox.settings import ServerSettings
from tests.fidelity.real_ids import with_real_ids
from tests.http.contract_watch import ContractWatch
from tests.http.merchant import Merchant, Reply

_FORM: Final = "application/x-www-form-urlencoded"
_SCHEMA: Final = "of the schema"


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """A request body as a document shows it, and the path that it is sent to, as it is written there."""

    operation: OperationContract
    name: str
    media_type: str
    value: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of an example."""

    example: Example
    status: int
    reason: str

    @property
    def accepted(self) -> bool:
        return 200 <= self.status < 300

    @property
    def row(self) -> str:
        """The outcome as a line of a table."""
        told = "accepted" if self.accepted else self.reason
        return f"| `{self.example.operation.key}` | {self.example.name} | {self.status} | {told} |"


def examples_of(document: Document) -> Iterator[Example]:
    """Yield the examples of request bodies: of media types, and of the schemas of those."""
    for operation in operations_of(document):
        body = document.resolve(operation.source.get("requestBody"))
        for media_type, media in body.get("content", {}).items():
            for name, value in _shown(document, media):
                yield Example(operation=operation, name=name, media_type=media_type, value=value)


def _shown(document: Document, media: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, example in media.get("examples", {}).items():
        yield name, document.resolve(example).get("value")
    if "example" in media:
        yield "example", media["example"]
    schema = document.resolve(media.get("schema"))
    if "example" in schema:
        yield _SCHEMA, schema["example"]
    for number, value in enumerate(schema.get("examples", ()), 1):
        yield f"{_SCHEMA}, {number}", value


async def outcomes(file: Path, spec: Path | None = None) -> list[Outcome]:
    """Make the calls of a document's examples, each in a workspace of its own."""
    settings = ServerSettings(port=0, seed=1, clock=Clock(stopped_at=STOPPED_START), spec=spec)
    document = load_document(file, None)
    async with running(settings) as server, aiohttp.ClientSession(auto_decompress=False) as client:
        watch = ContractWatch(server.services.contract)
        merchant = Merchant(client, server.url, watch)
        return [
            await _outcome(server, merchant.in_workspace(f"example-{number}"), example)
            for number, example in enumerate(examples_of(document), 1)
        ]


async def _outcome(server: Running, merchant: Merchant, example: Example) -> Outcome:
    contract: Contract = server.services.contract
    operation = example.operation
    if operation.key not in contract.operations:
        return Outcome(
            example=example, status=404, reason="The sandbox's document has no such call."
        )
    fitted = await with_real_ids(merchant, operation.key, example.name, example.value)
    address = operation.path.format_map(fitted.path)
    if is_json(example.media_type):
        reply = await merchant.call(operation.method, address, fitted.body)
    else:
        data = urlencode(fitted.body, doseq=True).encode()
        reply = await merchant.call(
            operation.method, address, data=data, headers={"Content-Type": _FORM}
        )
    return Outcome(example=example, status=reply.status, reason=_reason(reply))


def _reason(reply: Reply) -> str:
    try:
        said = reply.json
    except ValueError:
        return reply.body.decode("utf-8", "replace")[:200]
    return "; ".join(_told(said))


def _told(said: object, place: str = "") -> Iterator[str]:
    """Yield the reasons of an answer, each with its place."""
    if isinstance(said, dict):
        for name, inner in said.items():
            yield from _told(inner, f"{place}.{name}" if place else str(name))
    elif isinstance(said, list):
        for inner in said:
            yield from _told(inner, place)
    else:
        yield f"`{place}`: {said}"


def table(found: Sequence[Outcome]) -> str:
    """Return the outcomes as a table for people."""
    rows = [each.row for each in found]
    return "\n".join(("| call | example | status | result |", "|---|---|---|---|", *rows, ""))


def main() -> int:
    """Print what became of the examples of a document."""
    parser = argparse.ArgumentParser(prog="python -m tests.fidelity.published_examples")
    parser.add_argument("file", type=Path, help="the document whose examples are tried")
    parser.add_argument("--spec", type=Path, help="the document that the sandbox serves")
    chosen = parser.parse_args()
    found = asyncio.run(outcomes(chosen.file, chosen.spec))
    refused = [each for each in found if not each.accepted]
    sys.stdout.write(f"{table(found)}\n{len(found) - len(refused)} of {len(found)} accepted\n")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
