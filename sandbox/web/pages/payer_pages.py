"""The payer's way: the payment page, the try, the wait for its end, and the summary.

Source: FACTS 5 (a payment's life) and 8 (which page the payer sees).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Final

from aiohttp import web

from sandbox.channels.templates import LANGUAGES
from sandbox.domain.deliveries import Delivery
from sandbox.domain.gateways import GatewayMode
from sandbox.domain.states import PAYABLE, AttemptState, State
from sandbox.domain.transactions import Attempt, PaymentTransaction
from sandbox.engine import wallets
from sandbox.engine.cards import always_saves, can_save
from sandbox.engine.errors import NotPayable, WalletCannotPay
from sandbox.engine.workspace import Workspace
from sandbox.scenarios.model import Outcome
from sandbox.web.answers import Answer, page, redirect
from sandbox.web.next_page import PageKind, next_page
from sandbox.web.pages import paths
from sandbox.web.pages.payer_form import (
    OUTCOMES,
    Mistake,
    PayerForm,
    filled_in,
    read_form,
    read_try,
    refuse_foreign,
)
from sandbox.web.pages.prices import prices_of
from sandbox.web.pages.rendering import PageWriter, money
from sandbox.web.pages.texts import language_of
from sandbox.web.services import Services

_TONES: Final = {
    **dict.fromkeys((State.PAID, State.AUTHORIZED, State.COD), "good"),
    **dict.fromkeys((State.CREATED, State.PENDING), "open"),
    **dict.fromkeys(
        (State.ATTEMPTED, State.FAILED, State.CANCELED, State.EXPIRED, State.INVALIDED), "bad"
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Visit:
    """Whose payment a request is about. `switched` is the language that its `lang` asks for."""

    workspace: Workspace
    session_id: str
    switched: str | None
    root: str

    @property
    def payment(self) -> PaymentTransaction:
        """The payment as it is now."""
        return self.workspace.visible(self.session_id)

    @property
    def language(self) -> str:
        """The language of the page: `en` or `ar`."""
        return language_of(self.switched, self.payment.terms.language)

    def to(self, path: str, **query: str | int | None) -> str:
        """Return the address of another page of this payment, in the same language."""
        query = {"session_id": self.session_id, **query, "lang": self.switched}
        return self.root + paths.address(path, **query)

    def here(self, path: str, **query: str | int | None) -> str:
        """Return an address to which `lang=` can be added."""
        return f"{self.root}{paths.address(path, session_id=self.session_id, **query)}&"


class PayerPages:
    """Answers the pages of one payment, which is found by its session_id alone."""

    def __init__(self, services: Services, writer: PageWriter, root: str) -> None:
        self._services = services
        self._writer = writer
        self._root = root

    async def start(self, request: web.Request) -> Answer:
        """Show the payment page, or where the payment has got to.

        Raises:
            UnknownSession: no payment has the session_id, or it was deleted.
        """
        visit = self._visit(request.query)
        payment = visit.payment
        if payment.state is State.EXPIRED:
            return self._write(
                visit,
                "expired.html",
                visit.here(paths.START),
                shop=_shop(payment),
                summary=visit.to(paths.SUMMARY),
            )
        if payment.state not in PAYABLE:
            return redirect(visit.to(paths.SUMMARY))
        last = payment.last_attempt
        if last is not None and _challenged(payment, last):
            return self._write(visit, "challenge.html", visit.here(paths.START))
        if last is not None and _ends_later(payment, last):
            return redirect(visit.to(paths.WAITING, number=last.number))
        codes = payment.terms.gateway_codes
        asked = request.query.get("pg_code")
        gateway = asked if asked and asked in codes else codes[0]
        return self._form(visit, PayerForm(gateway=gateway))

    async def pay(self, request: web.Request) -> Answer:
        """Play the payer's try once, however often its form is sent.

        Raises:
            NotAllowed: the form comes from another site.
            UnsupportedMediaType, NotAForm, BodyTooLarge: the body is no form.
            UnknownSession: no payment has the session_id, or it was deleted.
        """
        refuse_foreign(request, self._services.public_url)
        fields = await read_form(request)
        visit = self._visit(fields)
        payment = visit.payment
        form = filled_in(fields, payment.terms.gateway_codes)
        played = _played_already(payment, form)
        if played is not None:
            return await self._after(visit, played)
        last = payment.last_attempt
        if form.challenge is not None and not (last and _challenged(payment, last)):
            return redirect(visit.to(paths.SUMMARY))
        payer = read_try(form, payment)
        if isinstance(payer, Mistake):
            return self._form(visit, form, problem=payer)
        engine = self._services.engine
        now = self._services.runner.now(visit.workspace)
        try:
            step = engine.pay(visit.workspace, payment.session_id, payer, now)
        except NotPayable:
            return redirect(visit.to(paths.SUMMARY))
        except WalletCannotPay:
            return self._form(visit, form, problem=Mistake.WALLET)
        return await self._after(visit, step.result.attempt)

    async def waiting(self, request: web.Request) -> Answer:
        """Show that an attempt has not ended; once it has, send the payer on.

        Raises:
            UnknownSession: no payment has the session_id, or it was deleted.
        """
        visit = self._visit(request.query)
        number = request.query.get("number", "")
        attempts = {str(each.number): each for each in visit.payment.attempts}
        attempt = attempts.get(number)
        if attempt is None:
            return redirect(visit.to(paths.START))
        if not _ends_later(visit.payment, attempt):
            return await self._after(visit, attempt)
        return self._write(
            visit,
            "waiting.html",
            visit.here(paths.WAITING, number=number),
            clock_stands=visit.workspace.clock.stopped,
            again=visit.to(paths.WAITING, number=number),
        )

    async def summary(self, request: web.Request) -> Answer:
        """Tell how a payment stands.

        Raises:
            UnknownSession: no payment has the session_id, or it was deleted.
        """
        visit = self._visit(request.query)
        payment = visit.payment
        return self._write(
            visit,
            "summary.html",
            visit.here(paths.SUMMARY),
            tone=_TONES[payment.state],
            payable=payment.state in PAYABLE,
            start=visit.to(paths.START),
            shop=_shop(payment),
        )

    async def _after(self, visit: _Visit, attempt: Attempt) -> Answer:
        """Send the payer where this attempt leads, once its webhook has had its first answer."""
        payment = visit.payment
        if _challenged(payment, attempt):
            return redirect(visit.to(paths.START))
        if _ends_later(payment, attempt):
            return redirect(visit.to(paths.WAITING, number=attempt.number))
        delivery = _deciding(visit.workspace, payment, attempt)
        if delivery is not None:
            await self._services.runner.first_answer(visit.workspace, delivery)
            delivery = visit.workspace.deliveries.get(delivery.id)
        following = next_page(visit.payment, delivery)
        if following.kind is PageKind.REDIRECT and following.url:
            return redirect(following.url)
        return redirect(visit.to(paths.SUMMARY))

    def _form(self, visit: _Visit, chosen: PayerForm, problem: Mistake | None = None) -> Answer:
        gateways = self._services.engine.context.gateways
        prices = prices_of(visit.payment, gateways, visit.language)
        totals = {each.total for each in prices.values()}
        return self._write(
            visit,
            "pay.html",
            visit.here(paths.START),
            status=HTTPStatus.OK if problem is None else HTTPStatus.BAD_REQUEST,
            gateways=[gateways.named(code) for code in visit.payment.terms.gateway_codes],
            prices=prices,
            # Which of several prices will be paid is not known before the form is sent.
            due=totals.pop() if len(totals) == 1 else None,
            can_save=partial(can_save, visit.payment.terms),
            wallet=self._wallet(visit),
            always_saves=always_saves(visit.payment.terms),
            outcomes=OUTCOMES,
            chosen=chosen,
            problem=problem,
        )

    def _wallet(self, visit: _Visit) -> str | None:
        """Return what the payer's wallet has; None where it is empty, or hidden (FACTS 10)."""
        payment = visit.payment
        catalog = self._services.engine.context.gateways
        modes = {catalog.named(code).mode for code in payment.terms.gateway_codes}
        there = wallets.spendable(visit.workspace, payment)
        hidden = GatewayMode.PURCHASE not in modes
        return None if hidden or not there else money(there, payment)

    def _write(
        self,
        visit: _Visit,
        template: str,
        here: str,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        **values: object,
    ) -> Answer:
        payment = visit.payment
        amount = money(payment.terms.amount, payment)
        return page(
            self._writer.write(
                template,
                visit.language,
                here,
                payment=payment,
                amount=amount,
                switched=visit.switched,
                **values,
            ),
            status,
        )

    def _visit(self, fields: Mapping[str, str]) -> _Visit:
        session_id = fields.get("session_id", "")
        workspace = self._services.engine.workspace_of(session_id)
        workspace.visible(session_id)
        switched = fields.get("lang")
        return _Visit(
            workspace=workspace,
            session_id=session_id,
            switched=switched if switched in LANGUAGES else None,
            root=self._root,
        )


