from fastapi.testclient import TestClient

from billing.web import service


def test_health() -> None:
    assert TestClient(service).get("/_health").json() == {"ok": True}
