"""What the contract refuses; one meaning a class."""

from pathlib import Path

from sandbox.domain.errors import SandboxError


class ContractError(SandboxError):
    """The contract cannot answer; a subclass says why."""


class DocumentError(ContractError):
    """The OpenAPI document cannot be served.

    `line` counts from 1 and is None where no line is to blame; `advice` says what to do.
    """

    def __init__(self, file: Path, reason: str, advice: str, *, line: int | None = None) -> None:
        where = str(file) if line is None else f"{file}:{line}"
        super().__init__(f"{where}: {reason} {advice}")
        self.file = file
        self.line = line
        self.reason = reason
        self.advice = advice


class UnknownPath(ContractError):
    """No operation of the document has this path."""


class MethodNotAllowed(ContractError):
    """The document has this path, but not with this method; `allowed` are those it has, sorted."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        super().__init__(f"The path takes {', '.join(allowed)} only.")
        self.allowed = allowed


class UnknownWebhook(ContractError):
    """The document's `webhooks` section has no such name."""
