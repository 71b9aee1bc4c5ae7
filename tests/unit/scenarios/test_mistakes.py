"""Each mistake in a scenario file is told with its place and its mend."""

import string
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.scenarios.documents import MAX_COPIED, MAX_DEPTH, MAX_VALUES
from sandbox.scenarios.problems import InvalidScenario
from sandbox.scenarios.texts import MAX_BYTES
from tests.unit.scenarios.loading import LOADER, problems_of

# What the file says after its first line; line, column, path, a part of the message, of the mend.
MISTAKES = [
    ("paymnt: []", 2, 1, "paymnt", "unknown", "`payment`"),
    ("payment: [{outcom: failed}]", 2, 12, "payment[0].outcom", "unknown", "`outcome`"),
    (
        "payment: [{outcome: faled}]",
        *(2, 21, "payment[0].outcome", "`faled`", "did you mean `failed`?"),
    ),
    ("payment: {outcome: failed}", 2, 10, "payment", "a list was expected", "begin each item"),
    ("payment: []", 2, 10, "payment", "the list is empty", ""),
    ("payment: [{message: no}]", 2, 11, "payment[0]", "`outcome` is missing", "add `outcome:`"),
    (
        "payment:\n- {outcome: success, after: soon}",
        *(3, 29, "payment[0].after", "`soon` is not a duration", "2s"),
    ),
    (
        "payment:\n- {outcome: success, after: 2}",
        *(3, 29, "payment[0].after", "a whole number was found: `2`", "add a unit: 2s"),
    ),
    (
        "payment: [{outcome: failed, gateway_code: 5.10}]",
        *(2, 43, "payment[0].gateway_code", "`5.10`", 'quote it: "5.10"'),
    ),
    ("match:", 2, 7, "match", "nothing was found", "leave the key out"),
    ("match: {}", 2, 8, "match", "at least one field", "leave `match` out"),
    ("match: {amount: 5.000}", 2, 17, "match.amount", "loses digits", 'quote it: "5.000"'),
    ('match: {amount: "over 5"}', 2, 17, "match.amount", "right form", ">= <= > < = !="),
    ("settings: {multi_attempt: no}", 2, 27, "settings.multi_attempt", "`no`", "write false"),
    (
        "settings: {validation: off}",
        *(2, 24, "settings.validation", "belongs to the workspace", ""),
    ),
    (
        "settings: {webhook_url: localhost}",
        *(2, 25, "settings.webhook_url", "http:// or https://", ""),
    ),
    (
        "settings: {webhook_version: 2022}",
        *(2, 29, "settings.webhook_version", "`2022`", 'write "2022", quoted'),
    ),
    (
        "timeline: [{on: paid, do: refund, amount: 5.000}]",
        *(2, 43, "timeline[0].amount", "loses digits", 'quote it: "5.000"'),
    ),
    (
        'timeline: [{on: paid, do: refund, amount: "5.0001"}]',
        *(2, 43, "timeline[0].amount", "right form", "at most three"),
    ),
    (
        "timeline: [{on: payed, do: refund}]",
        *(2, 17, "timeline[0].on", "`payed`", "did you mean `paid`?"),
    ),
    (
        "operations: {refund: [{result: success, settle: rejected}]}",
        *(2, 49, "operations.refund[0].settle", "only `result: queued`", ""),
    ),
    (
        "operations: {void: [{result: queued}]}",
        *(2, 30, "operations.void[0].result", "only a refund", "success or failed"),
    ),
    (
        "operations: {cancel: [{result: failed}]}",
        *(2, 22, "operations.cancel", "does not reach the gateway", ""),
    ),
    (
        "channels: {sms: [{fail: 30002}]}",
        *(2, 25, "channels.sms[0].fail", "no known failure code of sms", "30003"),
    ),
    (
        "channels: {email: [{fail: 30003}]}",
        *(2, 27, "channels.email[0].fail", "failure code of email", "a code of sms"),
    ),
    (
        "channels: {whatsapp: [{fail: 131026, deliver: 2s}]}",
        *(2, 23, "channels.whatsapp[0]", "exactly one of", ""),
    ),
    (
        "channels: {sms: [{deliver: 2s, then: {deliver: 2s}}]}",
        *(2, 18, "channels.sms[0]", "`then` needs `accept` beside it", ""),
    ),
    (
        "channels: {sms: [{delivr: 2s}]}",
        *(2, 19, "channels.sms[0].delivr", "unknown", "did you mean `deliver`?"),
    ),
    ("channels: {fax: []}", 2, 12, "channels.fax", "unknown", "it can be sms, email, whatsapp"),
    (
        "webhooks: [{on: paid, copies: 0}]",
        *(2, 31, "webhooks[0].copies", "`0` is less than 1", ""),
    ),
    (
        "webhooks: [{on: paid, drop: yes}]",
        *(2, 29, "webhooks[0].drop", "true or false was expected", "write true"),
    ),
    ("webhooks: [{on: paid}]", 2, 12, "webhooks[0]", "does not say", "add one of copies"),
    (
        "webhooks: [{on: paid, drop: true, delay: 2s}]",
        *(2, 42, "webhooks[0].delay", "dropped has no `delay`", ""),
    ),
    (
        "api: [{operation: chekout, fault: reset}]",
        *(2, 19, "api[0].operation", "`chekout`", "did you mean `checkout`?"),
    ),
    ("api: [{operation: notify, fault: 503}]", 2, 34, "api[0].fault", "`503`", "{status: 503}"),
    (
        "play: [{checkout: {amount: 5.000}}]",
        *(2, 28, "play[0].checkout.amount", "loses digits", 'quote it: "5.000"'),
    ),
    (
        "play: [{pay: success, advance: 2s}]",
        *(2, 8, "play[0]", "exactly one thing", "with a dash"),
    ),
    ("play: [{resend: [smss]}]", 2, 18, "play[0].resend[0]", "`smss`", "did you mean `sms`?"),
    ("expect: {states: [refunded]}", 2, 19, "expect.states[0]", "`refunded`", "canceled"),
    (
        "expect: {messages: [{chanel: sms}]}",
        *(2, 22, "expect.messages[0].chanel", "unknown", "did you mean `channel`?"),
    ),
    ("description: a\ndescription: b", 3, 1, "", "there twice, first in line 2", "keep one"),
    ("<<: {description: a}", 2, 1, "<<", "unknown", "no merge key"),
    ("description: !!python/name:os.system x", 2, 14, "", "the tag", "leave it out"),
    ("match:\n\torder_no: a", 3, 1, "", "a tab", "indent with spaces"),
    ("  match: {}", 2, 8, "", "mapping values", "indent as above"),
    ("payment: [{outcome: failed}", 3, 1, "", "',' or ']'", "close the list with `]`"),
    ("description: @home", 2, 14, "", "can begin with `@`", "quote the text"),
    ("description: 'open", 3, 1, "", "unexpected end", "close the quotation"),
    ("description: *there", 2, 14, "", "`&there`", "quote a text that begins with `*`"),
    ("payment: &a [*a]", 2, 14, "", "inside what it names", ""),
    ("? [a]\n: b", 2, 3, "", "a key must be text", "quote the key"),
    ("---\nscenario: two", 2, 1, "", "second document", "a file of its own"),
    ("description: \x01", 2, 14, "", "U+0001", "escape"),
    ("description: \0", 2, 14, "", "binary", "YAML or JSON"),
]


