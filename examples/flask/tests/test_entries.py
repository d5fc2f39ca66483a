import pytest

from guestbook import create_app


@pytest.fixture
def client():
    return create_app("sqlite:///:memory:").test_client()


def test_health(client):
    assert client.get("/health").json == {"status": "ok"}


def test_the_newest_entry_comes_first(client):
    for author in ("Ada", "Grace"):
        client.post("/entries/", json={"author": author, "message": "hello"})
    assert [entry["author"] for entry in client.get("/entries/").json] == ["Grace", "Ada"]
