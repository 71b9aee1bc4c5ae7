"""The start page, icons, and the words of both languages."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

import sandbox.web.pages
from sandbox.domain.states import AttemptState, ChildState, State
from sandbox.scenarios.model import Outcome
from tests.http.merchant import CHECKOUT, Merchant
from tests.http.pages.payer import Payer

LANGUAGES = Path(sandbox.web.pages.__file__).parent / "languages"


def words(language: str) -> dict[str, Any]:
    table: dict[str, Any] = yaml.safe_load((LANGUAGES / f"{language}.yaml").read_text("utf-8"))
    return table


def names(table: dict[str, Any], above: str = "") -> set[str]:
    nested = (names(each, f"{above}{name}.") for name, each in table.items() if type(each) is dict)
    return {f"{above}{name}" for name in table}.union(*nested)


async def test_the_start_page_shows_a_first_payment_that_works(
    merchant: Merchant, payer: Payer
) -> None:
    page = await payer.open("/")
    (command,) = page.all("pre")
    body = json.loads(command.text.partition("-d '")[2].rpartition("'")[0])

    reply = await merchant.call("POST", CHECKOUT, body)

    assert page.status == 200
    assert merchant.url + CHECKOUT in command.text
    assert page.all("a", href="/__admin/health")
    assert reply.status == 201


async def test_the_start_page_speaks_arabic(payer: Payer) -> None:
    page = await payer.open("/?lang=ar")

    (root,) = page.all("html")
    assert root["dir"] == "rtl"


@pytest.mark.parametrize(
    ("path", "content_type", "begins"),
    [
        ("/favicon.ico", "image/svg+xml", b"<svg"),
        ("/b/checkout/icons/card.svg", "image/svg+xml", b"<svg"),
        ("/b/checkout/icons/card.webp", "image/webp", b"RIFF"),
    ],
)
async def test_icons_are_served(payer: Payer, path: str, content_type: str, begins: bytes) -> None:
    page = await payer.open(path)

    assert page.status == 200
    assert page.headers["Content-Type"] == content_type
    assert page.body.startswith(begins)


async def test_checkout_names_icons_that_exist(merchant: Merchant, payer: Payer) -> None:
    (method,) = (await merchant.checkout())["payment_methods"]

    for url in (method["icon"], *method["icons"].values()):
        assert (await payer.open(url)).status == 200


def test_both_languages_have_the_same_words() -> None:
    assert names(words("en")) == names(words("ar"))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_state_and_outcome_has_its_words(language: str) -> None:
    table = words(language)

    assert set(table["states"]) == set(table["state_details"]) == set(State)
    assert set(table["attempt_states"]) == set(AttemptState)
    assert set(table["child_states"]) == set(ChildState)
    assert set(table["outcomes"]) == set(Outcome)
