"""The API against the services of the test run."""

from fastapi.testclient import TestClient

from app.main import app
from app.store import migrate

client = TestClient(app)


def test_health() -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_an_order_comes_back() -> None:
    migrate()
    number = client.post("/orders", json={"customer": "Ada", "total_cents": 1250}).json()["id"]
    assert number in [order["id"] for order in client.get("/orders").json()]
