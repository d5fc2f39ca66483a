"""Of the defects that an expert saw in real repositories, how many `devops review` finds.

`REPOS=<folder> python benchmarks/review/real.py <defects.jsonl> [--all]`. A line of the list names a repository (its work
tree is in `REPOS/<owner>+<name>`), a file, a line, a class and whether it takes several files to see. A defect counts as
found where a finding is at its file within three lines (anywhere in the file where the list names no line). With
`--all`, the other findings are printed too, to be read by eye.
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from devops_orchestrator import orchestrator
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Finding

NEAR = 3  # lines


def found_by(defect: dict[str, Any], findings: list[Finding]) -> list[Finding]:
    """The findings at the place of a defect, or that name it as a related place."""
    line = defect.get("line")
    places = [(f, f.file, f.line, f.end_line) for f in findings]
    places += [(f, r.file, r.line, r.line) for f in findings for r in f.related]
    return [
        f
        for f, file, start, end in places
        if file == defect["file"] and (line is None or start - NEAR <= line <= max(start, end) + NEAR)
    ]


def main() -> None:
    folder = Path(os.environ["REPOS"])
    defects: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for text in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        if text.strip():
            entry = json.loads(text)
            defects[entry["repo"]].append(entry)
    counts = {True: [0, 0], False: [0, 0]}  # by cross_file: found, all
    others = 0
    for repository, listed in defects.items():
        root = folder / repository.replace("/", "+")
        if not root.is_dir():
            print(f"{repository}: absent")
            continue
        findings = orchestrator.review(orchestrator.inspect(Repository.at(root)))
        matched: set[int] = set()
        missed = []
        for defect in listed:
            at = found_by(defect, findings)
            matched |= {id(one) for one in at}
            counts[bool(defect["cross_file"])][0] += bool(at)
            counts[bool(defect["cross_file"])][1] += 1
            if not at:
                missed.append(defect)
        rest = [one for one in findings if id(one) not in matched]
        others += len(rest)
        print(f"{repository}: {len(listed) - len(missed)} of {len(listed)}, {len(rest)} further findings")
        for defect in missed:
            across = " (several files)" if defect["cross_file"] else ""
            print(
                f"    missed {defect['file']}:{defect.get('line')} {defect['class']}{across}: {defect['defect'][:160]}"
            )
        for one in rest if "--all" in sys.argv else ():
            print(f"    further {one.file}:{one.line} {one.severity} {one.rule}: {one.message.en[:160]}")
    found, total = (sum(values) for values in zip(*counts.values(), strict=True))
    print(
        f"found {found} of {total} ({found / total:.0%}); those that take several files {counts[True][0]} of {counts[True][1]}"
    )
    print(f"further findings: {others}")


if __name__ == "__main__":
    main()
