"""Files that a merchant uploads, and the payments that they go with.

Files are kept as long as their workspace; a new one that would take too much room is refused and
counted.

Source: FACTS 10 (attachments).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from sandbox.domain.attachments import AttachedFile, StoredFile, stored_name
from sandbox.domain.identifiers import workspace_prefix
from sandbox.domain.operations import Refused
from sandbox.engine.commands import Upload
from sandbox.engine.timeline import Kind
from sandbox.engine.work import Work
from sandbox.engine.workspace import Workspace

FILES_CAP: Final = 64 * 1024 * 1024
_MARK_DIGITS: Final = 7
_CODE_DIGITS: Final = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class RefusedUploads:
    """How many files a workspace had no room for."""

    id: str = "refused"
    count: int = 0


def upload(work: Work, command: Upload) -> StoredFile | Refused:
    """Keep a file; the payment that the caller has taken up, if any, gets it.

    Refused when the workspace's files would take more than `FILES_CAP` bytes.
    """
    files = work.kept(StoredFile)
    taken = sum(len(each.content) for each in files.values())
    if taken + len(command.content) > FILES_CAP:
        refused = work.kept(RefusedUploads).get(RefusedUploads().id, RefusedUploads())
        work.keep(replace(refused, count=refused.count + 1))
        return Refused(
            rule="room",
            field="",
            reason=f"The files of this workspace take {taken:,} bytes; with this one they would "
            f"exceed the {FILES_CAP:,} that the sandbox keeps. Reset the workspace to make room.",
        )
    name = stored_name(command.filename)
    while name in files:
        mark = work.identify("attachment", command.filename)[:_MARK_DIGITS]
        name = stored_name(command.filename, mark)
    place = workspace_prefix(work.workspace.name)
    stored = StoredFile(
        id=name,
        place=place,
        code=place + work.identify("short link", name)[:_CODE_DIGITS],
        original_filename=command.filename,
        content=command.content,
        at=work.now,
    )
    work.keep(stored)
    if work.batch.payment is not None:
        _attach(work, stored, shorten=command.shorten)
    return stored


def attached(stored: StoredFile, origin: str, *, shorten: bool) -> AttachedFile:
    """Return the file as it goes with a payment, whose payer reaches the sandbox at `origin`."""
    return AttachedFile(
        name=stored.original_filename,
        url=origin + stored.path,
        short_url=origin + stored.short_path if shorten else None,
    )


def refused_uploads(workspaces: Iterable[Workspace]) -> int:
    """Count the files that workspaces had no room for."""
    return sum(
        each.count
        for workspace in workspaces
        for each in workspace.tables.of(RefusedUploads).values()
    )


def _attach(work: Work, stored: StoredFile, *, shorten: bool) -> None:
    payment = work.payment
    file = attached(stored, payment.origin, shorten=shorten)
    terms = replace(payment.terms, attachment=file)
    work.payment = payment.with_terms(terms, payment.expires_at)
    work.happened(Kind.ATTACHED, name=stored.original_filename)
