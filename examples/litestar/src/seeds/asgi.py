from litestar import Litestar

from seeds.controllers import ProbeController, api


def create_app() -> Litestar:
    return Litestar(route_handlers=[api, ProbeController])
