"""What happened to a payment, as the scenario that makes it happen again."""

import re
from http import HTTPStatus
from typing import Final

from sandbox.engine.recording import record
from sandbox.scenarios.writing import write_scenario
from sandbox.web.answers import Answer
from sandbox.web.control.call import ControlCall
from sandbox.web.control.scenario_documents import YAML
from sandbox.web.control.workspace_choice import payment_of

PARAMETERS: Final = frozenset({"name"})
_NAME: Final = re.compile(r"(?=.{1,64}$)[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
# The first eight digits of a session_id are its workspace's.
_OWN_DIGITS: Final = slice(8, 16)


async def show_recording(call: ControlCall) -> Answer:
    """Answer the scenario as YAML, with a line for each thing that it cannot repeat."""
    workspace, payment = payment_of(call)
    name = call.parameters.text("name") or f"recorded-{payment.session_id[_OWN_DIGITS]}"
    if not _NAME.fullmatch(name):
        said = "expected small letters, digits and single hyphens, such as declined-then-paid."
        raise call.parameters.wrong("name", said)
    recording = record(workspace, payment, name)
    head = [f"What happened to payment {payment.session_id}.", *recording.notes]
    text = "".join(f"# {line}\n" for line in head) + write_scenario(recording.scenario)
    return Answer(status=HTTPStatus.OK, body=text.encode(), content_type=YAML)
