import os

os.environ.setdefault("REDIS_URL", "redis://localhost:6379/15")

from starlette.testclient import TestClient

from tides.application import application


def test_alive() -> None:
    assert TestClient(application).get("/internal/alive").json() == {"alive": True}
