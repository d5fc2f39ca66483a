"""What a team decides about its reviews: ignores with an end, `.devops.toml`, baselines, changed lines."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from pathlib import Path

import pytest

from devops_orchestrator import orchestrator
from devops_orchestrator.actions import baseline, changed, settings
from devops_orchestrator.actions.review import review
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Finding
from devops_orchestrator.errors import UsageError

DAY = date(2026, 11, 28)
BASE = "FROM python:3.12\nWORKDIR /app\nRUN sudo true\n"


def found(text: str, toml: str | None = None) -> list[Finding]:
    files = {"Dockerfile": text, **({".devops.toml": toml} if toml else {})}
    repository = Repository.of(files)
    rooms = orchestrator.every_room()
    chosen = settings.read(repository)
    return review(rooms, orchestrator.inspect(repository), linters=False, settings=chosen, day=DAY)


def rules(findings: list[Finding]) -> set[str]:
    return {finding.rule for finding in findings}


def test_a_comment_silences_until_its_day() -> None:
    line = "RUN sudo true\n"
    assert "docker/sudo" in rules(found(BASE))
    for told in (
        "# devops: ignore[docker/sudo]",
        "# devops: ignore[sudo] until=2026-11-28 asked of the vendor",
        "# devops: ignore[docker/*]",
    ):
        assert "docker/sudo" not in rules(found(BASE.replace(line, f"{told}\n{line}")))
    assert "docker/sudo" in rules(found(BASE.replace(line, f"# devops: ignore[docker/root-user]\n{line}")))


def test_an_ended_ignore_is_told_with_its_place() -> None:
    text = BASE.replace("RUN", "# devops: ignore[docker/sudo] until=2026-11-27 soon\nRUN")
    finding = next(one for one in found(text) if one.rule == "docker/sudo")
    assert [(place.line, place.message.fr) for place in finding.related] == [
        (3, "l'exception a pris fin le 2026-11-27")
    ]


def test_a_day_that_is_no_day_silences_nothing_and_is_told() -> None:
    text = BASE.replace("RUN", "# devops: ignore[docker/sudo] until=tomorrow\nRUN")
    assert {"docker/sudo", "devops/ignore-date"} <= rules(found(text))


def test_a_linters_own_comment_silences_the_same_defect() -> None:
    assert "docker/sudo" not in rules(found(BASE.replace("RUN", "# hadolint ignore=DL3004\nRUN")))


@pytest.mark.parametrize(
    ("toml", "silent"),
    [
        ('[review]\nignore = ["docker/sudo"]\n', True),
        ('[[review.ignore]]\nrule = "docker/sudo"\npaths = ["Dockerfile"]\nuntil = 2027-01-31\nreason = "x"\n', True),
        ('[[review.ignore]]\nrule = "docker/sudo"\nuntil = "2026-11-01"\n', False),
        ('[[review.ignore]]\nrule = "docker/sudo"\npaths = ["legacy/**"]\n', False),
        ('[review]\nexclude = ["Docker*"]\n', True),
    ],
)
def test_settings_silence(toml: str, silent: bool) -> None:
    assert ("docker/sudo" not in rules(found(BASE, toml))) is silent


def test_settings_change_a_severity() -> None:
    one = next(f for f in found(BASE, '[review.severity]\n"docker/sudo" = "info"\n') if f.rule == "docker/sudo")
    assert one.severity.value == "info"


@pytest.mark.parametrize(
    ("toml", "place"),
    [
        ("[review]\nfail_on = 'error'\n", ".devops.toml:2: fail_on is not known"),
        ("[reviews]\n", ".devops.toml:1: reviews is not known"),
        ("[review]\nfail-on = 'fatal'\n", ".devops.toml:2: fatal is not known"),
        ("[review]\n[[review.ignore]]\nrule = 'a'\nuntil = 'x'\n", "must be a day"),
        ("[review]\nexclude = 3\n", ".devops.toml:2: review.exclude must be a list"),
        ("[review\n", ".devops.toml:1"),
    ],
)
def test_wrong_settings_are_told_with_their_line(toml: str, place: str) -> None:
    with pytest.raises(UsageError) as error:
        settings.read(Repository.of({".devops.toml": toml}))
    assert place in error.value.text.en
    assert error.value.text.fr != error.value.text.en


def test_a_baseline_knows_what_was_there_wherever_it_moves() -> None:
    repository = Repository.of({"Dockerfile": BASE})
    known = baseline.read("b.json", baseline.write(found(BASE), repository))
    moved = "# a comment\n" + BASE + "RUN sudo false\n"
    fresh = baseline.new(found(moved), known, Repository.of({"Dockerfile": moved}))
    assert [(one.rule, one.line) for one in fresh if one.rule == "docker/sudo"] == [("docker/sudo", 5)]
    with pytest.raises(UsageError):
        baseline.read("b.json", json.dumps([]))


def test_only_what_a_change_touches(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", "-C", str(tmp_path), *who, *words], check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    (tmp_path / "Dockerfile").write_text(BASE)
    git("add", ".")
    git("commit", "-qm", "x")
    (tmp_path / "Dockerfile").write_text(BASE + "RUN sudo false\n")
    (tmp_path / "new.Dockerfile").write_text(BASE)
    repository = Repository.at(tmp_path)
    touched = changed.touched(
        orchestrator.review(orchestrator.inspect(repository), linters=False), changed.lines(repository, "HEAD")
    )
    assert {(one.file, one.line) for one in touched if one.rule == "docker/sudo"} == {
        ("Dockerfile", 4),
        ("new.Dockerfile", 3),
    }
    with pytest.raises(UsageError):
        changed.lines(repository, "no-such-revision")
    with pytest.raises(UsageError):
        changed.lines(repository, "--output=x")
