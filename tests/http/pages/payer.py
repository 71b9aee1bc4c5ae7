"""A payer without a browser: opens pages, reads them, and sends their forms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from typing import Any, Final

import aiohttp
from yarl import URL

START: Final = "/b/checkout/redirect/start/"
PAY: Final = "/b/checkout/redirect/pay/"
SUMMARY: Final = "/b/checkout/redirect/summary/"
WAITING: Final = "/b/checkout/redirect/waiting/"

Body = Mapping[str, str] | bytes | BytesIO


@dataclass(kw_only=True)
class Element:
    """An element with its attributes, and the text within it."""

    tag: str
    attributes: Mapping[str, str]
    text: str = ""

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")


class _Reader(HTMLParser):
    void: Final = frozenset({"meta", "link", "input", "img", "path"})

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag=tag, attributes={name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in self.void:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.void:
            assert self._open, f"</{tag}> closes nothing"
            assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data


@dataclass(kw_only=True)
class Page:
    """An answer to a payer; `location` is where it sends the browser."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    elements: list[Element] = field(default_factory=list)

    @property
    def html(self) -> str:
        return self.body.decode()

    @property
    def location(self) -> URL:
        return URL(self.headers["Location"])

    @property
    def heading(self) -> str:
        (heading,) = self.all("h1")
        return heading.text.strip()

    @property
    def text(self) -> str:
        """All that is to be read, with single spaces."""
        (main,) = self.all("main")
        return " ".join(main.text.split())

    def all(self, tag: str, **attributes: str) -> list[Element]:
        return [
            each
            for each in self.elements
            if each.tag == tag and attributes.items() <= each.attributes.items()
        ]

    @property
    def chosen_gateway(self) -> str:
        (radio,) = [
            each for each in self.all("input", type="radio") if "checked" in each.attributes
        ]
        return radio["value"]


class Payer:
    """Someone who pays; follows no redirect, so that tests see each."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def open(self, path: str, **headers: str) -> Page:
        """Get a path of the sandbox, or a whole address."""
        target = path if path.startswith("http") else self._url + path
        return await self._send("GET", target, headers=headers)

    async def summary(self, payment: Mapping[str, Any]) -> Page:
        return await self.open(f"{SUMMARY}?session_id={payment['session_id']}")

    async def pay(
        self,
        payment: Mapping[str, Any],
        *,
        headers: Mapping[str, str] | None = None,
        **form: str,
    ) -> Page:
        """Send the payment form."""
        return await self.post({"session_id": payment["session_id"], **form}, headers=headers)

    async def post(self, body: Body, headers: Mapping[str, str] | None = None) -> Page:
        return await self._send("POST", self._url + PAY, headers=headers or {}, data=body)

    async def _send(
        self,
        method: str,
        target: str,
        *,
        headers: Mapping[str, str],
        data: Body | None = None,
    ) -> Page:
        async with self._session.request(
            method, URL(target, encoded=True), headers=headers, data=data, allow_redirects=False
        ) as response:
            page = Page(
                status=response.status, headers=response.headers, body=await response.read()
            )
        if page.headers.get("Content-Type", "").startswith("text/html") and page.body:
            reader = _Reader()
            reader.feed(page.html)
            page.elements = reader.elements
        return page
