"""Cross-file defects planted one at a time into applications that have none: found, missed, and what is said besides.

`python benchmarks/review/planted.py [--linters] [--all] [APP]...`. `planted/<app>/` is the clean application, real files;
`planted/<app>.yaml` lists the defects: edits of it and the place where each should be seen. A defect counts as found where
a finding that the clean application does not have is within three lines of that place, or names it as a related place.
Every finding on a clean application is false. Needed: nine in ten found, at most two false findings in all.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from devops_orchestrator import orchestrator
from devops_orchestrator.core.repository import VENDORED, Repository
from devops_orchestrator.core.rule import Finding

FOLDER = Path(__file__).parent / "planted"
NEAR = 3  # lines
NEEDED, ALLOWED = 0.9, 2


@dataclass(frozen=True)
class Planted:
    """One defect: what is changed and where it should be seen."""

    app: str
    entry: dict[str, Any]

    @property
    def id(self) -> str:
        return f"{self.app}/{self.entry['id']}"

    def applied(self, clean: dict[str, str]) -> dict[str, str]:
        """The application with the defect. A text to replace must stand exactly once in its file."""
        files = dict(clean)
        for edit in self.entry["edits"]:
            path = edit["file"]
            if edit.get("delete"):
                del files[path]
            elif "create" in edit:
                if path in files:
                    raise ValueError(f"{self.id}: {path} exists")
                files[path] = edit["create"]
            else:
                if (count := files[path].count(edit["find"])) != 1:
                    raise ValueError(f"{self.id}: {edit['find']!r} stands {count} times in {path}")
                files[path] = files[path].replace(edit["find"], edit["replace"])
        return files

    def places(self, files: dict[str, str]) -> list[tuple[str, int]]:
        """The expected place and the others that are as good, as (file, line)."""
        expect = self.entry["expect"]
        return [self._place(place, files) for place in (expect, *expect.get("also", ()))]

    def _place(self, place: dict[str, Any], files: dict[str, str]) -> tuple[str, int]:
        for number, line in enumerate(files[place["file"]].splitlines(), start=1):
            if place["line_of"] in line:
                return place["file"], number
        raise ValueError(f"{self.id}: {place['line_of']!r} is no line of {place['file']}")


def apps() -> list[str]:
    """The names of the applications."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def clean(app: str) -> dict[str, str]:
    """The files of an application without a defect."""
    root = FOLDER / app
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(root.rglob("*"))
        if path.is_file() and not VENDORED.intersection(path.relative_to(root).parts)
    }


def planted(app: str) -> list[Planted]:
    """The defects of an application."""
    text = (FOLDER / f"{app}.yaml").read_text(encoding="utf-8")
    return [Planted(app, entry) for entry in yaml.safe_load(text)]


def reviewed(app: str, files: dict[str, str], *, linters: bool) -> list[Finding]:
    """The findings on a repository of these files, on its host's default branch."""
    host = "gitlab.com" if ".gitlab-ci.yml" in files else "github.com"
    git = {
        "config --get remote.origin.url": f"https://{host}/acme/{app}.git\n",
        "symbolic-ref refs/remotes/origin/HEAD": "refs/remotes/origin/main\n",
        "symbolic-ref --short refs/remotes/origin/HEAD": "origin/main\n",
        "symbolic-ref --short HEAD": "main\n",
    }
    return orchestrator.review(orchestrator.inspect(Repository.of(files, name=app, git=git)), linters=linters)


def new(findings: list[Finding], before: list[Finding]) -> list[Finding]:
    """The findings that were not there before; what merely moved to another line is not new."""
    old = Counter((one.rule, one.file, one.message.en) for one in before)
    fresh = []
    for one in findings:
        key = (one.rule, one.file, one.message.en)
        if old[key]:
            old[key] -= 1
        else:
            fresh.append(one)
    return fresh


def at(places: list[tuple[str, int]], findings: list[Finding]) -> Iterator[Finding]:
    """The findings at one of the places, or that name it as a related place."""
    for one in findings:
        spots = [(one.file, one.line, one.end_line), *((r.file, r.line, r.line) for r in one.related)]
        if any(f == file and s - NEAR <= line <= max(s, e) + NEAR for f, s, e in spots for file, line in places):
            yield one


def _shown(one: Finding) -> str:
    return f"{one.file}:{one.line} {one.severity} {one.rule}: {one.message.en[:170]}"


def main() -> int:
    """Review every application, clean and with each defect; 1 where too few are found or too much is false."""
    linters, everything = "--linters" in sys.argv, "--all" in sys.argv
    chosen = [word for word in sys.argv[1:] if not word.startswith("-") and word in apps()] or apps()
    by_class: dict[str, list[bool]] = defaultdict(list)
    false = besides = 0
    for app in chosen:
        files = clean(app)
        try:
            before = reviewed(app, files, linters=linters)
        except Exception as error:
            print(f"{app}: failed on the clean application: {type(error).__name__}: {str(error)[:170]}")
            for defect in planted(app):
                by_class[defect.entry["class"]].append(False)
            continue
        false += len(before)
        print(f"{app}: {len(files)} files, {len(before)} findings on the clean application")
        for one in before:
            print(f"    false  {_shown(one)}")
        for defect in planted(app):
            with_it = defect.applied(files)
            try:
                fresh = new(reviewed(app, with_it, linters=linters), before)
            except Exception as error:  # a review that fails finds nothing, and the others still count
                print(f"    failed {defect.id}: {type(error).__name__}: {str(error)[:170]}")
                fresh = []
            places = defect.places(with_it)
            seen = list(at(places, fresh))
            by_class[defect.entry["class"]].append(bool(seen))
            rest = [one for one in fresh if one not in seen]
            besides += len(rest)
            if not seen:
                file, line = places[0]
                print(
                    f"    missed {defect.id} ({defect.entry['class']}) at {file}:{line}: {defect.entry['description']}"
                )
            elif everything:
                print(f"    found  {defect.id} by {', '.join(sorted({one.rule for one in seen}))}")
            for one in rest if everything or not seen else ():
                print(f"        besides {_shown(one)}")
    for name, marks in sorted(by_class.items()):
        print(f"{name}: {sum(marks)} of {len(marks)}")
    found, total = (sum(f(marks) for marks in by_class.values()) for f in (sum, len))
    print(
        f"found {found} of {total} ({found / (total or 1):.0%}), {false} false findings on {len(chosen)} clean applications"
    )
    print(f"other new findings beside the planted defects: {besides}")
    return 0 if found >= NEEDED * total and false <= ALLOWED else 1


if __name__ == "__main__":
    sys.exit(main())
