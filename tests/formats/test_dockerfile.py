"""The Dockerfile parser: every place it gives is a place of the file."""

import pytest

from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import dockerfile, dockerignore, shell

TEXT = """\
# syntax=docker/dockerfile:1
ARG VERSION=3.14
FROM --platform=$BUILDPLATFORM python:${VERSION}-slim AS Build
# installs ✓
RUN --mount=type=cache,target=/root/.cache/pip \\
    apt-get update && \\
    # a comment between the lines ✓
    apt-get install -y "curl" git

ENV A=1 B="two words" C=x\\ y
RUN <<EOF
pip install -r requirements.txt
EOF
FROM build AS final
COPY --from=build --chown=1:1 ["/a b", "/c/"]
CMD ["python", "-m", "app"]
"""


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_offsets_are_those_of_the_file(eol: str) -> None:
    text = TEXT.replace("\n", eol)
    parsed = dockerfile.parse(text)
    assert [text[i.start : i.start + len(i.name)].upper() for i in parsed.instructions] == [
        i.name for i in parsed.instructions
    ]
    for item in parsed.instructions:
        assert text.splitlines()[item.line - 1].startswith(item.name)
        for flag in item.flags:
            assert text[flag.start : flag.end].startswith(f"--{flag.name}=")
    assert text[parsed.final.instructions[-1].end :] == eol


def test_stages_flags_and_pairs() -> None:
    parsed = dockerfile.parse(TEXT)
    build, final = parsed.stages
    assert (build.name, build.image, parsed.image(build)) == ("build", "python:${VERSION}-slim", "python:3.14-slim")
    assert build.platform == "$BUILDPLATFORM"
    assert parsed.parent(final) is build
    assert parsed.base(final) == "python:3.14-slim"
    env = next(build.of("ENV"))
    assert [(p.key, p.value) for p in env.pairs] == [("A", "1"), ("B", "two words"), ("C", "x y")]
    copy, command = final.instructions
    assert [word.value for word in copy.operands] == ["/a b", "/c/"]
    assert command.json is not None and [word.value for word in command.json] == ["python", "-m", "app"]


def test_scripts_are_commands_with_places() -> None:
    parsed = dockerfile.parse(TEXT)
    found = [
        c for i in parsed.stages[0].of("RUN") for offset, script in i.scripts for c in shell.commands(script, offset)
    ]
    assert [c.values for c in found] == [
        ("apt-get", "update"),
        ("apt-get", "install", "-y", "curl", "git"),
        ("pip", "install", "-r", "requirements.txt"),
    ]
    assert TEXT[found[1].words[1].start : found[1].words[1].end] == "install"
    assert found[0].after == "&&"


def test_the_escape_directive_changes_the_continuation() -> None:
    parsed = dockerfile.parse("# escape=`\nFROM windows\nRUN dir c:\\ `\n  && echo x\n")
    assert parsed.final.instructions[0].arguments == "dir c:\\   && echo x"


def test_a_pipe_names_its_reader() -> None:
    first, second = shell.commands("curl -fsSL https://example.com/x | bash -s")
    assert (first.name, first.pipe, second.name) == ("curl", "bash", "bash")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("FROM a\nRUNN x\n", 2),
        ("RUN x\nFROM a\n", 1),
        ("FROM\n", 1),
        ("FROM a b\n", 1),
        ("FROM a\nRUN <<EOF\nx\n", 2),
        ("FROM a\n\0", 2),
    ],
)
def test_what_is_no_dockerfile_is_told_with_its_line(text: str, line: int) -> None:
    with pytest.raises(ParseError) as caught:
        dockerfile.parse(text)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("value", "expected"),
    [("$A", "1"), ("${A}", "1"), ("${B:-2}", "2"), ("${A:+3}", "3"), ("${B:+3}", ""), ("$B", None), ("\\$A", "$A")],
)
def test_expansion(value: str, expected: str | None) -> None:
    assert dockerfile.expand(value, {"A": "1", "B": None}) == expected


def test_dockerignore_follows_docker() -> None:
    parsed = dockerignore.parse("# x\n**/node_modules\n*.md\n!README.md\ndist/\n/build\n")
    assert parsed.excludes("apps/web/node_modules/x.js")
    assert parsed.excludes("notes.md") and not parsed.excludes("README.md")
    assert not parsed.excludes("docs/notes.md")
    assert parsed.excludes("dist/a/b.js") and parsed.excludes("build/x")
    assert not parsed.excludes("src/dist/a.js")