def _played_already(payment: PaymentTransaction, form: PayerForm) -> Attempt | None:
    """Return the attempt that this very form has made, or ended, before: it was sent twice."""
    if form.number is None or form.number > len(payment.attempts):
        return None
    attempt = payment.attempts[form.number - 1]
    still_asked = form.challenge is not None and _challenged(payment, attempt)
    return None if still_asked else attempt


def _open(payment: PaymentTransaction, attempt: Attempt) -> bool:
    return payment.state is State.PENDING and attempt.state is AttemptState.PENDING


def _challenged(payment: PaymentTransaction, attempt: Attempt) -> bool:
    """Tell whether the payer must still confirm the attempt."""
    return _open(payment, attempt) and attempt.outcome == Outcome.CHALLENGE


def _ends_later(payment: PaymentTransaction, attempt: Attempt) -> bool:
    """Tell whether the attempt has an end already, which a scenario puts off (`after:`)."""
    undecided = attempt.outcome in (Outcome.CHALLENGE, Outcome.PENDING)
    return _open(payment, attempt) and not undecided


def _deciding(
    workspace: Workspace, payment: PaymentTransaction, attempt: Attempt
) -> Delivery | None:
    """Return the delivery of the attempt's end that decides the page."""
    mine = (
        each
        for each in workspace.deliveries_of(payment.session_id)
        if each.decides_page and each.at == attempt.ended_at
    )
    return next(mine, None)


def _shop(payment: PaymentTransaction) -> str | None:
    """Return the merchant's page for a link, if its address is one that a link may lead to."""
    url = payment.terms.redirect_url
    # Without validation anything may stand there, scripts too.
    return url if url and url.lower().startswith(("https://", "http://")) else None
