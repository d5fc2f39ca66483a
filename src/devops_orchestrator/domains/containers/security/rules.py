"""Scans that cannot fail, scanners that cannot be trusted, containers that own their host."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.facts import load
from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Rule, Severity, Source, rule
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text


def _steps(source: Source) -> Iterator[tuple[str, Node]]:
    """(action without its version, step) of each step of a workflow."""
    for document in source.parsed(yaml.parse)[:1]:
        jobs = document.get("jobs")
        for _, job in jobs.items() if jobs else ():
            steps = job.get("steps")
            for step in steps.children() if steps else ():
                yield str(step.at("uses", default="")).partition("@")[0].lower(), step


@rule(
    "security/scan-never-fails", Severity.WARNING, on="github-workflow",
    url="https://github.com/aquasecurity/trivy-action#inputs",
    title=Text("A scan that cannot fail", "Une analyse qui ne peut pas échouer"),
    advice=Text(
        "trivy-action exits with 0 whatever it finds unless `exit-code` is set: the job is green with any vulnerability.",
        "Sans `exit-code`, trivy-action termine avec 0 quoi qu'elle trouve : le job est vert quelle que soit la vulnérabilité.",
    ),
)  # fmt: skip
def scan_never_fails(source: Source, project: Project) -> Iterator[Hit]:
    """trivy-action without a non-zero `exit-code`, unless its result goes to code scanning (SARIF)."""
    for name, step in _steps(source):
        if name != "aquasecurity/trivy-action" or step.at("with", "format") in (
            "sarif",
            "cyclonedx",
            "spdx-json",
            "github",
        ):
            continue
        uses, options = step.get("uses"), step.get("with")
        code = step.get("with", "exit-code")
        if uses is None or (code is not None and str(code.value) not in ("", "0")):
            continue
        fix = None
        if code is not None:
            fix = (code.start, code.end, '"1"')
        elif options is not None and not options.flow and list(options.items()):
            fix = yaml.insert_after_key(options, None, 'exit-code: "1"')
        yield Hit(
            uses.start, uses.end,
            Text("This scan is green whatever it finds.", "Cette analyse est verte quoi qu'elle trouve."),
            fix=Fix(
                (source.edit(*fix),), safe=False, title=Text('set exit-code: "1"', 'fixer exit-code: "1"'),
                needs=Text(
                    "the vulnerabilities that are there now must be mended or listed in .trivyignore first",
                    "les vulnérabilités présentes doivent d'abord être corrigées ou listées dans .trivyignore",
                ),
            ) if fix else None,
        )  # fmt: skip


@rule(
    "security/malicious-scanner", Severity.ERROR, on="github-workflow", url="https://github.com/aquasecurity/trivy/releases",
    title=Text("A scanner release known as malicious", "Une version de l'outil d'analyse connue comme malveillante"),
    advice=Text(
        "This release was published by an attacker and reads the secrets of the job. Change every secret of jobs that ran it.",
        "Cette version a été publiée par un attaquant et lit les secrets du job. Changez tous les secrets des jobs qui l'ont exécutée.",
    ),
)  # fmt: skip
def malicious_scanner(source: Source, project: Project) -> Iterator[Hit]:
    """A Trivy version that the facts list as malicious (`facts/tools.json`)."""
    bad = {
        entry.split()[0].lstrip("v")
        for entry in load("tools")["tools"]["trivy"].get("avoid", [])
        if "malicious" in entry
    }
    for name, step in _steps(source):
        node = step.get("with", "version") if name.startswith("aquasecurity/") else None
        if node is not None and str(node.value).lstrip("v") in bad:
            yield Hit(
                node.start, node.end,
                Text(f"Trivy {node.value} was published by an attacker.", f"Trivy {node.value} a été publié par un attaquant."),
            )  # fmt: skip


_SCANNERS = ("aquasecurity/trivy-action", "anchore/scan-action", "snyk/actions/", "crazy-max/ghaction-container-scan")


@rule(
    "security/scan-failure-ignored", Severity.WARNING, on="github-workflow",
    url="https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepscontinue-on-error",
    title=Text("The result of a scan is thrown away", "Le résultat d'une analyse est jeté"),
    advice=Text(
        "The scan fails and the job stays green: nobody looks at a log that stops nothing. Let it fail, with a threshold or a list of exceptions.",
        "L'analyse échoue et le job reste vert : personne ne lit un journal qui ne bloque rien. Laissez-la échouer, avec un seuil ou une liste d'exceptions.",
    ),
)  # fmt: skip
def scan_failure_ignored(source: Source, project: Project) -> Iterator[Hit]:
    """`continue-on-error: true` or `fail-build: false` on a scanner whose result goes nowhere else."""
    for name, step in _steps(source):
        if not name.startswith(_SCANNERS) or "upload-sarif" in source.text or "upload-artifact" in source.text:
            continue
        node, wanted = step.get("continue-on-error"), "true"
        if node is None:
            node, wanted = step.get("with", "fail-build"), "false"
        if node is None or node.scalar.lower() != wanted:
            continue
        yield Hit(
            node.start, node.end,
            Text("This scan may fail and the job stays green.", "Cette analyse peut échouer et le job reste vert."),
        )  # fmt: skip


@rule(
    "security/unexplained-exception", Severity.INFO, on="trivy", url="https://trivy.dev/latest/docs/configuration/filtering/#trivyignore",
    title=Text("An exception without a reason", "Une exception sans raison"),
    advice=Text(
        "In a year nobody knows whether it still holds. Say why above it, and until when (`exp:2027-01-31`).",
        "Dans un an, personne ne saura si elle tient encore. Dites pourquoi au-dessus, et jusqu'à quand (`exp:2027-01-31`).",
    ),
)  # fmt: skip
def unexplained_exception(source: Source, project: Project) -> Iterator[Hit]:
    """An identifier of .trivyignore with no comment on its line or above its group, and no last day."""
    if not source.path.endswith(".trivyignore"):
        return
    said = False
    for number in range(1, len(source.lines) + 1):
        line = source.lines.line(number).strip()
        if not line:
            said = False
        elif line.startswith("#"):
            said = True
        elif not said and "#" not in line and "exp:" not in line:
            start = source.lines.start(number)
            yield Hit(
                start, start + len(line), Text(f"{line}: why is it accepted?", f"{line} : pourquoi est-ce accepté ?")
            )  # fmt: skip


@rule(
    "security/privileged-container", Severity.ERROR, on="compose",
    url="https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities",
    title=Text("A container that owns its host", "Un conteneur maître de sa machine"),
    advice=Text(
        "Whoever breaks into this container is root on the machine. Name the one capability or device that it needs.",
        "Qui entre dans ce conteneur est root sur la machine. Nommez la seule capability ou le seul périphérique nécessaire.",
    ),
)  # fmt: skip
def privileged_container(source: Source, project: Project) -> Iterator[Hit]:
    """`privileged: true`, every capability, the machine's whole disk, or the Docker socket mounted writable."""
    for document in source.parsed(yaml.parse)[:1]:
        services = document.get("services")
        for key, service in services.items() if services else ():
            node = service.get("privileged")
            if node is not None and node.value is True:
                yield Hit(
                    node.start, node.end,
                    Text(f"{key.value} is privileged.", f"{key.value} est privilégié."),
                )  # fmt: skip
            added = service.get("cap_add")
            for child in added.children() if added else ():
                if child.scalar.upper().removeprefix("CAP_") == "ALL":
                    yield Hit(
                        child.start, child.end,
                        Text(f"{key.value} has every capability.", f"{key.value} a toutes les capabilities."),
                    )  # fmt: skip
            volumes = service.get("volumes")
            for volume in volumes.children() if volumes else ():
                told = str(volume.value) if volume.kind == "scalar" else str(volume.at("source", default=""))
                if re.match(r"/:/[^:]*(:rw)?$", told):
                    yield Hit(
                        volume.start, volume.end,
                        Text(f"{key.value} may write the machine's whole disk.", f"{key.value} peut écrire sur tout le disque de la machine."),
                    )  # fmt: skip
                if told.split(":")[0] == "/var/run/docker.sock" and not told.endswith(":ro"):
                    yield Hit(
                        volume.start, volume.end,
                        Text(f"{key.value} may start any container.", f"{key.value} peut démarrer n'importe quel conteneur."),
                    )  # fmt: skip


RULES: tuple[Rule, ...] = (
    scan_never_fails, scan_failure_ignored, malicious_scanner, unexplained_exception, privileged_container,
)  # fmt: skip
