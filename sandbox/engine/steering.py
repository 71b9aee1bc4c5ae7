"""What a test decides about a workspace itself: its settings, its clock, its scenarios.

Each call is one synchronous step; a workspace that was steered is no longer an empty one.

Source: DESIGN (control API, precedence, time).
"""

from collections.abc import Mapping
from datetime import datetime

from sandbox.domain.setting_changes import changed_settings
from sandbox.engine.template_notifications import begin_anew
from sandbox.engine.workspace import Workspace
from sandbox.scenarios.model import Scenario


def change_settings(workspace: Workspace, changes: Mapping[str, object]) -> None:
    """Merge changes into the settings; they count from now on.

    Raises:
        InvalidSetting: a name or value is wrong; nothing has changed.
    """
    workspace.settings = changed_settings(workspace.settings, changes)
    _steered(workspace)


def freeze(workspace: Workspace, real: datetime) -> None:
    """Stop the clock where it is."""
    workspace.clock = workspace.clock.frozen(real)
    _steered(workspace)


def resume(workspace: Workspace, real: datetime) -> None:
    """Let the clock run on from where it stands."""
    if workspace.clock.stopped:
        workspace.clock = workspace.clock.resumed(real)
    _steered(workspace)


def set_clock(workspace: Workspace, instant: datetime, real: datetime) -> None:
    """Put the clock to an instant, past or future, passing over all that lies between."""
    workspace.clock = workspace.clock.moved_to(instant, real)
    _steered(workspace)


def has_history(workspace: Workspace) -> bool:
    """Tell whether something has happened by the workspace's clock, or is still to happen."""
    return bool(workspace.transactions or workspace.deliveries or len(workspace.agenda))


def keep_scenario(workspace: Workspace, scenario: Scenario) -> bool:
    """Keep a scenario under its name; return whether the name is new in this workspace.

    Transactions under way play on what they started with; where the name is pinned or chosen for
    the next checkout, that means the new one from now on. Its faults begin anew.
    """
    name = scenario.name
    is_new = name not in workspace.scenarios
    workspace.scenarios[name] = scenario
    if workspace.pinned is not None and workspace.pinned.name == name:
        workspace.pinned = scenario
    if workspace.next_scenario is not None and workspace.next_scenario.name == name:
        workspace.next_scenario = scenario
    workspace.faults_met.pop(name, None)
    begin_anew(workspace, name)
    _steered(workspace)
    return is_new


def drop_scenario(workspace: Workspace, name: str) -> None:
    """Forget a scenario that the workspace was given, and that it is pinned or comes next."""
    dropped = workspace.scenarios.pop(name)
    if workspace.pinned is dropped:
        workspace.pinned = None
    if workspace.next_scenario is dropped:
        workspace.next_scenario = None
    workspace.faults_met.pop(name, None)
    _steered(workspace)


def take_over(
    workspace: Workspace, before: Mapping[str, Scenario], now: Mapping[str, Scenario]
) -> None:
    """Act on the library's scenarios having been read again: `before` and `now`, by name.

    Where one of them is pinned or chosen for the next checkout, that means its new form, or
    nothing where it is gone. Faults of one that has changed begin anew.
    """
    for name, scenario in before.items():
        changed = now.get(name)
        if changed == scenario:
            continue
        if workspace.pinned is scenario:
            workspace.pinned = changed
        if workspace.next_scenario is scenario:
            workspace.next_scenario = changed
        if name not in workspace.scenarios:
            workspace.faults_met.pop(name, None)
            begin_anew(workspace, name)


def pin(workspace: Workspace, scenario: Scenario) -> None:
    """Make a scenario the workspace's default; its faults begin anew."""
    workspace.pinned = scenario
    workspace.faults_met.pop(scenario.name, None)
    begin_anew(workspace, scenario.name)
    _steered(workspace)


def unpin(workspace: Workspace, name: str) -> None:
    """Take a scenario of this name back as the workspace's default; another one stays."""
    if workspace.pinned is not None and workspace.pinned.name == name:
        workspace.pinned = None
        workspace.faults_met.pop(name, None)
    _steered(workspace)


def use_next(workspace: Workspace, scenario: Scenario) -> None:
    """Let a scenario decide the next checkout, and only that."""
    workspace.next_scenario = scenario
    _steered(workspace)


def _steered(workspace: Workspace) -> None:
    workspace.sequence += 1
