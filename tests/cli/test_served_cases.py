"""A served folder whose scenarios extend ready ones, read the environment and have cases."""

import json
import urllib.request
from pathlib import Path
from typing import Any

from tests.cli.program import serving

STORY = """\
scenario: shop
for each: {outcome: [failed, error]}
extends: declined-then-paid
description: For ${OTTU_SANDBOX_VAR_SHOP} in ${PLACE}.
payment: [{outcome: "${each.outcome}"}]
"""


def ask(url: str, method: str) -> Any:  # noqa: ANN401 - any JSON value
    call = urllib.request.Request(url, method=method)  # noqa: S310 - our own server
    with urllib.request.urlopen(call) as answer:  # noqa: S310 - our own server
        return json.load(answer)


def test_each_case_is_listed_shown_and_pinned_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(STORY)
    variables = {"OTTU_SANDBOX_VAR_SHOP": "a baker", "PLACE": "Jahra"}

    with serving("--scenarios", str(tmp_path), variables=variables) as server:
        admin = f"{server.url}/__admin/scenarios"
        names = [each["name"] for each in ask(admin, "GET")["items"]]
        shown = ask(f"{admin}/shop-error", "GET")
        pinned = ask(f"{admin}/shop-failed/pin", "POST")

    assert {"shop-failed", "shop-error"} <= set(names)
    assert "shop" not in names
    assert (shown["scenario"], shown["payment"]) == ("shop-error", [{"outcome": "error"}])
    assert shown["description"] == "For a baker in Jahra."
    assert pinned["pinned"]
