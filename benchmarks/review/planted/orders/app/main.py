"""The API."""

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response
from prometheus_client import make_asgi_app
from pydantic import BaseModel

from app import store
from app.metrics import ORDERS_CREATED, REQUEST_SECONDS
from app.settings import settings
from app.worker import confirm

logging.basicConfig(level=settings.log_level.upper())
app = FastAPI(title="orders")
app.mount("/metrics", make_asgi_app())


class Order(BaseModel):
    """What a customer sends."""

    customer: str
    channel: str = "web"
    total_cents: int


@app.middleware("http")
async def measure(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    """The duration of each request by its route."""
    start = time.perf_counter()
    response = await call_next(request)
    route = getattr(request.scope.get("route"), "path", "other")
    seconds = time.perf_counter() - start
    REQUEST_SECONDS.labels(request.method, route, str(response.status_code)).observe(seconds)
    return response


@app.get("/healthz")
def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@app.get("/ready")
def ready() -> dict[str, str]:
    """The database answers."""
    try:
        store.ping()
    except Exception as error:
        raise HTTPException(503, "the database does not answer") from error
    return {"status": "ready"}


@app.get("/orders")
def orders() -> list[dict[str, Any]]:
    """The newest orders."""
    return store.latest()


@app.post("/orders", status_code=201)
def create(order: Order) -> dict[str, int]:
    """Accept an order."""
    number = store.add(order.customer, order.channel, order.total_cents)
    ORDERS_CREATED.labels(order.channel).inc()
    confirm.delay(number)
    return {"id": number}
