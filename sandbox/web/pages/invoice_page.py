"""The invoice as its payer reads it; whoever has the address may, as on the platform.

Source: FACTS 10 (invoices).
"""

from aiohttp import web

from sandbox.channels.templates import LANGUAGES
from sandbox.domain.reports import day_of
from sandbox.domain.states import PAYABLE
from sandbox.engine.invoices import invoice_of
from sandbox.web.answers import Answer, page
from sandbox.web.pages import paths
from sandbox.web.pages.rendering import PageWriter
from sandbox.web.pages.texts import language_of
from sandbox.web.services import Services
from sandbox.webhooks.payload_parts import checkout_details


class InvoicePages:
    """Answers the page of an invoice; `root` is the path of `--public-url`."""

    def __init__(self, services: Services, writer: PageWriter, root: str) -> None:
        self._services = services
        self._writer = writer
        self._root = root

    async def show(self, request: web.Request) -> Answer:
        """Show what is to be paid, how it is made up, and where it stands.

        Raises:
            UnknownSession: no payment has the session_id, or it was deleted.
            UnknownInvoice: the payment collects no invoice.
        """
        session_id = request.query.get("session_id", "")
        workspace = self._services.engine.workspace_of(session_id)
        payment = workspace.visible(session_id)
        invoice = invoice_of(workspace, payment)
        today = day_of(self._services.runner.now(workspace))
        asked = request.query.get("lang")
        switched = asked if asked in LANGUAGES else None
        here = self._root + paths.address(paths.INVOICE, session_id=session_id)
        start = paths.address(paths.START, session_id=session_id, lang=switched)
        details = checkout_details(payment)
        names = (details.get("customer_first_name"), details.get("customer_last_name"))
        return page(
            self._writer.write(
                "invoice.html",
                language_of(switched, payment.terms.language),
                f"{here}&",
                payment=payment,
                priced=invoice.priced,
                draft=invoice.priced.draft,
                issued=day_of(invoice.issued_at),
                status=invoice.status(payment.state, today),
                customer=" ".join(each for each in names if isinstance(each, str)),
                pay=self._root + start if payment.state in PAYABLE else None,
            )
        )
