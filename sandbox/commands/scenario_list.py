"""`ottu-sandbox scenario list`: names, with a line about each."""

import sys
from collections.abc import Sequence

from sandbox.commands.scenario_files import load


def run(paths: Sequence[str]) -> int:
    """Print the scenarios by name; return 1 when a file has mistakes, told on standard error."""
    loaded = load(paths)
    width = max((len(each.name) for each in loaded.scenarios), default=0)
    for scenario in sorted(loaded.scenarios, key=lambda each: each.name):
        about = " ".join((scenario.description or "").split())
        print(f"{scenario.name:{width}}  {about}".rstrip())
    for problem in loaded.problems:
        print(problem, file=sys.stderr)
    return 1 if loaded.problems else 0
