"""Whether the sandbox is up, what it serves, and how much it holds."""

from dataclasses import asdict
from typing import Any

from sandbox.engine.attachments import refused_uploads
from sandbox.engine.engine import Engine
from sandbox.engine.reports import dropped_reports
from sandbox.runner.reloading import ScenarioReloader
from sandbox.web.answers import Answer, as_json
from sandbox.web.control.call import ControlCall
from sandbox.web.control.workspace_choice import workspace_of


async def live(_: ControlCall) -> Answer:
    """Tell that the process answers."""
    return as_json({"status": "up"})


async def ready(_: ControlCall) -> Answer:
    """Tell that calls are served; nothing can be in the way while all is kept in memory."""
    return as_json({"status": "ready"})


async def health(call: ControlCall) -> Answer:
    """Tell version, document, seed and counts over all workspaces."""
    services = call.services
    engine = services.engine
    contract = services.contract
    return as_json(
        {
            "up": True,
            "version": services.version,
            "document": {
                "title": contract.title,
                "version": contract.version,
                "repairs": len(contract.repairs),
            },
            "seed": engine.context.seed,
            "scenarios": _scenarios(services.reloader),
            "counts": {
                **_counts(engine),
                "requests": sum(services.journal.workspaces().values()),
                "in_flight": services.runner.in_flight,
            },
            "dropped": {
                "messages": sum(each.messages.dropped for each in engine.workspaces.values()),
                "deliveries": sum(each.deliveries.dropped for each in engine.workspaces.values()),
                "requests": services.journal.dropped,
                "attachments": refused_uploads(engine.workspaces.values()),
                "reports": dropped_reports(engine.workspaces.values()),
            },
        }
    )


async def reset(call: ControlCall) -> Answer:
    """Make the workspace as new, or with `all=1` every one; the answer names them."""
    services = call.services
    everything = call.parameters.flag("all", default=False)
    here = workspace_of(call)
    workspaces = list(services.engine.workspaces.values()) if everything else [here]
    for workspace in workspaces:
        services.engine.reset(workspace)
        services.runner.forget(workspace)
        services.journal.forget(workspace.name)
        call.commits.notify(workspace)
    return as_json({"workspaces": sorted(each.name for each in workspaces)})


def _scenarios(reloader: ScenarioReloader | None) -> dict[str, Any]:
    """Tell of the folder of `--scenarios`; with `problems`, an earlier form of it is in use."""
    if reloader is None:
        return {"folder": None, "reloads": 0, "problems": []}
    return {
        "folder": str(reloader.folder),
        "reloads": reloader.reloads,
        "problems": [asdict(each) for each in reloader.problems],
    }


def _counts(engine: Engine) -> dict[str, int]:
    workspaces = engine.workspaces.values()
    return {
        "workspaces": len(workspaces),
        "transactions": sum(len(each.transactions) for each in workspaces),
        "messages": sum(len(each.messages) for each in workspaces),
        "deliveries": sum(len(each.deliveries) for each in workspaces),
        "findings": sum(len(each.findings) for each in workspaces),
    }
