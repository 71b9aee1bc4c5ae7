"""The aiohttp application: the platform's calls, the control API and the payer's pages."""

from typing import Final

from aiohttp import web

from sandbox.web.authority import TOKEN_PATH
from sandbox.web.control import routes as control_routes
from sandbox.web.incoming import LARGEST_BODY
from sandbox.web.pages import routes as page_routes
from sandbox.web.platform.pipeline import PlatformPipeline
from sandbox.web.services import Services
from sandbox.web.token_endpoint import TokenEndpoint

SERVICES: Final = web.AppKey("services", Services)


def build_application(services: Services) -> web.Application:
    """Return the application; calls that no route takes are the platform's."""
    application = web.Application(client_max_size=LARGEST_BODY)
    application[SERVICES] = services
    control_routes.add_to(application.router, services)
    page_routes.add_to(application.router, services)
    login = TokenEndpoint(services)
    for form in (TOKEN_PATH, f"{TOKEN_PATH}/"):
        application.router.add_route("*", form, login.handle)
    pipeline = PlatformPipeline(services)
    application.router.add_route("*", r"/{path:[\s\S]*}", pipeline.handle)
    return application
