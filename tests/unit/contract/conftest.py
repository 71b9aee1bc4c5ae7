"""The sandbox's own document, and a checkout that is fine."""

from pathlib import Path
from typing import Any, Final

import pytest

from sandbox.contract.checking import Contract

SPECIFICATION: Final = Path(__file__).parents[3] / "specs" / "ottu.yaml"


@pytest.fixture(scope="session")
def platform() -> Contract:
    return Contract.load(SPECIFICATION)


@pytest.fixture
def checkout() -> dict[str, Any]:
    return {
        "type": "e_commerce",
        "amount": "12.500",
        "currency_code": "KWD",
        "pg_codes": ["credit-card"],
    }
