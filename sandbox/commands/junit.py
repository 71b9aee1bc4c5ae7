"""What plays of scenarios came to, as JUnit XML, which continuous integration shows."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sandbox.domain.errors import SandboxError

# XML 1.0 has no way to write these, not even escaped.
_UNWRITABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class CannotReport(SandboxError):
    """The report cannot be written to that file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One scenario: where it stands, how long it took, and what was wrong, if anything was.

    `failure` are the differences of a play, `error` the mistakes of a file that was not played.
    """

    name: str
    source: str
    seconds: float = 0.0
    failure: str = ""
    error: str = ""


def write(cases: Sequence[Case], file: Path) -> None:
    """Write a test suite with a case for each scenario.

    Raises:
        CannotReport: the file cannot be written.
    """
    suite = ET.Element(
        "testsuite",
        name="ottu-sandbox scenario test",
        tests=str(len(cases)),
        failures=str(sum(bool(case.failure) for case in cases)),
        errors=str(sum(bool(case.error) for case in cases)),
        skipped="0",
        time=f"{sum(case.seconds for case in cases):.3f}",
    )
    for case in cases:
        written = ET.SubElement(
            suite,
            "testcase",
            name=_text(case.name),
            classname=_text(case.source),
            time=f"{case.seconds:.3f}",
        )
        for kind, said in (("failure", case.failure), ("error", case.error)):
            if said:
                told = ET.SubElement(written, kind, message=_text(said.splitlines()[0]))
                told.text = _text(said)
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    try:
        ET.ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)
    except OSError as error:
        raise CannotReport(f"{file}: {error.strerror}.") from None


def _text(text: str) -> str:
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
