"""Finds the data files that the package reads: `specs/` and `scenarios/`.

A wheel carries them in `sandbox/_data`; a checkout, and so an editable install, has them beside
the package.
"""

from importlib.resources import files
from pathlib import Path
from typing import Final

_CHECKOUT: Final = Path(__file__).resolve().parent.parent


class MissingResources(Exception):
    """The installation lacks a folder of data files."""

    def __init__(self, folder: str, looked_in: tuple[Path, ...]) -> None:
        places = " and ".join(str(place) for place in looked_in)
        super().__init__(
            f"The folder {folder!r} is missing; looked in {places}. Install ottu-sandbox again, "
            "or run it from a complete checkout."
        )
        self.folder = folder
        self.looked_in = looked_in


def specs() -> Path:
    """Return the folder of API documents, schemas, gateways and templates.

    Raises:
        MissingResources: neither the installed package nor a checkout has it.
    """
    return _folder("specs")


def scenarios() -> Path:
    """Return the folder of the ready scenarios.

    Raises:
        MissingResources: neither the installed package nor a checkout has it.
    """
    return _folder("scenarios")


def _folder(name: str) -> Path:
    # A package inside a zip file has no path, so there str() leads nowhere and the error says so.
    installed = Path(str(files("sandbox") / "_data" / name))
    places = (installed, _CHECKOUT / name)
    for place in places:
        if place.is_dir():
            return place
    raise MissingResources(name, places)
