"""Rules over the jobs and instances that expressions name, against those that are scraped."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.domains.monitoring.prometheus.rules.expressions import KINDS, at, expressions
from devops_orchestrator.project import exports
from devops_orchestrator.text import Text


@rule(
    "prometheus/unknown-job", Severity.ERROR, on=KINDS, url="https://prometheus.io/docs/concepts/jobs_instances/",
    title=Text("A job that nobody scrapes", "Un job que personne ne collecte"),
    advice=Text(
        "The job label is the job_name of the scrape configuration. A matcher on another name selects nothing: the record stays empty and the alert never fires.",
        "Le label job est le job_name de la configuration de collecte. Un filtre sur un autre nom ne sélectionne rien : l'enregistrement reste vide et l'alerte ne part jamais.",
    ),
)  # fmt: skip
def unknown_job(source: Source, project: Project) -> Iterator[Hit]:
    """`job="x"` where every job of the only configuration is known, and none is called x."""
    known = exports.jobs(project)
    if known is None or source.kind != "prometheus-rules":
        return
    path, line, names = known
    for entry, expression in expressions(source):
        told: set[str] = set()
        for selector in expression.selectors:
            if {"absent", "absent_over_time"} & set(selector.functions):
                continue
            for matcher in selector.matchers:
                wrong = exports.unmatched(matcher, names)
                if not wrong or matcher.value in told:
                    continue
                told.add(matcher.value)
                near = _near(matcher.value, names) if matcher.op == "=" else None
                start, end = at(entry, matcher.value)
                fix = Fix(
                    (source.edit(start, end, near),), safe=False, title=Text(f"Read the job {near}", f"Lire le job {near}"),
                    needs=Text(f"{near} is the job that was meant", f"{near} est bien le job visé"),
                ) if near and source.text[start:end] == matcher.value else None  # fmt: skip
                listed = ", ".join(sorted(names))
                yield Hit(
                    start, end,
                    Text(
                        f"No job is called {matcher.value}: there are {listed}.",
                        f"Aucun job ne s'appelle {matcher.value} : il y a {listed}.",
                    ), fix,
                    related=(Related(path, line, Text("the jobs", "les jobs")),),
                )  # fmt: skip


def _near(name: str, names: frozenset[str]) -> str | None:
    from difflib import get_close_matches

    alike = [other for other in sorted(names) if other.replace("_", "-").lower() == name.replace("_", "-").lower()]
    found = alike or get_close_matches(name, sorted(names), n=1, cutoff=0.7)
    return found[0] if found else None


RULES: tuple[Rule, ...] = (unknown_job,)
