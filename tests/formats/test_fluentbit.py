"""Fluent Bit's two formats as one view."""

import pytest

from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import fluentbit

CLASSIC = "[SERVICE]\n    Flush 1\n# [OUTPUT]\n[INPUT]\n    Name tail\n    # Tag no\n    Tag  app.*\n\n[OUTPUT]\n    Name loki\n    match app.*\n"
YAML = "pipeline:\n  inputs:\n    - name: tail\n      tag: app.*\n  outputs:\n    - name: loki\n      match: 'app.*'\n"


@pytest.mark.parametrize("text", [CLASSIC, CLASSIC.replace("\n", "\r\n"), YAML], ids=["classic", "crlf", "yaml"])
def test_sections(text: str) -> None:
    config = fluentbit.parse(text)
    [tail], [loki] = config.of("input"), config.of("output")
    tag, match = tail.get("Tag"), loki.get("Match")
    assert tag
    assert match
    assert (tail.text("name"), tag.value, match.value, config.includes) == ("tail", "app.*", "app.*", False)
    assert text[tag.start : tag.end].strip("'") == "app.*"


def test_includes_and_nonsense() -> None:
    assert fluentbit.parse("@INCLUDE more.conf\n[INPUT]\n    Name cpu\n").includes
    with pytest.raises(ParseError):
        fluentbit.parse("Name cpu\n[INPUT]\n    Name cpu\n")
