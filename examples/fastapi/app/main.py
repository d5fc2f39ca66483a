from fastapi import FastAPI
from prometheus_fastapi_instrumentator import Instrumentator

from app.orders import router

app = FastAPI(title="Orders")
app.include_router(router)
Instrumentator().instrument(app).expose(app)


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "ok"}
