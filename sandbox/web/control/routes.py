"""Where each call of the control API is answered."""

from aiohttp import web

from sandbox.web.control.pipeline import ControlPipeline
from sandbox.web.services import Services


def add_to(router: web.UrlDispatcher, services: Services) -> None:
    """Add the control API's routes; all that begins with `/__admin` is its own."""
    pipeline = ControlPipeline(services)
    router.add_route("*", "/livez", pipeline.handle)
    router.add_route("*", "/readyz", pipeline.handle)
    router.add_route("*", "/__admin{rest:(?:/.*)?}", pipeline.handle)
