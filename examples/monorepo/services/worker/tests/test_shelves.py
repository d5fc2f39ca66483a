import pytest

from worker.shelves import shelf


@pytest.mark.parametrize(("stars", "name"), [(5, "praise"), (3, "others"), (1, "complaints")])
def test_shelf(stars: int, name: str) -> None:
    assert shelf(stars) == name
