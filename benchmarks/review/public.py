"""The public test inputs of five linters, read in place: what `devops review` finds of what they expect, and false findings.

`HADOLINT=… ACTIONLINT=… ZIZMOR=… KUBE_LINTER=… TRIVY_CHECKS=… python benchmarks/review/public.py [--all] [CORPUS]...`, each a
checkout; a corpus whose folder is not named is left out. Nothing of them is kept here. An input counts as found where the
review names the expected defect (by the linter's own name, by one of ours for the same defect in `validation/aliases.py`,
or, where the corpus gives lines, by a finding of any name on that line). It counts as false where the review names the
defect on an input, or an object, that must not have it. Expectations that need options, the network or another persona
than the linter's default are left out. With `--all`, each miss and each false finding is printed.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import yaml

from devops_orchestrator import orchestrator
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.validation.aliases import WHOLE_FILE, same_defect

WORKERS = 8
Told = tuple[str, str, int, int, str, str]  # rule, file, first line, last line, severity, message


@dataclass(frozen=True)
class Input:
    """One text with what is expected of it: names with the line (0: anywhere), or names that it must not get.

    `rival` is the same text without the defect: then any rule that speaks of this one alone has found it.
    """

    corpus: str
    id: str
    path: str
    text: str
    wanted: tuple[tuple[str, int], ...] = ()
    unwanted: tuple[str, ...] = ()
    forbidden: tuple[tuple[str, int, int], ...] = ()  # name, first line, last line
    rival: str | None = None


def reviewed(path: str, text: str) -> list[Told]:
    """The findings of the whole review, wrapped linters too, on a repository of one file."""
    found = orchestrator.review(orchestrator.inspect(Repository.of({path: text}, name="app")))
    return [
        (one.rule, one.file, one.line, max(one.line, one.end_line), one.severity.value, one.message.en)
        for one in found
        if one.file == path
    ]


def means(name: str, rule: str) -> bool:
    """Whether a rule of the review reports the defect of this name."""
    return rule.endswith(f"/{name}") or rule in same_defect(name)


def measured(one: Input) -> tuple[Input, list[bool], list[str]]:
    """Which expectations were met, and what is false."""
    told = reviewed(one.path, one.text)
    if one.rival is not None:
        before = {rule for rule, *_ in reviewed(one.path, one.rival)}
        fresh = [rule for rule, *_ in told if rule not in before]
        known = [rule for rule in fresh if any(means(name, rule) for name, _ in one.wanted)]
        false = [f"{rule} on the good one" for rule in before if any(means(name, rule) for name in one.unwanted)]
        return one, [bool(known or fresh)], false
    marks = [
        any(
            first <= line <= last if line and name not in WHOLE_FILE else means(name, rule)
            for rule, _, first, last, *_ in told
        )
        for name, line in one.wanted
    ]
    false = [
        f"{rule} at {first}: {words[:120]}"
        for rule, _, first, _, _, words in told
        for name in one.unwanted
        if means(name, rule)
    ]
    false += [
        f"{rule} at {first}: {words[:120]}"
        for rule, _, first, _, _, words in told
        for name, start, end in one.forbidden
        if means(name, rule) and start <= first <= end
    ]
    if one.corpus == "actionlint" and not one.wanted:  # sound workflows: nothing may be called broken
        false += [
            f"{rule} at {first}: {words[:120]}" for rule, _, first, _, severity, words in told
            if severity == "error" and not rule.startswith("zizmor/")
        ]  # fmt: skip
    return one, marks, false


_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ASSERTION = re.compile(r"\b(ruleCatches|ruleCatchesNot)\s+(\"\w+\"|\w+)\s*\$?\s*(.*)")


def hadolint(root: Path) -> Iterator[Input]:
    """The Dockerfiles of the specifications written in Haskell, those of the default configuration."""
    for spec in sorted((root / "test/Hadolint/Rule").glob("DL*Spec.hs")):
        code = spec.stem.removesuffix("Spec")
        plain, texts, number = True, {}, 0
        lines = spec.read_text(encoding="utf-8").split("\n")
        for index, line in enumerate(lines):
            if "let ?config =" in line:
                plain = line.split("=", 1)[1].strip() == "def" and not (
                    index + 1 < len(lines) and lines[index + 1].lstrip().startswith("{")
                )
            if named := re.search(r"(?:let\s+)?\b(\w+) =\s*$|let (\w+) = (.*)$", line):
                body = [line.split("=", 1)[1]]
                for below in lines[index + 1 :]:
                    if re.match(r"\s*(in\b|it \"|describe )", below) or re.search(r"\b\w+ =", _STRING.sub("", below)):
                        break
                    body.append(below)
                parts = [_haskell(match[1]) for match in _STRING.finditer("\n".join(body))]
                if parts:
                    texts[named[1] or named[2]] = "\n".join(parts)
            said = _ASSERTION.search(line)
            if said is None or not plain:
                continue
            rest = said[3] or (lines[index + 1].strip() if index + 1 < len(lines) else "")
            literal = _STRING.match(rest.strip())
            word = re.search(r"(\w+)\s*\)?$", rest.strip())
            text = _haskell(literal[1]) if literal else texts.get(word[1] if word else "")
            if text is None:
                continue
            number += 1
            catches = said[1] == "ruleCatches"
            yield Input(
                "hadolint", f"{code}#{number}", "Dockerfile", text.rstrip("\n") + "\n",
                wanted=((code, 0),) if catches else (), unwanted=() if catches else (code,),
            )  # fmt: skip


def _haskell(text: str) -> str:
    text = re.sub(r"\\\s*\n\s*\\", "", text)
    try:
        return str(ast.literal_eval(f'"""{text}"""')) if not text.endswith('"') else text.replace('\\"', '"')
    except (SyntaxError, ValueError):
        return text


def actionlint(root: Path) -> Iterator[Input]:
    """Workflows with the lines of their errors, and sound ones."""
    for folder in ("err", "examples"):
        for out in sorted((root / "testdata" / folder).glob("*.out")):
            source = out.with_suffix(".yaml")
            if not source.is_file() or "pyflakes" in source.name:
                continue
            wanted = []
            for line in out.read_text(encoding="utf-8").splitlines():
                place = re.match(
                    r"/?\^?test\\?\.yaml:(\d+):(\d+):.*?\[([\w-]+)\\?\]", line.replace("\\[", "[").replace("\\]", "]")
                )
                if place:
                    wanted.append((place[3], int(place[1])))
            yield Input(
                "actionlint", f"{folder}/{source.stem}", ".github/workflows/test.yaml",
                source.read_text(encoding="utf-8"), wanted=tuple(wanted),
            )  # fmt: skip
    for source in sorted((root / "testdata/ok").glob("*.y*ml")):
        yield Input(
            "actionlint", f"ok/{source.stem}", ".github/workflows/test.yaml", source.read_text(encoding="utf-8")
        )


_RUN = re.compile(r"zizmor\(\)(.*?)\.run\(\)\?,?\s*@r?#*\"(.*?)\"#*\s*\)", re.S)
_OTHER = re.compile(
    r"persona|offline\(false\)|\.config\(|gh_token|--collect|\.args|\.setenv|\.working_dir|\.no_config\(false"
)


def zizmor(root: Path) -> Iterator[Input]:
    """Workflows of the snapshot tests in the default persona, offline: the lines that they name, or none."""
    base = root / "crates/zizmor/tests/integration"
    for test in sorted((base / "audit").glob("*.rs")):
        audit = test.stem.replace("_", "-")
        for number, (options, said) in enumerate(_RUN.findall(test.read_text(encoding="utf-8"))):
            named = re.findall(r'input_under_test\(\s*"([^"]+)"', options)
            if len(named) != 1 or _OTHER.search(options):
                continue
            source = base / "test-data" / named[0]
            if not source.is_file():
                continue
            name = source.name
            path = (
                name
                if name.startswith("action.")
                else f".github/{'' if name.startswith('dependabot') else 'workflows/'}{name}"
            )
            wanted = tuple(
                (ident, int(line))
                for ident, line in re.findall(
                    r"(?:error|warning|help|info)\[([\w-]+)\]:[^\n]*\n\s*--> @@INPUT@@:(\d+)", said
                )
            )
            if wanted or "No findings" in said:
                yield Input(
                    "zizmor", f"{named[0]}#{number}", path, source.read_text(encoding="utf-8"),
                    wanted=wanted, unwanted=() if wanted else (audit,),
                )  # fmt: skip


def kube_linter(root: Path) -> Iterator[Input]:
    """The manifests of the checks: how many objects each check refuses, and the objects named `dont-fire`."""
    bats = (root / "e2etests/bats-tests.sh").read_text(encoding="utf-8")
    for name, body in re.findall(r'@test "([\w-]+)" \{(.*?)\n\}', bats, re.S):
        file = re.search(r'tmp="(tests/checks/[\w.-]+)"', body)
        source = root / file[1] if file else None
        if source is None or not source.is_file() or "--include" not in body:
            continue
        count = re.search(r'\$\{count\}" == "(\d+)"', body)
        text = source.read_text(encoding="utf-8")
        clean = []
        line = 1
        for part in re.split(r"(?m)^---\s*$", text):
            end = line + part.count("\n")
            if re.search(r"(?m)^\s+name: ['\"]?dont-?fire", part):
                clean.append((name, line, end))
            line = end
        yield Input(
            "kube-linter", f"{name}", f"k8s/{source.stem}.yaml", text,
            wanted=((name, 0),) * min(1, int(count[1]) if count else 1), forbidden=tuple(clean),
        )  # fmt: skip


_PATHS = {"dockerfile": "Dockerfile", "kubernetes": "k8s/app.yaml", "terraform": "main.tf"}


def trivy_checks(root: Path) -> Iterator[Input]:
    """The good and bad examples of each check, in pairs."""
    for side in sorted((root / "checks").rglob("*.yaml")):
        rego = side.with_suffix(".rego")
        ids = (
            re.findall(r"^#\s+(?:id|short_code|avd_id):\s*(\S+)", rego.read_text(encoding="utf-8"), re.M)
            if rego.is_file()
            else []
        )
        for provider, examples in (yaml.safe_load(side.read_text(encoding="utf-8")) or {}).items():
            if provider not in _PATHS or not isinstance(examples, dict):
                continue
            for number, (bad, good) in enumerate(
                zip(examples.get("bad") or (), examples.get("good") or (), strict=False)
            ):
                yield Input(
                    f"trivy-checks/{provider}", f"{side.stem}#{number}", _PATHS[provider], bad.rstrip() + "\n",
                    wanted=tuple((one, 0) for one in ids), unwanted=tuple(ids), rival=good.rstrip() + "\n",
                )  # fmt: skip


CORPORA: dict[str, Callable[[Path], Iterator[Input]]] = {
    "HADOLINT": hadolint, "ACTIONLINT": actionlint, "ZIZMOR": zizmor, "KUBE_LINTER": kube_linter,
    "TRIVY_CHECKS": trivy_checks,
}  # fmt: skip


def main() -> int:
    everything = "--all" in sys.argv
    chosen = [word.upper().replace("-", "_") for word in sys.argv[1:] if not word.startswith("-")] or list(CORPORA)
    inputs: list[Input] = []
    for name in chosen:
        if folder := os.environ.get(name):
            inputs += CORPORA[name](Path(folder))
        else:
            print(f"{name.lower()}: left out, {name} names no checkout")
    marks: dict[str, list[bool]] = defaultdict(list)
    clean: Counter[str] = Counter()
    false: dict[str, list[str]] = defaultdict(list)
    with ProcessPoolExecutor(WORKERS) as pool:
        for one, met, wrong in pool.map(measured, inputs, chunksize=4):
            marks[one.corpus] += met
            clean[one.corpus] += bool(not one.wanted or one.rival is not None or one.forbidden)
            false[one.corpus] += [f"{one.id}: {told}" for told in wrong]
            if everything:
                missed = [f"{name}:{line}" for (name, line), mark in zip(one.wanted, met, strict=False) if not mark]
                for told in missed:
                    print(f"  missed {one.corpus} {one.id}: {told}")
                for told in wrong:
                    print(f"  false  {one.corpus} {one.id}: {told}")
    for corpus in sorted(marks):
        found, total = sum(marks[corpus]), len(marks[corpus])
        wrong = len({told.split(":")[0] for told in false[corpus]})
        print(
            f"{corpus}: {found} of {total} expected findings ({found / (total or 1):.1%}); "
            f"{wrong} of {clean[corpus]} inputs that must be clean got a false one"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
