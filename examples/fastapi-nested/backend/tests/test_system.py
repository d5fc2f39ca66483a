from fastapi.testclient import TestClient

from lighthouse.api.application import build


def test_healthcheck() -> None:
    assert TestClient(build()).get("/api/system/healthcheck").json() == {"status": "ok"}
