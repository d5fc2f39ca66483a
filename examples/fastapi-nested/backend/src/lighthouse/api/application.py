from fastapi import FastAPI

from lighthouse.api.routers import system, signals

API = "/api"


def build() -> FastAPI:
    app = FastAPI(title="Lighthouse")
    app.include_router(signals.router, prefix=f"{API}/v2")
    app.include_router(system.router, prefix=API)
    return app


asgi = build()
