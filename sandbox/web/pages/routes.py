"""Where the payer's pages are answered."""

from aiohttp import web

from sandbox.web.services import Services


def add_to(router: web.UrlDispatcher, services: Services) -> None:
    """Add the routes of the payer's pages."""
