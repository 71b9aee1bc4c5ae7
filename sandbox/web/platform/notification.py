"""Messages of a payment sent again by hand (FACTS 7)."""

from http import HTTPStatus

from sandbox.domain.events import Channel
from sandbox.domain.settings import FailureChannels
from sandbox.engine.commands import Resend
from sandbox.engine.messages import Resent
from sandbox.web.answers import Answer, as_json
from sandbox.web.errors import WrongFields
from sandbox.web.platform.call import PlatformCall
from sandbox.web.platform.operation import named


async def resend(call: PlatformCall) -> Answer:
    """Send the newest event's messages again; 400 when a provider refuses one of them."""
    meant = named(call)
    channels = tuple(Channel(name) for name in call.fields["channels"])
    step = call.services.engine.resend(
        call.workspace, Resend(named=meant, channels=channels), call.now
    )
    if not isinstance(step.result, Resent):
        raise WrongFields({"channels": [refused.reason for refused in step.result]})
    failed = [channel.value for channel in step.result.failed]
    if not failed:
        return as_json({"message": "Customer notified."})
    # The document types `channels` as one string, so the first failing one is named by default.
    as_list = step.result.failure_form is FailureChannels.LIST
    lookup = {
        name: call.fields[name] for name in ("session_id", "order_no") if call.fields.get(name)
    }
    return as_json(
        {**lookup, "channels": failed if as_list else failed[0], "result": "failed"},
        HTTPStatus.BAD_REQUEST,
    )
