"""Which version of an action is used, and how it is pinned."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from devops_orchestrator.core import facts
from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Severity, Source, rule
from devops_orchestrator.domains.cicd.github_actions.rules.edits import pin
from devops_orchestrator.formats import workflow
from devops_orchestrator.formats.workflow import Step, Uses
from devops_orchestrator.text import Text

# Majors whose backend GitHub has switched off: a job that uses them fails.
SWITCHED_OFF = {"actions/upload-artifact": 3, "actions/download-artifact": 3, "actions/cache": 2}


def _known(uses: Uses) -> Mapping[str, Any] | None:
    """The facts of an action of another repository; None where there are none, or no version of it."""
    if uses.kind != "action" or uses.node.alias:
        return None
    entry = facts.load("actions").get(uses.repository)
    return (
        entry
        if entry and entry.get("version") and re.fullmatch(r"v?\d+(\.\d+)*", facts.action(uses.repository)[1])
        else None
    )


def _major(version: str) -> int:
    return int(version.removeprefix("v").split(".")[0])


def _pin_of(uses: Uses, entry: Mapping[str, Any]) -> tuple[str, str] | None:
    """The hash of the very version that is named, else of the recommended one, else of a newer one of the same major.

    None where the facts only hold an older major than the one that is used.
    """
    known = [found for found in (entry, *entry.get("newer_seen", ())) if found.get("sha") and found.get("version")]
    exact = [found for found in known if found["version"] == uses.version]
    recommended = facts.action(uses.repository)
    if exact:
        return str(exact[0]["sha"]), str(exact[0]["version"])
    if uses.major is None or uses.major <= _major(recommended[1]):
        return recommended
    same = [found for found in known if re.match(r"v?\d", found["version"]) and _major(found["version"]) == uses.major]
    return (str(same[0]["sha"]), str(same[0]["version"])) if same else None


@rule(
    "github-actions/unpinned-action", Severity.WARNING, on="github-workflow",
    title=Text("Action not pinned by its commit hash", "Action non épinglée par le hash de son commit"),
    advice=Text(
        "A tag or a branch can be moved to other code at any time, and that code then runs with this workflow's token and secrets.",
        "Un tag ou une branche peut être déplacé à tout moment vers un autre code, qui s'exécute alors avec le jeton et les secrets du workflow.",
    ),
    url="https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions",
)  # fmt: skip
def unpinned_action(source: Source, project: Project) -> Iterator[Hit]:
    """Actions whose current major the facts can pin; older majors are `outdated-action`, unknown ones zizmor's."""
    for uses in source.parsed(workflow.parse).uses:
        entry = _known(uses)
        if entry is None or uses.pinned:
            continue
        found = _pin_of(uses, entry)
        if found is None or (uses.major is not None and uses.major < _major(found[1])):
            continue
        sha, version = found
        safe = uses.major == _major(version)
        needs = None if safe else Text(
            f"{uses.ref} is not a release: check that {version} does what this workflow expects.",
            f"{uses.ref} n'est pas une version publiée : vérifiez que {version} convient à ce workflow.",
        )  # fmt: skip
        yield Hit(
            uses.node.start, uses.node.end,
            Text(
                f"{uses.text} follows {uses.ref}, wherever it is moved; {version} is the commit {sha[:12]}.",
                f"{uses.text} suit {uses.ref}, où qu'il soit déplacé ; {version} est le commit {sha[:12]}.",
            ),
            Fix(pin(source, uses, sha, version), safe, Text(f"pin to {version}", f"épingler à {version}"), needs),
        )  # fmt: skip


@rule(
    "github-actions/outdated-action", Severity.INFO, on="github-workflow",
    title=Text("Action several versions behind", "Action en retard d'au moins une version majeure"),
    advice=Text(
        "Old majors run on a Node.js that GitHub removes from its runners, and get no security fixes.",
        "Les anciennes versions majeures s'exécutent sur un Node.js que GitHub retire de ses runners, sans correctifs de sécurité.",
    ),
    url="https://docs.github.com/en/actions/how-tos/create-and-publish-actions/release-and-maintain-actions",
)  # fmt: skip
def outdated_action(source: Source, project: Project) -> Iterator[Hit]:
    """Actions whose major is older than the recommended one."""
    parsed = source.parsed(workflow.parse)
    steps = {id(step.uses): step for _, step in parsed.steps if step.uses}
    for uses in parsed.uses:
        entry = _known(uses)
        if entry is None or uses.major is None:
            continue
        sha, version = facts.action(uses.repository)
        behind = _major(version) - uses.major
        if behind <= 0:
            continue
        off = uses.major <= SWITCHED_OFF.get(uses.repository, 0)
        yield Hit(
            uses.node.start, uses.node.end, _behind(uses, version, entry, off),
            Fix(
                pin(source, uses, sha, version), False, Text(f"move to {version}", f"passer à {version}"),
                _needs(uses, steps.get(id(uses)), entry, version),
            ),
            severity=Severity.ERROR if off else Severity.WARNING if behind > 1 else Severity.INFO,
        )  # fmt: skip


def _behind(uses: Uses, version: str, entry: Mapping[str, Any], off: bool) -> Text:
    if off:
        return Text(
            f"{uses.name} {uses.version}: GitHub has switched this version off, the step fails. The current one is {version}.",
            f"{uses.name} {uses.version} : GitHub a désactivé cette version, l'étape échoue. La version actuelle est {version}.",
        )
    node = str(entry.get("node") or "")
    runs = (f" (it runs on {node})", f" (elle s'exécute sur {node})") if node.startswith("node") else ("", "")
    return Text(
        f"{uses.name} {uses.version} is behind: the current major is {version}{runs[0]}.",
        f"{uses.name} {uses.version} est en retard : la version majeure actuelle est {version}{runs[1]}.",
    )


def _needs(uses: Uses, step: Step | None, entry: Mapping[str, Any], version: str) -> Text:
    """What to look at before a new major: inputs that it no longer has, and its release notes."""
    known = {str(name).lower() for name in entry.get("inputs", ())}
    gone = sorted(set(step.inputs) - known) if step and known and not uses.below else []
    page = f"https://github.com/{uses.repository}/releases"
    if gone:
        names = ", ".join(gone)
        return Text(
            f"{version} has no input {names}: adapt it. Release notes: {page}",
            f"{version} n'a pas d'entrée {names} : à adapter. Notes de version : {page}",
        )
    return Text(
        f"Read what changed between the majors: {page}", f"Lisez ce qui change d'une version majeure à l'autre : {page}"
    )
