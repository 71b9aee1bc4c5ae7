"""The measure of all ratios: aiohttp with the sandbox's routes, one handler and no logic.

The standard loop and the standard json; what comes in goes out again with a session_id.
"""

import asyncio
import signal

from aiohttp import web

from benchmarks.calls import CHECKOUT, NOTIFICATION


async def answer(request: web.Request) -> web.Response:
    """Read the JSON of a call and send it back."""
    return web.json_response({"session_id": "0" * 40, **await request.json()})


async def serve() -> None:
    """Listen on a free port of loopback until SIGTERM; print the line that says where."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    application = web.Application()
    application.router.add_post(CHECKOUT, answer)
    application.router.add_post(NOTIFICATION, answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"bare ready: http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await stop.wait()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve())
