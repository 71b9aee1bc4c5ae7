"""Where each call of the control API is answered."""

from aiohttp import web

from sandbox.web.services import Services


def add_to(router: web.UrlDispatcher, services: Services) -> None:
    """Add the control API's routes."""