@pytest.mark.parametrize(
    ("text", "line", "column", "path", "message", "hint"),
    MISTAKES,
    ids=[each[0] for each in MISTAKES],
)
def test_a_mistake_is_told_once_with_its_place_and_mend(
    text: str, line: int, column: int, path: str, message: str, hint: str
) -> None:
    (problem,) = problems_of(f"scenario: a-name\n{text}\n")

    assert (problem.line, problem.column, problem.path) == (line, column, path)
    assert message in problem.message
    assert hint in problem.hint
    assert problem.file == "shop.yaml"


def test_more_than_thirty_kinds_of_mistakes_say_how_to_mend_them() -> None:
    texts = [text for text, *_ in MISTAKES]
    mended = [text for text in texts if problems_of(f"scenario: a-name\n{text}\n")[0].hint]

    assert len(set(mended)) > 30


NO_SCENARIOS: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "there is nothing in it"),
    "comment": ("# only a comment\n", "there is nothing in it"),
    "list": ("- scenario: a\n", "a mapping was expected"),
    "nameless": ("description: nameless\n", "`scenario` is missing"),
    "capitals": ("scenario: Not A Name\n", "right form"),
    "two hyphens": ("scenario: a--b\n", "right form"),
    "number": ("scenario: 51\n", "text was expected"),
    "long name": (f"scenario: {'a' * 65}\n", "more than 64 characters"),
    "latin-1": (b"scenario: caf\xe9\n", "not UTF-8"),
    "utf-16": ("scenario: a\n".encode("utf-16"), "UTF-16"),
    "program": (b"\x7fELF\0\0", "binary"),
    "large": (b"#" * (MAX_BYTES + 1), "1 MiB"),
    "large text": ("#" * (MAX_BYTES + 1), "1 MiB"),
    "surrogate": ("scenario: \ud800", "half of a character"),
    "escaped surrogate": ('{"scenario": "a", "description": "\\ud800"}', "invalid Unicode"),
    "endless": ("payment: [" + "1," * 200_000, f"more than {MAX_VALUES} values"),
    "deep lists": ("[" * 100_000, f"deeper than {MAX_DEPTH}"),
    "deep items": ("- " * 100_000, f"deeper than {MAX_DEPTH}"),
    "deep mappings": ("{a: " * 100_000, f"deeper than {MAX_DEPTH}"),
}


