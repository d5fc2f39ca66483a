def test_index(client) -> None:
    assert client.get("/").text == "Recipes"
