"""Steps of the engine for direct payments and saved cards: one function for each command."""

from datetime import datetime

from sandbox.domain.operations import Refused
from sandbox.engine import cards, choosing, direct_payments
from sandbox.engine.attempts import Paid
from sandbox.engine.cards import CardQuery
from sandbox.engine.commands import DirectPayment, NewPayment
from sandbox.engine.engine import Engine
from sandbox.engine.work import Step
from sandbox.engine.workspace import Workspace


def pay(
    engine: Engine, workspace: Workspace, session_id: str, direct: DirectPayment, now: datetime
) -> Step[Paid | Refused]:
    """Pay a payment without its page.

    Raises:
        UnknownSession.
    """
    work = engine.begin(workspace, now).take_up(workspace.visible(session_id))
    paid = direct_payments.pay(engine.context, work, direct)
    return engine.commit(engine.begin(workspace, now) if isinstance(paid, Refused) else work, paid)


def pay_at_once(
    engine: Engine, workspace: Workspace, new: NewPayment, direct: DirectPayment, now: datetime
) -> Step[Paid | Refused]:
    """Make a payment transaction and pay it; when that is refused, none is made.

    Raises:
        UnknownScenario: the call asks for a scenario that is not there.
    """
    scenario = choosing.for_checkout(workspace, engine.library, new.scenario, new.fields)
    work = engine.begin(workspace, now)
    paid = direct_payments.pay_at_once(engine.context, work, new, scenario, direct)
    if isinstance(paid, Refused):
        return engine.commit(engine.begin(workspace, now), paid)
    if not new.scenario:
        workspace.next_scenario = None
    return engine.commit(work, paid)


def forget_card(
    engine: Engine, workspace: Workspace, query: CardQuery, token: str, now: datetime
) -> Step[Refused | None]:
    """Forget a saved card, unless an agreement charges it.

    Raises:
        UnknownCard.
    """
    work = engine.begin(workspace, now)
    return engine.commit(work, cards.forget(work, query, token))
