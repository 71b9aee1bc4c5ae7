"""The library of scenarios as one workspace sees it; put, pin, choose for the next checkout.

Source: DESIGN (control API, scenarios; precedence).
"""

from http import HTTPStatus
from typing import Any

from sandbox.engine import choosing, steering
from sandbox.engine.errors import UnknownScenario
from sandbox.engine.workspace import Workspace
from sandbox.scenarios.model import Scenario
from sandbox.web.answers import Answer, as_json
from sandbox.web.control.call import ControlCall
from sandbox.web.control.scenario_documents import YAML, read_scenario
from sandbox.web.control.workspace_choice import workspace_of
from sandbox.web.errors import Problem


async def list_scenarios(call: ControlCall) -> Answer:
    """List every scenario that the workspace can play, by name."""
    workspace = workspace_of(call)
    library = call.services.engine.library
    items = [
        _summary(workspace, choosing.named(workspace, library, name))
        for name in choosing.names(workspace, library)
    ]
    return as_json({"count": len(items), "items": items})


async def show_scenario(call: ControlCall) -> Answer:
    """Show all that a scenario says, as JSON; or its own text where YAML is accepted.

    The JSON holds what it extends, its variables' values and one case of several.
    """
    scenario = _named(call, workspace_of(call))
    if "yaml" in call.headers.get("Accept", "").lower():
        return Answer(status=HTTPStatus.OK, body=scenario.text.encode(), content_type=YAML)
    return as_json(scenario.document)


async def put_scenario(call: ControlCall) -> Answer:
    """Keep a scenario in the workspace: 201 when it is new there, 200 when it replaces one."""
    workspace = workspace_of(call)
    name = call.path["name"]
    earlier = workspace.scenarios.get(name)
    # A match that two of one workspace could take goes to the one that came first.
    position = earlier.position if earlier else 1 + _last_position(workspace)
    scenario = read_scenario(call, workspace, position=position, replacing=name)
    if scenario.name != name:
        raise Problem(
            HTTPStatus.BAD_REQUEST,
            "Two names",
            f"The path names the scenario `{name}`, its own text `{scenario.name}`.",
            pointer="/scenario",
            hint="Make the two equal.",
        )
    is_new = steering.keep_scenario(workspace, scenario)
    return as_json(_summary(workspace, scenario), HTTPStatus.CREATED if is_new else HTTPStatus.OK)


async def delete_scenario(call: ControlCall) -> Answer:
    """Forget a scenario that was put into the workspace (204)."""
    workspace = workspace_of(call)
    name = call.path["name"]
    if name not in workspace.scenarios:
        _named(call, workspace)
        raise Problem(
            HTTPStatus.CONFLICT,
            "Not of this workspace",
            f"`{name}` was not put into workspace `{workspace.name}`; every workspace has it.",
            hint="PUT one of the same name to hide it.",
        )
    steering.drop_scenario(workspace, name)
    return Answer(status=HTTPStatus.NO_CONTENT)


async def pin_scenario(call: ControlCall) -> Answer:
    """Make a scenario the workspace's default, in place of the one that was."""
    workspace = workspace_of(call)
    scenario = _named(call, workspace)
    steering.pin(workspace, scenario)
    return as_json(_summary(workspace, scenario))


async def unpin_scenario(call: ControlCall) -> Answer:
    """Take a scenario back as the workspace's default (204); another one that is pinned stays."""
    workspace = workspace_of(call)
    _named(call, workspace)
    steering.unpin(workspace, call.path["name"])
    return Answer(status=HTTPStatus.NO_CONTENT)


async def use_next(call: ControlCall) -> Answer:
    """Let a scenario decide the next checkout, and only that."""
    workspace = workspace_of(call)
    scenario = _named(call, workspace)
    steering.use_next(workspace, scenario)
    return as_json(_summary(workspace, scenario))


def _named(call: ControlCall, workspace: Workspace) -> Scenario:
    name = call.path["name"]
    try:
        return choosing.named(workspace, call.services.engine.library, name)
    except UnknownScenario as unknown:
        hint = f"Did you mean `{unknown.nearest}`?" if unknown.nearest else ""
        raise Problem(
            HTTPStatus.NOT_FOUND, "Unknown scenario", f"No scenario is named `{name}`.", hint=hint
        ) from None


def _summary(workspace: Workspace, scenario: Scenario) -> dict[str, Any]:
    pinned, following = workspace.pinned, workspace.next_scenario
    return {
        "name": scenario.name,
        "description": scenario.description,
        "source": scenario.source,
        "pinned": pinned is not None and pinned.name == scenario.name,
        "next": following is not None and following.name == scenario.name,
    }


def _last_position(workspace: Workspace) -> int:
    return max((each.position for each in workspace.scenarios.values()), default=0)
