"""Files that a merchant uploads, and where they are found again.

Source: FACTS 10 (attachments); `AttachmentUpload` of `specs/ottu.yaml`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote

MEDIA_PATH: Final = "/media/attachments/"
SHORT_PATH: Final = "/s/"
LARGEST_FILE: Final = 5 * 1024 * 1024 // 2

CONTENT_TYPES: Final[Mapping[str, str]] = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "jpg": "image/jpeg",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "txt": "text/plain; charset=utf-8",
}
"""The kinds of files that are taken, by the end of their names."""

_LONGEST_STEM: Final = 100
_UNFIT: Final = re.compile(r"[^-\w.]")


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredFile:
    """A file as it was uploaded.

    `id` is the name under which it is stored, which no other file of the workspace has. `place` are
    the 8 digits that tell the workspace, `code` is what its short link ends in.
    """

    id: str
    place: str
    code: str
    original_filename: str
    content: bytes
    at: datetime

    @property
    def path(self) -> str:
        """Where the file is found, as a path of a URL."""
        return f"{MEDIA_PATH}{self.place}/{quote(self.id)}"

    @property
    def short_path(self) -> str:
        """The path of the short link."""
        return f"{SHORT_PATH}{self.code}"


@dataclass(frozen=True, kw_only=True, slots=True)
class AttachedFile:
    """A file that goes with a payment; the payer finds it at `url`, or by a short link to it."""

    name: str
    url: str
    short_url: str | None = None


def extension_of(filename: str) -> str:
    """Return what a name ends in, in lower case and without the dot; empty for `.pdf`."""
    return PurePosixPath(filename).suffix[1:].lower()


def base_name(filename: str) -> str:
    """Return the name of a file without the folders that some clients send along."""
    return filename.replace("\\", "/").rpartition("/")[2]


def stored_name(filename: str, mark: str = "") -> str:
    """Return the name under which a file is stored; the mark sets it apart from others.

    Spaces become underscores; signs that mean something in a path or a URL are left out.
    """
    path = PurePosixPath(filename)
    stem = _UNFIT.sub("", path.stem.strip().replace(" ", "_")).strip(".")[:_LONGEST_STEM] or "file"
    return f"{stem}_{mark}{path.suffix}" if mark else f"{stem}{path.suffix}"
