"""What the merchant would configure on the platform, for one workspace."""

from sandbox.engine import steering
from sandbox.web.answers import Answer, as_json
from sandbox.web.control.call import ControlCall
from sandbox.web.control.fields import json_object
from sandbox.web.control.settings_codec import read_changes, write_settings
from sandbox.web.control.workspace_choice import workspace_of


async def show_settings(call: ControlCall) -> Answer:
    """Show all settings."""
    return as_json(write_settings(workspace_of(call).settings))


async def change_settings(call: ControlCall) -> Answer:
    """Merge changes into the settings; they count from now on."""
    workspace = workspace_of(call)
    steering.change_settings(workspace, read_changes(json_object(call.body)))
    return as_json(write_settings(workspace.settings))
