"""A first word that is no subcommand begins a request."""

import pytest

from devops_orchestrator.interfaces.cli import arguments


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["Configurer GitHub Actions"], ["ask", "Configurer GitHub Actions"]),
        (["Configurer", "GitHub", "Actions"], ["ask", "Configurer", "GitHub", "Actions"]),
        (["--json", "Configurer"], ["ask", "--json", "Configurer"]),
        (["-C", "route", "Créer un Dockerfile"], ["ask", "-C", "route", "Créer un Dockerfile"]),
        (["--set", "port=80", "do it"], ["ask", "--set", "port=80", "do it"]),
        (["review my workflow"], ["ask", "review my workflow"]),
        (["route", "x"], ["route", "x"]),
        (["review", "--format", "sarif"], ["review", "--format", "sarif"]),
        (["ask", "x"], ["ask", "ask", "x"]),
        ([""], ["ask", ""]),
        (["--help"], ["--help"]),
        ([], []),
        (["--yes"], ["ask", "--yes"]),
    ],
)
def test_where_a_request_begins(given: list[str], expected: list[str]) -> None:
    assert arguments(given) == expected
