"""Reports: their list, and the download of one.

Source: FACTS 1 (lists), 10 (reports); `specs/ottu.yaml`, tag Reports.
"""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from sandbox.contract.formats import is_date
from sandbox.domain.reports import Report, day_of, issue_token
from sandbox.engine import reports
from sandbox.web.answers import Answer, as_json
from sandbox.web.errors import WrongFields
from sandbox.web.platform.call import PlatformCall
from sandbox.webhooks.payload_parts import iso_instant

_FILES: Final = "/b/api/v1/reports/files/"
_PAGE: Final = 10


async def list_reports(call: PlatformCall) -> Answer:
    """Answer a page of the finished reports, newest first, each with a fresh way to download it."""
    limit = _whole(call, "limit", _PAGE, least=1)
    offset = _whole(call, "offset", 0, least=0)
    found = _wanted(call)
    following = offset + limit if offset + limit < len(found) else None
    earlier = max(0, offset - limit) if offset else None
    return as_json(
        {
            "count": len(found),
            "next": _address(call, limit, following),
            "previous": _address(call, limit, earlier),
            "results": [_write(call, each) for each in found[offset : offset + limit]],
        }
    )


async def download(call: PlatformCall) -> Answer:
    """Answer the file of a report.

    Raises:
        MalformedReportToken, UnknownReport, NotOwnReport, ReportLinkExpired.
        TooManyCalls: the limit is exceeded, and the settings enforce it.
    """
    engine = call.services.engine
    work = engine.begin(call.workspace, call.now)
    report = reports.download(engine.context, work, call.path["token"], _owner(call))
    engine.commit(work, report)
    return Answer(
        status=HTTPStatus.OK,
        body=report.content,
        content_type="text/csv; charset=utf-8",
        headers={
            "Cache-Control": "private, no-store",
            "Content-Disposition": f'attachment; filename="{report.filename}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def _wanted(call: PlatformCall) -> list[Report]:
    """Return the reports that the query asks for, newest first."""
    after, before = _day(call, "created_after"), _day(call, "created_before")
    return [
        each
        for each in reversed(call.workspace.tables.of(Report).values())
        if (after is None or day_of(each.made_at) >= after)
        and (before is None or day_of(each.made_at) <= before)
        and call.query.get("interval") in (None, each.interval)
        and call.query.get("source") in (None, each.source)
    ]


def _write(call: PlatformCall, report: Report) -> Mapping[str, Any]:
    seed = call.services.engine.context.seed
    token = issue_token(seed, call.workspace.name, report.id, _owner(call), call.now)
    made_at = iso_instant(report.made_at)
    return {
        "encrypted_id": report.id,
        "report_name": report.name,
        "interval": report.interval.value,
        "source": report.source.value,
        "file_format": "csv",
        "records_amount": report.records,
        "status": "finished",
        "generated_at": made_at,
        "created_at": made_at,
        "download_action": {
            "method": "GET",
            "url": f"{call.origin}{_FILES}{token}/download/",
        },
    }


def _owner(call: PlatformCall) -> str:
    """Return who may use a token: one user, or whoever has a key of the merchant."""
    user = call.caller.initiator
    return f"user {user.username}" if user else "key"


def _address(call: PlatformCall, limit: int, offset: int | None) -> str | None:
    if offset is None:
        return None
    query = {**call.query, "limit": limit, "offset": offset}
    return f"{call.origin}{_FILES}?{urlencode(query)}"


def _whole(call: PlatformCall, name: str, usual: int, *, least: int) -> int:
    """Return a whole number of the query; the contract has seen to that unless validation is off."""
    value = call.query.get(name, usual)
    if isinstance(value, int) and not isinstance(value, bool) and value >= least:
        return value
    raise WrongFields({name: [f"A whole number of {least} or more is required."]})


def _day(call: PlatformCall, name: str) -> date | None:
    text = call.query.get(name)
    if text is None:
        return None
    if isinstance(text, str) and is_date(text):
        return date(*map(int, text.split("-")))
    raise WrongFields({name: ["Date has wrong format. Use YYYY-MM-DD."]})
