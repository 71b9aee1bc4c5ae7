"""What the wheel gets besides the package: the folders that it reads at run time."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDERS = ("specs", "scenarios")


class DataFolders(BuildHookInterface[Any]):
    """Puts `specs` and `scenarios` into `sandbox/_data` of a real wheel.

    An editable install reads the folders of the checkout, so it gets no copy that could grow old.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the folders to include; hatchling calls this before it builds."""
        if version != "standard":
            return
        for folder in FOLDERS:
            source = Path(self.root, folder)
            if not source.is_dir():
                raise FileNotFoundError(f"The wheel needs the folder {source}.")
            build_data["force_include"][str(source)] = f"sandbox/_data/{folder}"
