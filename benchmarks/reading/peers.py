"""Beside railpack and nixpacks: what their own example applications are, as they recorded it and as we read it.

`RAILPACK=<checkout> NIXPACKS=<checkout> python benchmarks/reading/peers.py`. Their examples and recorded plans are read in
place; nothing of them is kept. A field counts where both sides can be compared: the language, the package manager, the
start command, the port of an example's own test. Every disagreement needs a verdict in `verdicts.yaml`: `ours` (we are
righter), `theirs`, or `both` (two right answers), and why; one without a verdict counts against us.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.project import read
from devops_orchestrator.project.documents import read_json

FIELDS = ("language", "package_manager", "start", "port")
# The package manager whose command a plan runs → its language. Npm comes last: it also builds the assets of the others.
MANAGERS = (
    (r"\bcomposer install\b", "composer", "php"), (r"\bbundle install\b", "bundler", "ruby"), (r"\buv (sync|pip)\b", "uv", "python"),
    (r"\bpoetry install\b", "poetry", "python"), (r"\bpdm (install|sync)\b", "pdm", "python"), (r"\bpipenv (install|sync)\b", "pipenv", "python"),
    (r"\bpip install (-r|\.|--upgrade build)", "pip", "python"), (r"\bgo (mod|get|build)\b", "go", "go"), (r"\b(mvn|mvnw)\b", "maven", "java"),
    (r"\b(gradle|gradlew)\b", "gradle", "java"), (r"\bcargo build\b", "cargo", "rust"), (r"\bdotnet (restore|publish)\b", "dotnet", "csharp"),
    (r"\bmix deps\.get\b", "mix", "elixir"), (r"\bpnpm (i|install|add)\b", "pnpm", "javascript"), (r"\byarn (install|--)", "yarn", "javascript"),
    (r"\bbun (i|install)\b", "bun", "javascript"), (r"\bnpm (ci|i|install)\b", "npm", "javascript"),
)  # fmt: skip
# Where no manager is run, the tools of a plan tell the language.
TOOLS = (
    ("php", "php"), ("ruby", "ruby"), ("elixir", "elixir"), ("dotnet", "csharp"), ("rust", "rust"), ("jdk", "java"), ("java", "java"),
    ("go", "go"), ("python", "python"), ("deno", "javascript"), ("node", "javascript"), ("bun", "javascript"),
)  # fmt: skip
SITE = "a site of files"
PHP = "an application behind a PHP server"
# What no claim is made for: languages that CONTRACT.md does not name.
OTHERS = re.compile(
    r"^(c?pp-|cpp|gleam|basic.gleam|clojure|cobol|crystal|dart|haskell|lunatic|scala|scheme|shell|swift|zig|apt.ffmpeg|custom.(pkgs|plan|user)|pin.archive)"
)


@dataclass
class Recorded:
    """What a peer recorded of one example."""

    name: str
    folder: Path
    facts: dict[str, object] = field(default_factory=dict)


def railpack(root: Path) -> Iterator[Recorded]:
    """The plans that railpack keeps as snapshots, with the port of the example's own test."""
    for folder in sorted((root / "examples").iterdir()):
        snapshots = sorted(
            (root / "core/__snapshots__").glob(f"TestGenerateBuildPlanForExamples_{folder.name}_1.snap.json")
        )
        if not snapshots or OTHERS.match(folder.name):
            continue
        plan = json.loads(snapshots[0].read_text(encoding="utf-8"))
        commands = [c for step in plan["steps"] for c in step.get("commands", [])]
        tools = re.findall(r"install mise packages: (.*)", "\n".join(str(c.get("customName")) for c in commands))
        ran = "\n".join(str(c["cmd"]) for c in commands if c.get("cmd"))
        yield Recorded(
            folder.name,
            folder,
            _facts(tools and tools[0].split(", "), ran, plan["deploy"].get("startCommand"), _port(folder)),
        )


def _port(folder: Path) -> int | None:
    path = folder / "test.json"
    if not path.is_file():
        return None
    text = path.read_text(encoding="utf-8")
    found = read_json(str(path), f'{{"cases": {text}}}', comments=True).get("cases")
    for case in found if isinstance(found, list) else [found]:
        port = (case.get("httpCheck") or {}).get("internalPort")
        if port and "PORT" not in case.get("envs", {}):  # a port that the test sets says nothing of the application
            return int(port)
    return None


def nixpacks(root: Path) -> Iterator[Recorded]:
    """The plans that nixpacks keeps as snapshots."""
    folders = {re.sub(r"\W", "_", folder.name): folder for folder in (root / "examples").iterdir()}
    for path in sorted((root / "tests/snapshots").glob("*.snap")):
        name = path.stem.removeprefix("generate_plan_tests__")
        if name not in folders or OTHERS.match(name):
            continue
        plan = json.loads(path.read_text(encoding="utf-8").split("---", 2)[2])
        phases = plan["phases"].values() if isinstance(plan.get("phases"), dict) else plan.get("phases", [])
        packages = [
            str(package) for phase in phases for package in phase.get("nixPkgs") or [] if isinstance(package, str)
        ]
        ran = "\n".join(command for phase in phases for command in phase.get("cmds") or [])
        start = (plan.get("start") or {}).get("cmd")
        yield Recorded(folders[name].name, folders[name], _facts(packages, ran, start, None))


