"""Scenarios in the bodies of control calls: YAML or JSON, by their content type."""

from http import HTTPStatus
from typing import Final

from sandbox.engine import choosing
from sandbox.engine.workspace import Workspace
from sandbox.scenarios.inheritance import Parents
from sandbox.scenarios.model import Scenario
from sandbox.web.control.call import ControlCall
from sandbox.web.errors import Problem, UnsupportedMediaType

YAML: Final = "application/yaml"
_TAKEN: Final = (YAML, "application/x-yaml", "text/yaml", "application/json")


def read_scenario(
    call: ControlCall, workspace: Workspace, *, position: int = 0, replacing: str = ""
) -> Scenario:
    """Return the scenario that the body is; it may extend all that the workspace can play.

    One that replaces another of the workspace cannot extend that, so that putting it twice is as
    putting it once.

    Raises:
        UnsupportedMediaType: the content type is that of something else.
        InvalidScenario: with every mistake in it.
    """
    media_type = call.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type not in _TAKEN:
        said = f"`{media_type}`" if media_type else "none"
        raise UnsupportedMediaType(f"The content type is {said}; send {', '.join(_TAKEN)}.")
    if not call.body:
        raise Problem(HTTPStatus.BAD_REQUEST, "No scenario", "The body is empty.")
    library = call.services.engine.library

    def find(name: str) -> Scenario | None:
        own = workspace.scenarios.get(name) if name != replacing else None
        return own or library.named(name)

    parents = Parents(find=find, names=lambda: choosing.names(workspace, library))
    return call.services.scenario_loader.load(call.body, position=position, parents=parents)
