"""Where the payer's pages are answered."""

from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.web.pages import files, paths, payment_links
from sandbox.web.pages.files import Files
from sandbox.web.pages.invoice_page import InvoicePages
from sandbox.web.pages.payer_pages import PayerPages
from sandbox.web.pages.payment_links import PaymentLinks
from sandbox.web.pages.public_pages import Page, PublicPages, static_file
from sandbox.web.pages.rendering import PageWriter
from sandbox.web.services import Services

_SVG: Final = "image/svg+xml"


def add_to(router: web.UrlDispatcher, services: Services) -> None:
    """Add the routes of the payer's pages; those of a payment end in a slash or not."""
    root = urlsplit(services.public_url or "").path
    writer = PageWriter(services.engine.context.gateways, root)
    public = PublicPages(services, writer)
    payer = PayerPages(services, writer, root)
    for path, page in (
        (paths.START, payer.start),
        (paths.WAITING, payer.waiting),
        (paths.SUMMARY, payer.summary),
        (paths.INVOICE, InvoicePages(services, writer, root).show),
        (paths.PAY, public.form_only),
    ):
        for form in (path, path.rstrip("/")):
            router.add_get(form, _answering(public.safely(page)))
    links = PaymentLinks(services, root)
    for path, page in (
        (payment_links.SHORT, links.short),
        (payment_links.QR_CODE, links.qr_code),
        (payment_links.CANCEL, links.cancel),
        (payment_links.CANCEL.rstrip("/"), links.cancel),
    ):
        router.add_get(path, _answering(public.safely(page)))
    for form in (payment_links.CANCEL, payment_links.CANCEL.rstrip("/")):
        router.add_post(form, _answering(public.safely(links.cancel)))
    uploads = Files(services.engine, root)
    router.add_get(files.FILE, _answering(public.safely(uploads.file)))
    router.add_get(files.SHORT, _answering(public.safely(uploads.short)))
    for form in (paths.PAY, paths.PAY.rstrip("/")):
        router.add_post(form, _answering(public.safely(payer.pay)))
    router.add_get("/", _answering(public.safely(public.welcome)))
    router.add_get("/favicon.ico", _answering(static_file("favicon.svg", _SVG)))
    router.add_get(f"{paths.ICONS}card.svg", _answering(static_file("card.svg", _SVG)))
    router.add_get(f"{paths.ICONS}card.webp", _answering(static_file("card.webp", "image/webp")))


def _answering(page: Page) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        answer = await page(request)
        headers = {"Content-Type": answer.content_type} if answer.body else {}
        return web.Response(
            status=answer.status, body=answer.body, headers={**headers, **answer.headers}
        )

    return handle
