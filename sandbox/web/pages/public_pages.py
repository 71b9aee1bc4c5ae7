"""Pages and files that concern no payment: the start page, refusals, icons."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Final

from aiohttp import web

from sandbox.channels.templates import DEFAULT_LANGUAGE
from sandbox.domain.errors import SandboxError
from sandbox.web.answers import Answer, page
from sandbox.web.error_table import message_of, status_of
from sandbox.web.incoming import origin_of
from sandbox.web.pages.rendering import PageWriter
from sandbox.web.pages.texts import language_of
from sandbox.web.services import Services

logger = logging.getLogger(__name__)

Page = Callable[[web.Request], Awaitable[Answer]]

_STATIC: Final = Path(__file__).parent / "static"
_KINDS: Final = {
    HTTPStatus.NOT_FOUND: "unknown",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.METHOD_NOT_ALLOWED: "method",
    HTTPStatus.INTERNAL_SERVER_ERROR: "fault",
}
_WITH_DETAIL: Final = frozenset({"forbidden", "other"})


class PublicPages:
    """Answers what needs no payment."""

    def __init__(self, services: Services, writer: PageWriter) -> None:
        self._services = services
        self._writer = writer

    async def welcome(self, request: web.Request) -> Answer:
        """Tell a person what this is, and how the first payment is made."""
        return page(
            self._writer.write(
                "welcome.html",
                _language(request),
                "?",
                origin=self._services.public_url or origin_of(request),
                version=self._services.version,
            )
        )

    async def form_only(self, request: web.Request) -> Answer:
        """Tell a person who opens the form's address that it takes the form only."""
        status = HTTPStatus.METHOD_NOT_ALLOWED
        refusal = self._refusal(request, status)
        return replace(refusal, headers={**refusal.headers, "Allow": "POST"})

    def safely(self, handler: Page) -> Page:
        """Return the handler with whatever goes wrong in it told as a page."""

        async def handle(request: web.Request) -> Answer:
            try:
                return await handler(request)
            except SandboxError as error:
                return self._refusal(request, status_of(error), message_of(error))
            except Exception as failure:
                logger.exception("%s %s", request.method, request.path, exc_info=failure)
                return self._refusal(request, HTTPStatus.INTERNAL_SERVER_ERROR)

        return handle

    def _refusal(self, request: web.Request, status: HTTPStatus, detail: str = "") -> Answer:
        kind = _KINDS.get(status, "other")
        return page(
            self._writer.write(
                "refusal.html",
                _language(request),
                "",
                kind=kind,
                # The other kinds have said all that there is to say in the reader's language.
                detail=detail if kind in _WITH_DETAIL else "",
            ),
            status,
        )


def static_file(name: str, content_type: str) -> Page:
    """Return what answers a file of the package; browsers may keep it for a day."""
    body = (_STATIC / name).read_bytes()
    answer = Answer(
        status=HTTPStatus.OK,
        body=body,
        content_type=content_type,
        headers={
            "Cache-Control": "public, max-age=86400",
            "Content-Security-Policy": "default-src 'none'",
            "X-Content-Type-Options": "nosniff",
        },
    )

    async def handle(_: web.Request) -> Answer:
        return answer

    return handle


def _language(request: web.Request) -> str:
    """Return the language asked for by `lang=`, else the first one that the browser prefers."""
    preferred = request.headers.get("Accept-Language", DEFAULT_LANGUAGE)
    return language_of(request.query.get("lang"), preferred.partition(",")[0].partition(";")[0])
