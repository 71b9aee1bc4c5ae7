"""Reports: made at midnight of the workspace's clock, fetched by a token for a day.

Files are kept as long as there is room; older ones give way and are counted.

Source: FACTS 9 (downloads an hour), 10 (reports).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from sandbox.domain.findings import Note, Severity
from sandbox.domain.limits import Limit
from sandbox.domain.reports import (
    TOKEN_LIFE,
    DroppedReports,
    OpenDay,
    Report,
    csv_of,
    day_of,
    is_for,
    is_of,
    midnight_after,
    read_token,
)
from sandbox.engine import limits
from sandbox.engine.agenda import Task
from sandbox.engine.context import Context
from sandbox.engine.errors import (
    MalformedReportToken,
    NotOwnReport,
    ReportLinkExpired,
    UnknownReport,
)
from sandbox.engine.work import Work
from sandbox.engine.workspace import Workspace

FILES_CAP: Final = 16 * 1024 * 1024
DOWNLOADS: Final = Limit(
    name="report-downloads",
    most=25,
    window=timedelta(hours=1),
    finding="report_download_limit",
    reason="No more than 25 reports an hour may be downloaded.",
)
_WHERE: Final = "download_report"


def plan(work: Work) -> None:
    """Let this day have a report, at its end; for a step that has taken up no payment yet.

    A day without payments plans nothing, so an agenda always ends.
    """
    day = day_of(work.now).isoformat()
    if day not in work.workspace.tables.of(OpenDay):
        work.keep(OpenDay(id=day))
        work.schedule(Task.MAKE_REPORT, day, after=midnight_after(work.now) - work.now)


def make_report(work: Work, of_day: str) -> None:
    """Make the file of a day that has ended; of payments since deleted it tells nothing."""
    work.drop(OpenDay(id=of_day))
    day = date.fromisoformat(of_day)
    payments = [
        each
        for each in work.workspace.transactions.values()
        if day_of(each.created_at) == day and not each.hidden
    ]
    if not payments:
        return
    report = Report(
        id=work.identify("report", of_day),
        day=day,
        records=len(payments),
        content=csv_of(payments),
        made_at=work.now,
    )
    _keep(work, report)


def download(context: Context, work: Work, token: str, owner: str) -> Report:
    """Return the report of a token, and count the download.

    Raises:
        MalformedReportToken, UnknownReport, NotOwnReport, ReportLinkExpired.
        TooManyCalls: the limit is exceeded, and the settings enforce it.
    """
    read = read_token(token)
    if read is None:
        raise MalformedReportToken
    name = work.workspace.name
    reports = work.workspace.tables.of(Report).values()
    report = next((each for each in reports if is_for(read, context.seed, name, each.id)), None)
    if report is None:
        raise UnknownReport
    if not is_of(read, context.seed, name, owner):
        raise NotOwnReport
    if work.now - read.issued_at >= TOKEN_LIFE:
        raise ReportLinkExpired
    exceeded = limits.check(work, DOWNLOADS, owner)
    limits.judge(work, [exceeded] if exceeded else [], _WHERE)
    limits.count(work, DOWNLOADS, owner)
    return report


def dropped_reports(workspaces: Iterable[Workspace]) -> int:
    """Count the reports that gave way."""
    return sum(
        each.count
        for workspace in workspaces
        for each in workspace.tables.of(DroppedReports).values()
    )


def _keep(work: Work, report: Report) -> None:
    """Keep a report; the oldest ones make room for it, unless it can have none."""
    size = len(report.content)
    if size > FILES_CAP:
        _tell_of_size(work, report)
        _count_dropped(work, 1)
        return
    older = work.workspace.tables.of(Report).values()
    taken = size + sum(len(each.content) for each in older)
    dropped = []
    for each in older:
        if taken <= FILES_CAP:
            break
        taken -= len(each.content)
        dropped.append(each)
    for each in dropped:
        work.drop(each)
    if dropped:
        _count_dropped(work, len(dropped))
    work.keep(report)


def _count_dropped(work: Work, more: int) -> None:
    so_far = work.workspace.tables.of(DroppedReports).get(DroppedReports().id, DroppedReports())
    work.keep(replace(so_far, count=so_far.count + more))


def _tell_of_size(work: Work, report: Report) -> None:
    work.find(
        Note(
            code="report_too_large",
            severity=Severity.WARNING,
            where=f"reports: {report.day.isoformat()}",
            message=f"The report of {report.records:,} transactions has {len(report.content):,} "
            f"bytes; the sandbox keeps {FILES_CAP:,} in all.",
            hint="Spread a load test over several workspaces.",
        )
    )
