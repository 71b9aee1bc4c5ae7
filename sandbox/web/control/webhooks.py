"""Webhook deliveries: all of them, one sent again, a held one let go."""

from http import HTTPStatus

from sandbox.domain.deliveries import DeliveryStatus
from sandbox.domain.events import Event
from sandbox.web.answers import Answer, as_json
from sandbox.web.control.call import ControlCall
from sandbox.web.control.delivery_codec import write_delivery
from sandbox.web.control.lists import answer_list, counted, fits, session_asked_for, since
from sandbox.web.control.workspace_choice import delivery_workspace, workspace_of
from sandbox.web.errors import Problem


async def list_deliveries(call: ControlCall) -> Answer:
    """List deliveries with their tries."""
    session_id = session_asked_for(call)
    workspace = workspace_of(call, session_id=session_id)
    wanted = workspace.parents.get(session_id, session_id) if session_id else None
    order_no = call.parameters.text("order_no")
    event = call.parameters.choice("event", Event)
    status = call.parameters.choice("status", DeliveryStatus)
    after = call.parameters.instant("since")
    matching = (
        each
        for each in workspace.deliveries.values()
        if fits(wanted, each.session_id)
        and fits(order_no, each.order_no)
        and fits(event, each.event)
        and fits(status, each.status)
        and since(after, each.at)
    )
    counts = counted(call, lambda each: each.deliveries)
    return answer_list(call, workspace, matching, write_delivery, counts)


async def resend_delivery(call: ControlCall) -> Answer:
    """Send a delivery once more, under the next try number; one that is on its way goes once."""
    workspace = delivery_workspace(call)
    delivery = workspace.delivery(call.path["id"])
    if delivery.status is DeliveryStatus.WAITING:
        raise Problem(
            HTTPStatus.CONFLICT,
            "On its way",
            "A try of this delivery is under way or planned already.",
            hint="Let it end first: POST `/__admin/settle`, or advance the clock.",
        )
    services = call.services
    again = services.engine.send_again(workspace, delivery.id, services.runner.now(workspace))
    return as_json(write_delivery(again))


async def release_delivery(call: ControlCall) -> Answer:
    """Let a held delivery go."""
    workspace = delivery_workspace(call)
    services = call.services
    now = services.runner.now(workspace)
    return as_json(write_delivery(services.engine.release(workspace, call.path["id"], now)))
