"""Variables that the manifest sets under a name which the code does not read."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.kubernetes.deployments.rules import index
from devops_orchestrator.domains.kubernetes.deployments.rules.environment import taken_in
from devops_orchestrator.text import Text


@rule(
    "deployments/misspelt-variable", Severity.WARNING, on="kubernetes",
    url="https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/",
    title=Text("A variable under a name that the code does not read", "Une variable sous un nom que le code ne lit pas"),
    advice=Text(
        "The value never reaches the application: it runs with its default, or ends for want of the variable.",
        "La valeur n'arrive jamais à l'application : elle tourne avec sa valeur par défaut, ou s'arrête faute de la variable.",
    ),
)  # fmt: skip
def misspelt_variable(source: Source, project: Project) -> Iterator[Hit]:
    """A name that no component reads, beside one that only differs in a letter or the order of its words and that nothing sets."""
    manifests = index.of(project)
    known = {name for component in project.components for name in component.environment}
    for workload, container in index.containers(source, project):
        component = manifests.component(workload, container)
        taken = taken_in(container, manifests)
        if component is None or taken is None:
            continue
        given = {variable.name for variable in container.env} | taken
        open_names = [name for name in component.environment if name not in given]
        for variable in container.env:
            name = next(
                iter(() if variable.name in known else (n for n in open_names if _alike(variable.name, n))), None
            )
            node = variable.node.get("name")
            if name is None or node is None:
                continue
            yield Hit(
                node.start, node.end,
                Text(
                    f"{component.name} does not read {variable.name}; it reads {name}, which nothing sets here.",
                    f"{component.name} ne lit pas {variable.name} ; il lit {name}, que rien ne définit ici.",
                ),
                Fix(
                    (source.edit(node.start, node.end, name),), safe=False, title=Text(f"Name it {name}", f"La nommer {name}"),
                    needs=Text("Nothing else may read the old name.", "Rien d'autre ne doit lire l'ancien nom."),
                ),
                _read_at(component, name),
            )  # fmt: skip


def _read_at(component: Component, name: str) -> tuple[Related, ...]:
    path, _, line = component.evidence.get(f"environment.{name}", "").rpartition(":")
    return (Related(path, int(line), Text(f"{name} is read here", f"{name} est lue ici")),) if line.isdigit() else ()


def _alike(one: str, other: str) -> bool:
    """Whether two names are plainly the same one: a letter more, less or other, or the same words in another order."""
    first, second = one.replace("_", ""), other.replace("_", "")
    if first == second or sorted(one.split("_")) == sorted(other.split("_")):
        return True
    if min(len(one), len(other)) < 6 or abs(len(one) - len(other)) > 1 or one[-1].isdigit() or other[-1].isdigit():
        return False
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return max(len(one), len(other)) - sum(block.size for block in blocks) == 1


RULES = (misspelt_variable,)