def _facts(tools: list[str], ran: str, start: str | None, port: int | None) -> dict[str, object]:
    # The manager itself is installed with pip.
    ran = re.sub(r"pip install (?:--upgrade )?(pip|uv|poetry|pdm|pipenv)\S*", "", ran)
    manager, language = next((entry[1:] for entry in MANAGERS if re.search(entry[0], ran)), (None, None))
    words = [re.split(r"[-_\d]", tool.strip("( "))[0].partition(".")[0] for tool in tools]
    by_tool = next((name for tool, name in TOOLS if any(word.startswith(tool) for word in words)), None)
    php = by_tool == "php" or "php" in str(start) or start == "/start-container.sh"
    if (php and "nginx" in str(start)) or start == "/start-container.sh":
        start, port = PHP, None  # the web server is of the peer's image, and its port
    elif start and re.search(r"\bcaddy run\b|nginx -c", start):
        start, port = SITE, None
    elif start and re.match(r"(ba)?sh \S+\.sh$|\./\S+\.sh$", start):
        start = None  # a shell script is no application of CONTRACT.md's languages
    return {"language": "php" if php else language or by_tool, "package_manager": manager, "start": start, "port": port}


def ours(project: Project) -> dict[str, object]:
    """What we say of the same folder: its main component."""
    main = project.main or Component()
    language = {"typescript": "javascript", "kotlin": "java"}.get(main.language or "", main.language)
    start = SITE if main.kind == "static" and main.start is None else main.start
    if main.language == "php" and main.kind == "service":
        start = PHP  # a development server stands for it where the repository names no other
    return {"language": language, "package_manager": main.package_manager, "start": start, "port": main.port}


def agrees(name: str, theirs: object, mine: object, project: Project) -> bool:
    """Whether two answers are one: a script and what it runs, their name of a built program and ours."""
    if theirs == mine:
        return True
    if name != "start" or mine is None or theirs is None:
        return False
    wanted, found = _plain(str(theirs), project), _plain(str(mine), project)
    return wanted == found or (bool(wanted) and (wanted in found or found in wanted))


def _plain(command: str, project: Project) -> str:
    """A start command without its host, port, environment and runner; a script is what it runs."""
    main = project.main or Component()
    text = re.sub(r"\$\{PORT:-(\d+)\}", r"\1", command).strip()
    text = re.sub(r"\$JAVA_OPTS |-D\S+ |--(enable-)?yjit ", "", text)
    if re.match(r"(gradle -v && )?java\s+.*-jar\s.*\b(build/libs|target)/.*jar\b", text):
        return "the built jar"
    for _ in range(3):
        script = re.fullmatch(r"(?:npm|pnpm|yarn|bun) (?:run )?([\w:-]+)", text)
        body = main.scripts.get(script[1]) if script else None
        if not body:
            break
        text = body
    text = re.sub(r"^(?:\w+=\S+ )+|^(uv|poetry|pdm|pipenv) run |^bundle exec |^npx |^exec ", "", text)
    text = re.sub(
        r"\s(--?(host|bind|port|b|p|binding|h)[= ]?\S+)|0\.0\.0\.0:\d+|\$JAVA_OPTS|\$PORT|\$\(ls -1 \S+ \| grep -v plain\)",
        "",
        text,
    )
    if re.match(r"^(\./|/app/)?(out|bin/[^\s/]+|out/\S+|\S*target/release/\S+)$|^dotnet \S+\.dll$", text):
        return "the built program"
    text = re.sub(r"\bpython3?\b", "python", text.replace("/app/", "")).replace("../", "").replace("./", "")
    return " ".join(re.sub(r"\*\.?jar\b", "jar", text).split())


def main() -> None:
    verdicts = yaml.safe_load((Path(__file__).parent / "verdicts.yaml").read_text(encoding="utf-8")) or {}
    failed = False
    for variable, peer in (("RAILPACK", railpack), ("NIXPACKS", nixpacks)):
        if variable not in os.environ:
            print(f"{variable}: not given, not compared")
            continue
        known = verdicts.get(variable.lower(), {})
        counts = {name: [0, 0, 0] for name in FIELDS}  # agree, righter or as right, against us
        for recorded in peer(Path(os.environ[variable])):
            project = read(Repository.at(recorded.folder))
            mine = ours(project)
            for name in FIELDS:
                theirs = recorded.facts[name]
                if theirs is None:
                    continue
                if agrees(name, theirs, mine[name], project):
                    counts[name][0] += 1
                    continue
                verdict, _, reason = str(known.get(f"{recorded.name} {name}", "undecided")).partition(": ")
                counts[name][1 if verdict in ("ours", "both") else 2] += 1
                print(f"{variable.lower()} {recorded.name} {name}: {theirs!r} / {mine[name]!r} — {verdict} {reason}")
        for name, (same, righter, against) in counts.items():
            total = same + righter + against
            share = (same + righter) / total if total else 1.0
            failed = failed or share < 0.95
            print(
                f"{variable.lower():9} {name:16} agree {same}, righter {righter}, against {against} of {total}: {share:.1%}"
            )
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
