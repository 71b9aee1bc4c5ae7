"""However time is moved on, in one step or in many, the same things happen in the same order."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.domain.clock import STOPPED_START, Clock
from sandbox.playing.connection import MemoryConnections
from sandbox.server import build
from sandbox.settings import ServerSettings
from sandbox.web.application import build_application
from sandbox.web.services import Services
from sandbox.webhooks.sending import OutgoingWebhook, SendOutcome
from tests.http.merchant import CHECKOUT, OPERATION

_KEY: Final = {"Authorization": "Api-Key test"}
_RECEIVERS: Final = ("takes", "refuses", "hangs")
_HOURS: Final = 50
_END: Final = STOPPED_START + timedelta(hours=_HOURS)
# Many things at one instant, and instants close to each other.
_SPANS: Final = st.sampled_from(["500ms", "1s", "15s", "20s", "11m", "1h", "5h", "24h"])


class Receivers:
    """Take, refuse or never answer, by the last word of the URL, each after a while of its own."""

    def __init__(self) -> None:
        self.arrived: list[tuple[str, bytes]] = []
        self.chance = Random(0)  # noqa: S311 - chance that can be had again

    async def send(self, request: OutgoingWebhook) -> SendOutcome:
        self.arrived.append((request.url, request.body))
        for _ in range(self.chance.randrange(20)):
            await asyncio.sleep(0)
        if request.url.endswith("hangs"):
            return SendOutcome(error="no answer", timed_out=True)
        return SendOutcome(status_code=200 if request.url.endswith("takes") else 500)


@dataclass(frozen=True, slots=True)
class Story:
    """A payment and what is planned for it."""

    gateway: str
    receiver: str
    expires: str
    tries: int
    is_refunded: bool
    scenario: Mapping[str, object]


def _some(step: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[list[Any]]:
    return st.lists(step, min_size=1, max_size=most)


_OUTCOMES: Final = st.sampled_from(["success", "authorized", "failed", "error", "pending"])
_SCENARIOS: Final = st.fixed_dictionaries(
    {},
    optional={
        "payment": _some(st.fixed_dictionaries({"outcome": _OUTCOMES}, optional={"after": _SPANS})),
        "timeline": _some(
            st.fixed_dictionaries(
                {
                    "on": st.sampled_from(["created", "attempted", "expired", "paid"]),
                    "after": _SPANS,
                    "do": st.sampled_from(
                        [
                            "pay",
                            "late_success",
                            "late_failure",
                            "refund",
                            "expire",
                            "refund_settled",
                        ]
                    ),
                }
            )
        ),
        "operations": st.fixed_dictionaries(
            {
                "refund": _some(
                    st.fixed_dictionaries(
                        {
                            "result": st.just("queued"),
                            "settle": st.sampled_from(["refunded", "rejected"]),
                            "after": _SPANS,
                        }
                    )
                )
            }
        ),
        "inquiry": _some(
            st.fixed_dictionaries({"finds": st.sampled_from(["pending", "success", "failed"])})
        ),
        "channels": st.fixed_dictionaries(
            {
                "sms": _some(
                    st.one_of(
                        st.fixed_dictionaries({"deliver": _SPANS}),
                        st.builds(
                            lambda span: {"accept": True, "then": {"fail": "30003", "after": span}},
                            _SPANS,
                        ),
                    )
                )
            }
        ),
        "webhooks": _some(
            st.one_of(
                st.fixed_dictionaries(
                    {
                        "on": st.sampled_from(["*", "attempted", "paid"]),
                        "delay": _SPANS,
                        "copies": st.integers(1, 3),
                    }
                ),
                st.just({"on": "attempted", "reorder": True, "times": 1}),
            )
        ),
    },
)
STORIES: Final = st.lists(
    st.builds(
        Story,
        gateway=st.sampled_from(["credit-card", "knet", "doku"]),
        receiver=st.sampled_from(_RECEIVERS),
        expires=st.sampled_from(["00:20:00", "01:00:00", "24:00:00"]),
        tries=st.integers(0, 3),
        is_refunded=st.booleans(),
        scenario=_SCENARIOS,
    ),
    min_size=1,
    max_size=4,
)


class Shop:
    """One merchant who plays stories again and again, each time from the beginning."""

    def __init__(
        self, services: Services, connections: MemoryConnections, receivers: Receivers
    ) -> None:
        self._services = services
        self._connections = connections
        self._receivers = receivers

    async def play(
        self, stories: Sequence[Story], chance: int, advance: Callable[["Shop"], Awaitable[None]]
    ) -> Mapping[str, object]:
        """Begin the stories, let time pass, and return all that happened."""
        await self.ask("POST", "/__admin/reset")
        self._receivers.arrived.clear()
        self._receivers.chance.seed(chance)
        payments = [await self._begin(number, each) for number, each in enumerate(stories)]
        await advance(self)
        assert await self.now() == _END
        listed = {
            what: (await self.ask("GET", f"/__admin/{what}"))["items"]
            for what in ("messages", "webhooks", "findings")
        }
        shown = [await self.ask("GET", f"/__admin/transactions/{each}") for each in payments]
        return {"payments": shown, "arrived": list(self._receivers.arrived), **listed}

    async def _begin(self, number: int, story: Story) -> str:
        name = f"story-{number}"
        await self.ask("PUT", f"/__admin/scenarios/{name}", {"scenario": name, **story.scenario})
        made = await self.ask(
            "POST",
            CHECKOUT,
            {
                "type": "payment_request",
                "pg_codes": [story.gateway],
                "amount": "10",
                "currency_code": "IDR" if story.gateway == "doku" else "KWD",
                "expiration_time": story.expires,
                "webhook_url": f"http://merchant.example.com/{story.receiver}",
                "customer_phone": "+96550000001",
                "notifications": {"sms": ["created", "paid", "failed", "expired", "refunded"]},
                "extra": {"sandbox_scenario": name},
            },
        )
        session_id = str(made["session_id"])
        for _ in range(story.tries):
            path = f"/__admin/transactions/{session_id}/pay"
            await self.ask("POST", path, {"wait": False, "advance": False})
            # Else it is chance whether the next call comes before the receiver's answer.
            await self.ask("POST", "/__admin/settle")
        if story.is_refunded:
            await self.ask("POST", OPERATION, {"session_id": session_id, "operation": "refund"})
            await self.ask("POST", "/__admin/settle")
        return session_id

    async def ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - any JSON value
        reply = await self._connections.call(method, path, body, _KEY)
        assert reply.status is not None, (method, path, reply.error)
        assert reply.status < 500, (method, path, reply.value)
        return reply.value

    async def now(self) -> datetime:
        return datetime.fromisoformat((await self.ask("GET", "/__admin/clock"))["now"])

    async def advance(self, **how: object) -> None:
        assert "now" in await self.ask("POST", "/__admin/clock/advance", how)

    def next_due(self) -> datetime | None:
        return self._services.engine.workspace("default").agenda.next_due()


async def by_one_step(shop: Shop) -> None:
    await shop.advance(by=f"{_HOURS}h")


async def to_the_end(shop: Shop) -> None:
    await shop.advance(to=_END.isoformat())


async def from_one_thing_to_the_next(shop: Shop) -> None:
    while (due := shop.next_due()) is not None and due <= _END:
        await shop.advance(next=True)
    await shop.advance(to=_END.isoformat())


def in_steps(milliseconds: Sequence[int]) -> Callable[[Shop], Awaitable[None]]:
    async def advance(shop: Shop) -> None:
        for each in milliseconds:
            await shop.advance(by=f"{each}ms")
        await shop.advance(to=_END.isoformat())

    return advance


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def shop(loop: asyncio.Runner) -> Iterator[Shop]:
    receivers = Receivers()
    services = build(ServerSettings(clock=Clock(stopped_at=STOPPED_START), seed=1), receivers)
    connections = MemoryConnections(build_application(services), patience=30)
    loop.run(connections.__aenter__())
    yield Shop(services, connections, receivers)
    loop.run(connections.__aexit__())
    loop.run(services.runner.close(0))


@settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    stories=STORIES,
    steps=st.lists(st.sampled_from([1, 500, 1000, 14_999, 15_000, 3_600_000]), max_size=20),
)
def test_it_does_not_matter_how_time_is_moved_on(
    loop: asyncio.Runner, shop: Shop, stories: Sequence[Story], steps: Sequence[int]
) -> None:
    async def all_ways() -> None:
        at_once = await shop.play(stories, 0, by_one_step)
        ways = (by_one_step, to_the_end, from_one_thing_to_the_next, in_steps(steps))
        for number, way in enumerate(ways, 1):
            # Receivers take another while each time.
            assert await shop.play(stories, number, way) == at_once

    loop.run(all_ways())


def test_a_thousand_small_steps_are_like_one(loop: asyncio.Runner, shop: Shop) -> None:
    busy = {
        "payment": [{"outcome": "failed"}, {"outcome": "pending"}],
        "timeline": [
            {"on": "expired", "after": "20m", "do": "late_success"},
            {"on": "paid", "after": "1h", "do": "refund"},
        ],
        "operations": {"refund": [{"result": "queued", "settle": "rejected", "after": "5h"}]},
        "inquiry": [{"finds": "pending"}],
        "channels": {"sms": [{"accept": True, "then": {"fail": "30003", "after": "20s"}}]},
        "webhooks": [{"on": "*", "copies": 2, "delay": "15s"}],
    }
    stories = [
        Story("knet", receiver, expires, 2, is_refunded=False, scenario=busy)
        for receiver in _RECEIVERS
        for expires in ("01:00:00", "24:00:00")
    ]
    span = _HOURS * 3600 * 1000 // 1000

    async def both_ways() -> tuple[Mapping[str, Any], Mapping[str, object]]:
        at_once = await shop.play(stories, 0, by_one_step)
        return at_once, await shop.play(stories, 1, in_steps([span] * 1000))

    at_once, step_by_step = loop.run(both_ways())

    assert [each["state"] for each in at_once["payments"]] == ["paid"] * 6
    assert {each["children"][0]["state"] for each in at_once["payments"]} == {"refund_rejected"}
    assert at_once == step_by_step
