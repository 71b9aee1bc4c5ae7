"""Which scenario a call or a new transaction plays."""

from collections.abc import Mapping
from difflib import get_close_matches

from sandbox.engine.errors import UnknownScenario
from sandbox.engine.ports import ScenarioLibrary
from sandbox.engine.workspace import Workspace
from sandbox.scenarios.cursors import api_fault_at
from sandbox.scenarios.model import ApiFault, Scenario


def names(workspace: Workspace, library: ScenarioLibrary) -> tuple[str, ...]:
    """Return the names of all scenarios that a workspace can play, sorted."""
    return tuple(sorted({*workspace.scenarios, *library.names()}))


def named(workspace: Workspace, library: ScenarioLibrary, name: str) -> Scenario:
    """Return the scenario of a name; the workspace's own hide others of that name.

    Raises:
        UnknownScenario: there is none; the error carries the nearest name.
    """
    found = workspace.scenarios.get(name) or library.named(name)
    if found is None:
        nearest = get_close_matches(name, names(workspace, library), n=1)
        raise UnknownScenario(name, nearest[0] if nearest else None)
    return found


def for_checkout(
    workspace: Workspace,
    library: ScenarioLibrary,
    asked: str | None,
    fields: Mapping[str, object],
) -> Scenario | None:
    """Return the scenario of a new transaction: asked for, next, pinned, first match, or none.

    Raises:
        UnknownScenario: the call asks for one that is not there.

    Source: DESIGN, precedence.
    """
    if asked:
        return named(workspace, library, asked)
    chosen = workspace.next_scenario or workspace.pinned
    if chosen is None and workspace.scenarios:
        chosen = workspace.scenarios.first(fields)
    if chosen is not None:
        return chosen
    found = library.matching(fields)
    # A scenario of the workspace hides one of the library by its name.
    return None if found is not None and found.name in workspace.scenarios else found


def fault_met(
    workspace: Workspace, scenario: Scenario | None, operation_id: str
) -> ApiFault | None:
    """Count this call and return the fault that it meets; cursors belong to the workspace."""
    if scenario is None or not scenario.api:
        return None
    used = workspace.faults_met.get(scenario.name, ())
    turn = api_fault_at(scenario.api, used, operation_id)
    workspace.faults_met[scenario.name] = turn.used
    return turn.fault