@pytest.mark.parametrize("kind", NO_SCENARIOS)
def test_a_file_that_is_no_scenario_is_refused_in_plain_words(kind: str) -> None:
    content, message = NO_SCENARIOS[kind]

    (problem,) = problems_of(content)

    assert message in problem.message


def test_aliases_that_unfold_without_end_are_refused() -> None:
    names = string.ascii_lowercase[:10]
    lines = [f"a: &a [{', '.join('x' * 9)}]"]
    for before, name in pairwise(names):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")

    (problem,) = problems_of("\n".join(lines))

    assert "unfold" in problem.message
    assert 9 ** len(names) > MAX_COPIED


def test_an_alias_of_a_long_text_counts_its_length() -> None:
    (problem,) = problems_of(f"a: &a {'x' * 60_000}\nb: [*a, *a]\n")

    assert "unfold" in problem.message


def test_all_mistakes_of_a_file_are_told_at_once_in_the_order_of_the_text() -> None:
    problems = problems_of(
        """
scenario: Shop
paymnt: []
channels:
  sms: [{fail: 1}, {deliver: fast}]
webhooks: [{on: paied, copies: 2}]
webhooks: [{on: "*", copies: many}]
"""
    )

    assert [(each.line, each.path) for each in problems] == [
        (2, "scenario"),
        (3, "paymnt"),
        (5, "channels.sms[0].fail"),
        (5, "channels.sms[1].deliver"),
        (7, ""),
        (7, "webhooks[0].copies"),
    ]


def test_a_problem_reads_as_one_line_that_editors_can_follow() -> None:
    with pytest.raises(InvalidScenario) as refused:
        LOADER.load("scenario: a\npaymnt: []", source="shop/one.yaml")

    assert str(refused.value) == (
        "shop/one.yaml:2:1: paymnt: the key `paymnt` is unknown here; did you mean `payment`?"
    )


@given(st.text())
def test_no_text_raises_anything_but_invalid_scenario(text: str) -> None:
    problems_of(text)


@given(st.binary())
def test_no_bytes_raise_anything_but_invalid_scenario(content: bytes) -> None:
    problems_of(content)


KEYS = st.sampled_from(
    [
        *("scenario", "match", "settings", "payment", "timeline", "operations", "inquiry"),
        *("channels", "webhooks", "api", "play", "expect", "sms", "refund", "outcome", "on"),
        *("fail", "deliver", "after", "fault", "status", "amount", "checkout", "pay", "times"),
    ]
)
LEAVES = st.sampled_from(
    ["a", "2s", "success", "paid", "30003", "*", ">= 5", "", "reset", "sms", "no", "5.0"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=30,
)


@given(st.dictionaries(KEYS, VALUES, max_size=8))
def test_no_value_of_the_languages_own_words_raises_anything_else(value: object) -> None:
    with suppress(InvalidScenario):
        LOADER.load_value(value)


@given(st.text(alphabet="abon:-[]{}&*!|>'\"%@`#,? \n\t.0123456789é\u0639\U0001f600"))
def test_no_broken_yaml_raises_anything_else(text: str) -> None:
    problems_of(f"scenario: a\n{text}")
