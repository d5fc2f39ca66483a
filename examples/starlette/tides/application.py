"""Tide tables of the harbours, as JSON."""

import os

from prometheus_client import make_asgi_app
from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

redis = Redis.from_url(os.environ["REDIS_URL"])
HARBOUR = os.getenv("DEFAULT_HARBOUR", "brest")


async def tides(request: Request) -> JSONResponse:
    harbour = request.path_params.get("harbour", HARBOUR)
    return JSONResponse({"harbour": harbour, "table": await redis.get(f"tides:{harbour}")})


async def alive(request: Request) -> JSONResponse:
    # A route called /healthz was here until version 0.2.
    return JSONResponse({"alive": bool(await redis.ping())})


internal = [
    Route("/alive", alive),
]

application = Starlette(
    routes=[
        Route("/tides/{harbour}", tides),
        Mount("/internal/metrics", app=make_asgi_app()),
        Mount("/internal", routes=internal),
        Mount("/charts", app=StaticFiles(directory="charts")),
    ],
)
