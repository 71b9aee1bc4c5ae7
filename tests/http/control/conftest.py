"""The control API as a test calls it."""

import aiohttp
import pytest

from sandbox.server import Running
from tests.http.control.caller import Control


@pytest.fixture
def control(session: aiohttp.ClientSession, server: Running) -> Control:
    """Calls without credentials, so in the workspace that the call itself means."""
    return Control(session, server.url)
