"""What provokes an answer that any call can give."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from sandbox.web.incoming import LARGEST_BODY
from tests.fidelity.scene import GUEST, Scene
from tests.http.merchant import Reply

How = Callable[[Scene, int], Awaitable[Reply]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """Why a call is answered as it is: a word for the table, a sentence for its reader."""

    word: str
    says: str
    provoke: How


async def _by_nobody(scene: Scene, _: int) -> Reply:
    nobody = scene.seen_as(None)
    return await nobody.call(scene.operation.method, scene.address())


async def _by_guest(scene: Scene, _: int) -> Reply:
    guest = scene.seen_as(GUEST)
    body = {"operation": "refund"} if scene.operation.has_body else None
    return await guest.call(scene.operation.method, scene.address(), body)


async def _misspelt(scene: Scene, _: int) -> Reply:
    address = scene.address().replace("/b/", "/d/", 1)
    return await scene.merchant.call(scene.operation.method, address)


async def _by_wrong_method(scene: Scene, _: int) -> Reply:
    return await scene.merchant.call("OPTIONS", scene.address())


async def _too_large(scene: Scene, _: int) -> Reply:
    return await scene.merchant.call(
        scene.operation.method, scene.address(), data=bytes(LARGEST_BODY + 1)
    )


async def _of_wrong_type(scene: Scene, _: int) -> Reply:
    return await scene.merchant.call(
        scene.operation.method,
        scene.address(),
        data=b"<payment/>",
        headers={"Content-Type": "text/xml"},
    )


async def _empty(scene: Scene, _: int) -> Reply:
    return await scene.call({})


async def _played(scene: Scene, status: int) -> Reply:
    operation = scene.operation.operation_id
    await scene.play(
        f"scenario: played\napi: [{{operation: {operation}, fault: {{status: {status}}}}}]\n"
    )
    reply = await scene.call({} if scene.operation.has_body else None)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        assert reply.json == {"detail": "The platform is not available."}
    return reply


NOBODY: Final = Cause(word="caller", says="The call shows no credentials.", provoke=_by_nobody)
GUEST_CALLS: Final = Cause(
    word="rights",
    says="A user of the credentials file makes the call without the permission for it.",
    provoke=_by_guest,
)
MISSPELT: Final = Cause(word="path", says="The address is misspelt.", provoke=_misspelt)
WRONG_METHOD: Final = Cause(
    word="method",
    says="The method is one that the address does not have.",
    provoke=_by_wrong_method,
)
TOO_LARGE: Final = Cause(word="size", says="The body has more than 5 MiB.", provoke=_too_large)
WRONG_TYPE: Final = Cause(word="type", says="The body comes as `text/xml`.", provoke=_of_wrong_type)
EMPTY: Final = Cause(
    word="empty", says="The body has no field, so required ones are missing.", provoke=_empty
)
PLAYED: Final = Cause(
    word="scenario",
    says="Played by a scenario (`api: [{operation: …, fault: {status: …}}]`): nothing in the call itself leads "
    "there.",
    provoke=_played,
)
GENERIC: Final = (
    *(NOBODY, GUEST_CALLS, MISSPELT, WRONG_METHOD, TOO_LARGE, WRONG_TYPE, EMPTY, PLAYED),
)
