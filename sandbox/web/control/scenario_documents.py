"""Scenarios in the bodies of control calls: YAML or JSON, by their content type."""

from http import HTTPStatus
from typing import Final

from sandbox.scenarios.model import Scenario
from sandbox.web.control.call import ControlCall
from sandbox.web.errors import Problem, UnsupportedMediaType

YAML: Final = "application/yaml"
_TAKEN: Final = (YAML, "application/x-yaml", "text/yaml", "application/json")


def read_scenario(call: ControlCall, position: int = 0) -> Scenario:
    """Return the scenario that the body is.

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
    return call.services.scenario_loader.load(call.body, position=position)
