from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from app.database import Base, engine
from app.main import app


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(app) as opened:
        assert opened.portal is not None
        opened.portal.call(create_tables)
        yield opened


async def create_tables() -> None:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)


def test_health(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok"}


def test_an_order_is_found_again(client: TestClient) -> None:
    placed = client.post("/orders", json={"customer": "Ada", "cents": 1250}).json()
    assert client.get(f"/orders/{placed['id']}").json() == placed
