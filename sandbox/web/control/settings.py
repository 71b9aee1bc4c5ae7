"""What the merchant would configure on the platform, for one workspace."""

from sandbox.domain.settings import WorkspaceSettings
from sandbox.engine import steering
from sandbox.web.answers import Answer, as_json
from sandbox.web.control.call import ControlCall
from sandbox.web.control.fields import json_object, meant
from sandbox.web.control.settings_codec import read_changes, write_settings
from sandbox.web.control.workspace_choice import workspace_of


async def show_settings(call: ControlCall) -> Answer:
    """Show all settings."""
    return as_json(write_settings(workspace_of(call).settings))


async def change_settings(call: ControlCall) -> Answer:
    """Merge changes into the settings; they count from now on."""
    workspace = workspace_of(call)
    changes = read_changes(json_object(call.body))
    _require_known_calls(call, changes.get("public_key_calls"), workspace.settings)
    steering.change_settings(workspace, changes)
    return as_json(write_settings(workspace.settings))


def _require_known_calls(call: ControlCall, asked: object, settings: WorkspaceSettings) -> None:
    """Refuse a name that no call of the document has: it would open nothing."""
    names = [each for each in asked if isinstance(each, str)] if isinstance(asked, list) else []
    operations = call.services.contract.operations.values()
    known = {each.operation_id for each in operations} | {each.path for each in operations}
    slashless = {each.rstrip("/") for each in known | settings.public_key_calls}
    for name in names:
        if name.rstrip("/") not in slashless:
            raise call.fields.wrong(
                "public_key_calls",
                f"the document has no operation or path `{name}`.",
                meant(name, frozenset(known)),
            )
