"""Templates by themselves: named templates that nobody defines, a dot that is not what it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Rule, Severity, Source, rule
from devops_orchestrator.formats.gotemplate import Action, Block, Define, Field, Literal, Output, Pipeline
from devops_orchestrator.project import charts
from devops_orchestrator.project.charts import Template
from devops_orchestrator.text import Text

BUILT_IN = ("Values", "Release", "Chart", "Capabilities", "Template", "Files", "Subcharts")


def pipelines(actions: Sequence[Action]) -> Iterator[Pipeline]:
    """Every pipeline of a template, in order."""
    for action in actions:
        if isinstance(action, Output):
            yield action.pipeline
        elif isinstance(action, Define):
            yield from pipelines(action.body)
        elif isinstance(action, Block):
            for pipeline, body in action.branches:
                if pipeline is not None:
                    yield pipeline
                yield from pipelines(body)


def includes(template: Template) -> Iterator[tuple[str, int, int]]:
    """(name, start, end) of the named templates that a template uses by a literal name."""
    for pipeline in pipelines(template.actions or ()):
        for call in pipeline.functions():
            first = call.arguments[0] if call.name in ("include", "template") and call.arguments else None
            if isinstance(first, Literal) and isinstance(first.value, str):
                yield first.value, first.start, first.end


@rule(
    "helm/undefined-template", Severity.ERROR, on="helm-template", url="https://helm.sh/docs/chart_template_guide/named_templates/",
    title=Text("A named template that nobody defines", "Un template nommé que personne ne définit"),
    advice=Text(
        "Rendering stops with `no template … associated with template`: nothing of the chart is installed.",
        "Le rendu s'arrête sur `no template … associated with template` : rien du chart n'est installé.",
    ),
)  # fmt: skip
def undefined_template(source: Source, project: Project) -> Iterator[Hit]:
    """`include` or `template` of a name that neither the chart nor one that it may borrow from defines."""
    chart = charts.holding(source.path, project)
    template = chart.template(source.path) if chart is not None else None
    if chart is None or template is None or not chart.readable or chart.library:
        return
    for name, start, end in includes(template):
        if name in chart.names or name in chart.borrowed or name.endswith((".yaml", ".yml")):
            continue
        if (chart.dependencies or chart.subcharts) and not name.startswith(f"{chart.name}."):
            continue  # a dependency may lend it
        yield Hit(
            start, end,
            Text(f"No template of chart {chart.name} defines {name}.", f"Aucun template du chart {chart.name} ne définit {name}."),
        )  # fmt: skip


@rule(
    "helm/lost-root", Severity.ERROR, on="helm-template", url="https://helm.sh/docs/chart_template_guide/control_structures/",
    title=Text("Inside range or with, the dot is the entry", "Dans range ou with, le point est l'élément"),
    advice=Text(
        "The entry has no `.Values` or `.Release`: rendering fails, or gives nothing. `$` is the root everywhere.",
        "L'élément n'a ni `.Values` ni `.Release` : le rendu échoue, ou ne donne rien. `$` est la racine partout.",
    ),
)  # fmt: skip
def lost_root(source: Source, project: Project) -> Iterator[Hit]:
    """`.Values`, `.Release`, `.Chart` … read of the dot within a `range` or `with` over values."""
    chart = charts.holding(source.path, project)
    template = chart.template(source.path) if chart is not None else None
    for field, kind in _lost(template.actions or (), "") if template is not None else ():
        yield Hit(
            field.start, field.end,
            Text(
                f"Inside this {kind}, .{field.names[0]} is looked for in the entry; write ${'.' + '.'.join(field.names)}.",
                f"Dans ce {kind}, .{field.names[0]} est cherché dans l'élément ; écrivez ${'.' + '.'.join(field.names)}.",
            ),
            Fix(
                (source.edit(field.start, field.start, "$"),), safe=False, title=Text("Read it from the root", "Le lire depuis la racine"),
                needs=Text("The root's value must be the one that is meant.", "La valeur de la racine doit être celle voulue."),
            ),
        )  # fmt: skip


def _lost(actions: Sequence[Action], kind: str) -> Iterator[tuple[Field, str]]:
    """The readings of a built-in object by a dot that a block (of this kind) has moved."""
    for action in actions:
        if isinstance(action, Output) and kind:
            yield from _dotted(action.pipeline, kind)
        elif isinstance(action, Define):
            yield from _lost(action.body, "")
        elif isinstance(action, Block):
            for pipeline, body in action.branches:
                if pipeline is not None and kind:
                    yield from _dotted(pipeline, kind)
                moves = action.kind in ("range", "with") and pipeline is not None
                yield from _lost(body, _moved(action.kind, pipeline, kind) if moves and pipeline else kind)


def _dotted(pipeline: Pipeline, kind: str) -> Iterator[tuple[Field, str]]:
    for field in pipeline.fields():
        if not field.root and field.names and field.names[0] in BUILT_IN:
            yield field, kind


def _moved(kind: str, pipeline: Pipeline, before: str) -> str:
    """What the dot is in a body: an entry of the values, or (empty) something that may well have `.Values`."""
    first = pipeline.calls[0]
    only = first.arguments[0] if len(pipeline.calls) == 1 and not first.name and len(first.arguments) == 1 else None
    if isinstance(only, Field):
        return kind if only.value is not None else before if not only.root and only.names and before else ""
    return ""


RULES: tuple[Rule, ...] = (undefined_template, lost_root)
