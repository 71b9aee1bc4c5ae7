"""`ottu-sandbox scenario check`: every mistake in scenario files, with its place and mend."""

from collections.abc import Sequence

from sandbox.commands.scenario_files import load


def run(paths: Sequence[str]) -> int:
    """Print every mistake; return 0 when there is none, else 1."""
    loaded = load(paths)
    for problem in loaded.problems:
        print(problem)
    said = "1 file" if loaded.files == 1 else f"{loaded.files} files"
    if not loaded.problems:
        print(f"{said}: all fine")
        return 0
    wrong = len({problem.file for problem in loaded.problems})
    print(f"{said}: mistakes in {wrong}")
    return 1
