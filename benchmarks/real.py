"""The six example requests of the catalog on real repositories (folder REPOS), and what every linter says of the files.

Each repository is copied; nothing of it is kept. A line a repository and request: files written, levels reached, findings
of the linters at their strictest and of our own review. Exit code 1 where anything is found.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from devops_orchestrator import catalog, orchestrator
from devops_orchestrator.actions.review import room_findings, sources
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Severity
from devops_orchestrator.text import Text
from devops_orchestrator.validation import VALIDATORS
from devops_orchestrator.validation.judge import outcomes

DEVOPS = str(Path(sys.executable).parent / "devops")
REQUESTS = (
    ("Configurer GitHub Actions pour mon projet", []),
    ("Optimiser mon Dockerfile multi-stage", []),
    ("Créer un Dockerfile", []),
    ("Créer un deployment Kubernetes", []),
    ("Configurer Terraform pour AWS", []),
    ("Mettre en place Prometheus", []),
    ("Implémenter un déploiement canary", []),
)


def run(folder: Path, request: str, extra: list[str]) -> dict[str, object]:
    """The JSON of one request, written."""
    done = subprocess.run(
        [DEVOPS, request, "--yes", "--json", *extra],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if "Traceback" in done.stderr or not done.stdout.strip():
        return {"broken": done.stderr.strip().splitlines()[-1:], "code": done.returncode}
    return json.loads(done.stdout) | {"code": done.returncode}


def judge(folder: Path, written: dict[str, str]) -> list[str]:
    """What the linters and our own rules say of files that were created."""
    repository = Repository.at(folder)
    told = []
    for validator, _, said in outcomes(written, repository, VALIDATORS):
        if not isinstance(said, Text):
            told += [f"{validator.id} {p.file}:{p.line} {p.rule} {p.message}" for p in said if p.file in written]
    project = orchestrator.inspect(repository)
    rooms = [catalog.specialist(agent) for agent in catalog.SPECIALISTS]
    for source in sources(rooms, project, list(written)):
        for room in rooms:
            told += [
                f"devops {f.file}:{f.line} {f.rule} {f.message.en}"
                for f in room_findings(room, source, project)
                if f.severity is not Severity.INFO
            ]
    return told


def main() -> int:
    """Print the table; the findings below it."""
    repositories = sorted(path for path in Path(os.environ["REPOS"]).iterdir() if path.is_dir())
    only = sys.argv[1:]
    bad = 0
    for original in repositories:
        if only and not any(word in original.name for word in only):
            continue
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / original.name.rpartition("+")[2]
            shutil.copytree(original, folder, symlinks=True)
            print(f"\n{original.name}")
            for request, extra in REQUESTS:
                said = run(folder, request, extra)
                proposals = said.get("proposals") or []
                files = [f for p in proposals for f in p["files"] if f["change"] != "unchanged"]
                failed = [c for p in proposals for c in p["checks"] if c["status"] == "failed"]
                created = {
                    f["path"]: (folder / f["path"]).read_text(encoding="utf-8")
                    for f in files
                    if f["change"] == "create" and said.get("applied")
                }
                found = judge(folder, created) if created else []
                bad += len(found) + len(failed) + ("broken" in said)
                agent = ",".join(s["agent"] for s in said.get("steps") or [])
                question = f"  ? {said['question'][:90]}" if said.get("question") else ""
                print(
                    f"  {request[:44]:<46}{agent:<26} exit {said['code']}  {len(files)} files  {len(found)} findings{question}{said.get('broken', '')}"
                )
                for line in [*found, *(f"FAILED {c['file']} {c['validator']} {c['message']}" for c in failed)]:
                    print(f"      {line[:220]}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
