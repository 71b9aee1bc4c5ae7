"""`ottu-sandbox demo`: runs by itself, shows the whole story, and the same each time."""

import re

from tests.cli.program import run

STORY = [
    "email `created` to payer@example.com: delivered",
    "sms `created` to +96550000000: failed 30003",
    "← 400 failed",
    "← 200 Customer notified.",
    "sms `created` to +96550000000: delivered",
    "webhook at the shop: state attempted, result failed, signature OK",
    "webhook at the shop: state paid, result success, signature OK",
    "← 200 Thank you!",
    "All went as it should.",
]


def test_it_tells_the_story_in_order_and_ends_well() -> None:
    ended = run("demo")

    assert (ended.code, ended.err) == (0, "")
    places = [ended.out.find(line) for line in STORY]
    assert -1 not in places
    assert places == sorted(places)
    assert "\x1b" not in ended.out


def test_it_is_the_same_each_time_but_for_ports() -> None:
    first, second = (re.sub(r"127\.0\.0\.1:\d+", "HOST", run("demo").out) for _ in range(2))

    assert first == second
