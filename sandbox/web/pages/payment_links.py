"""Short links and QR codes that open a payment's page, and the address that cancels one.

Source: FACTS 1 (every address opens); `CheckoutOutcome` and `SdkPreload` of `specs/ottu.yaml`.
"""

from http import HTTPStatus
from io import BytesIO
from typing import Final

from aiohttp import web

from sandbox.domain.operations import Operation
from sandbox.domain.payment_links import CANCEL_PATH, QR_PATH, SHORT_PATH, session_of
from sandbox.domain.transactions import PaymentTransaction
from sandbox.engine.commands import Named, Operate
from sandbox.engine.errors import UnknownSession
from sandbox.engine.workspace import Workspace
from sandbox.web.answers import Answer, redirect
from sandbox.web.pages import paths
from sandbox.web.services import Services

SHORT: Final = SHORT_PATH + "{code}"
QR_CODE: Final = QR_PATH + "{session_id}.png"
CANCEL: Final = CANCEL_PATH
# In pixels: a module of the code, and the quiet zone around it in modules, as ISO/IEC 18004 has it.
_MODULE: Final = 8
_QUIET_ZONE: Final = 4


class PaymentLinks:
    """Answers the further addresses of a payment; `root` is the path of `--public-url`."""

    def __init__(self, services: Services, root: str) -> None:
        self._services = services
        self._root = root

    async def short(self, request: web.Request) -> Answer:
        """Lead from a short link to the payment page.

        Raises:
            UnknownSession: no payment has this short link.
        """
        session_id = session_of(request.match_info["code"])
        if session_id is None:
            raise UnknownSession
        _, payment = self._payment(session_id)
        return self._to(paths.START, payment)

    async def qr_code(self, request: web.Request) -> Answer:
        """Answer a picture that opens the payment page when it is scanned.

        Raises:
            UnknownSession: no payment has this session_id.
        """
        _, payment = self._payment(request.match_info["session_id"])
        return Answer(
            status=HTTPStatus.OK,
            body=_png(payment.checkout_url),
            content_type="image/png",
            headers={
                "Cache-Control": "private, max-age=3600",
                "Content-Security-Policy": "default-src 'none'",
                "X-Content-Type-Options": "nosniff",
            },
        )

    async def cancel(self, request: web.Request) -> Answer:
        """Cancel a payment that can be canceled, and show how it stands.

        Raises:
            UnknownSession: no payment has the session_id.
        """
        workspace, payment = self._payment(request.query.get("session_id", ""))
        operation = Operate(named=Named(session_id=payment.session_id), operation=Operation.CANCEL)
        self._services.engine.operate(workspace, operation, self._services.runner.now(workspace))
        return self._to(paths.SUMMARY, payment)

    def _payment(self, session_id: str) -> tuple[Workspace, PaymentTransaction]:
        workspace = self._services.engine.workspace_of(session_id)
        return workspace, workspace.visible(session_id)

    def _to(self, path: str, payment: PaymentTransaction) -> Answer:
        return redirect(self._root + paths.address(path, session_id=payment.session_id))


def _png(text: str) -> bytes:
    import segno

    picture = BytesIO()
    segno.make_qr(text).save(picture, kind="png", scale=_MODULE, border=_QUIET_ZONE)
    return picture.getvalue()
