"""kubectl kustomize: each kustomization builds, with the files that it names."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.text import Text
from devops_orchestrator.validation.validator import Batch, Problem, Validator, call

REMOTE = re.compile(r"https?://|github\.com|\?ref=|git@|ssh://")
_AWAY = Text("remote bases are not fetched", "les bases distantes ne sont pas téléchargées")
_TRIED = re.compile(
    r"could not resolve|failed to run '?\S*git|no such host|dial tcp|unable to access|proxyconnect", re.I
)
_HELM = Text("it inflates a Helm chart, which is not fetched", "elle déploie un chart Helm, qui n'est pas téléchargé")


def run(batch: Batch) -> list[Problem]:
    """Kustomizations that do not build. One that fetches a remote base is not judged."""
    found = []
    with batch.tree(
        "**/*.yaml", "**/*.yml", "**/*.properties", "**/*.env", "**/*.json", "**/*.toml", "**/*.conf"
    ) as root:
        for path in batch.paths:
            text = batch.files[path]
            if re.search(r"(?m)^kind:\s*Component\b", text):
                continue  # a part of others: it builds with them
            if REMOTE.search(text) or "helmCharts:" in text:
                batch.unjudged[path] = _HELM if "helmCharts:" in text else _AWAY
                continue
            done = call("kubectl", "kustomize", f"./{PurePosixPath(path).parent}", cwd=root, ok=(0, 1))
            if done.returncode and _TRIED.search(done.stderr):
                batch.unjudged[path] = _AWAY  # a base of its base is remote
            elif done.returncode:
                message = _message(done.stderr)
                line, column = _place(text, message)
                found.append(Problem(path, line, message[:300], "kustomize", column))
    return found


def _message(said: str) -> str:
    """kubectl's complaint without the time, process and source line that some versions log with it."""
    last = (said.strip().splitlines() or ["error: does not build"])[-1]
    logged = re.search(r'err="((?:[^"\\]|\\.)*)"', last)
    return logged[1].replace('\\"', '"') if logged else last.removeprefix("error: ")


def _place(text: str, message: str) -> tuple[int, int]:
    """The entry of the kustomization that a message names (the longest one); its first line where there is none."""
    from devops_orchestrator.formats import yaml

    try:
        documents = yaml.parse(text)
    except ParseError:
        return 1, 1
    named = [
        node
        for document in documents
        for node in document.walk()
        if node.kind == "scalar" and len(node.scalar) > 2 and node.scalar.removeprefix("./").rstrip("/") in message
    ]
    if named:
        return Lines(text).place(max(named, key=lambda node: len(node.scalar)).start)
    unknown = re.search(r'unknown field "([^"]+)"|field Kustomization\.(\w+)', message)
    for document in documents:
        if unknown and (pair := document.pair(unknown[1] or unknown[2])):
            return Lines(text).place(pair[0].start)
    return 1, 1


VALIDATOR = Validator(
    id="kustomize", level="dry-run", kinds=("kustomization",), run=run, program="kubectl",
    version_arguments=("version", "--client"),
    adds=Text("that each kustomization builds", "que chaque kustomization se construit"),
)  # fmt: skip
