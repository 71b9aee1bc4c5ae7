"""Files that merchants have uploaded, as their payers fetch them.

Whoever has the address gets the file, as on the platform. Browsers save it and never show it, for
nobody has looked at what is in it.

Source: FACTS 10 (attachments).
"""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from aiohttp import web

from sandbox.domain.attachments import (
    CONTENT_TYPES,
    MEDIA_PATH,
    SHORT_PATH,
    StoredFile,
    extension_of,
)
from sandbox.engine.engine import Engine
from sandbox.web.answers import Answer, redirect
from sandbox.web.errors import UnknownCall

FILE: Final = MEDIA_PATH + "{place}/{name}"
SHORT: Final = SHORT_PATH + "{code}"
_PLACE_DIGITS: Final = 8


class Files:
    """Answers the addresses that an upload was answered with; `root` is the path of `--public-url`."""

    def __init__(self, engine: Engine, root: str) -> None:
        self._engine = engine
        self._root = root

    async def file(self, request: web.Request) -> Answer:
        """Answer the bytes of a file.

        Raises:
            UnknownCall: no file has this address.
        """
        name = request.match_info["name"]
        for file in self._files(request.match_info["place"]):
            if file.id == name:
                return _download(file)
        raise UnknownCall("No file has this address.")

    async def short(self, request: web.Request) -> Answer:
        """Lead from a short link to its file.

        Raises:
            UnknownCall: no file has this short link.
        """
        code = request.match_info["code"]
        for file in self._files(code[:_PLACE_DIGITS]):
            if file.code == code:
                return redirect(self._root + file.path)
        raise UnknownCall("No file has this short link.")

    def _files(self, place: str) -> Iterator[StoredFile]:
        for workspace in self._engine.workspaces_at(place):
            yield from workspace.tables.of(StoredFile).values()


def _download(file: StoredFile) -> Answer:
    return Answer(
        status=HTTPStatus.OK,
        body=file.content,
        content_type=CONTENT_TYPES[extension_of(file.id)],
        headers={
            "Cache-Control": "private, no-store",
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.original_filename, safe='')}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )
