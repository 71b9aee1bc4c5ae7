"""Findings: what a caller does that the real platform would refuse, ignore or punish."""

import enum
from dataclasses import dataclass
from datetime import datetime


class Severity(enum.StrEnum):
    """How bad it is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """What is to be told about a call; the workspace makes a finding of it.

    `where` is the field, header or call concerned.
    """

    code: str
    severity: Severity
    where: str
    message: str
    hint: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something to mend in the caller's own code; a repeated one is counted, not kept again.

    `where` is the field, header or call concerned.
    """

    id: str
    at: datetime
    code: str
    severity: Severity
    where: str
    message: str
    hint: str
    session_id: str | None = None
    request_id: str | None = None
    count: int = 1
