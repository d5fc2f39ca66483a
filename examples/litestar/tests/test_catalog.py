from litestar.testing import TestClient

from seeds.asgi import create_app


def test_catalog() -> None:
    with TestClient(create_app()) as client:
        assert client.get("/api/catalog").json() == ["bean", "kale"]
