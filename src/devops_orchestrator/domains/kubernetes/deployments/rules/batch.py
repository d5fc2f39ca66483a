"""CronJobs and Jobs."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Severity, Source, rule
from devops_orchestrator.domains.kubernetes.deployments.rules import index, spans
from devops_orchestrator.text import Text

DOCS = "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/"


@rule(
    "deployments/cronjob-concurrency", Severity.WARNING, on="kubernetes", url=DOCS,
    title=Text("Runs of the CronJob may overlap", "Les exécutions du CronJob peuvent se chevaucher"),
    advice=Text(
        "The default, Allow, starts the next run beside one that hangs: they pile up until the namespace or the database gives in.",
        "La valeur par défaut, Allow, lance l'exécution suivante à côté d'une autre bloquée : elles s'accumulent jusqu'à saturer le "
        "namespace ou la base.",
    ),
)  # fmt: skip
def concurrency(source: Source, project: Project) -> Iterator[Hit]:
    """No concurrencyPolicy."""
    for one in index.objects(source, project):
        spec = one.get("spec")
        if one.kind != "CronJob" or spec is None or spans.has(spec, "concurrencyPolicy"):
            continue
        edits = spans.put(source, spec, "concurrencyPolicy: Forbid", "schedule")
        yield Hit(
            *spans.entry(spec, "schedule"),
            Text(f"CronJob {one.called} has no concurrencyPolicy.", f"Le CronJob {one.called} n'a pas de concurrencyPolicy."),
            Fix(
                edits, safe=False, title=Text("Forbid overlapping runs", "Interdire le chevauchement"),
                needs=Text("A run that falls due while another is busy is skipped.", "Une exécution due pendant qu'une autre est en cours est sautée."),
            ) if edits else None,
        )  # fmt: skip


@rule(
    "deployments/cronjob-deadline", Severity.INFO, on="kubernetes", url=DOCS,
    title=Text("No starting deadline", "Pas de délai de démarrage"),
    advice=Text(
        "After 100 missed starts (a controller that was down, a long suspension) a CronJob without startingDeadlineSeconds stops for good.",
        "Après 100 départs manqués (contrôleur arrêté, longue suspension), un CronJob sans startingDeadlineSeconds s'arrête "
        "définitivement.",
    ),
)  # fmt: skip
def deadline(source: Source, project: Project) -> Iterator[Hit]:
    """No startingDeadlineSeconds."""
    for one in index.objects(source, project):
        spec = one.get("spec")
        if one.kind != "CronJob" or spec is None or spans.has(spec, "startingDeadlineSeconds"):
            continue
        edits = spans.put(source, spec, "startingDeadlineSeconds: 600", "schedule")
        yield Hit(
            *spans.entry(spec, "schedule"),
            Text(f"CronJob {one.called} has no startingDeadlineSeconds.", f"Le CronJob {one.called} n'a pas de startingDeadlineSeconds."),
            Fix(
                edits, safe=False, title=Text("Skip a start that is ten minutes late", "Sauter un départ en retard de dix minutes"),
                needs=Text("A run that is later than ten minutes must not be missed.", "Une exécution en retard de plus de dix minutes doit pouvoir être sautée."),
            ) if edits else None,
        )  # fmt: skip


@rule(
    "deployments/kept-finished-jobs", Severity.INFO, on="kubernetes",
    url="https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/",
    title=Text("Finished jobs are kept", "Les jobs terminés sont conservés"),
    advice=Text(
        "A finished Job and its pods stay until somebody deletes them, and a Job that is there cannot be applied again with another image.",
        "Un Job terminé et ses pods restent jusqu'à ce que quelqu'un les supprime, et un Job présent ne peut pas être appliqué de nouveau "
        "avec une autre image.",
    ),
)  # fmt: skip
def kept_jobs(source: Source, project: Project) -> Iterator[Hit]:
    """A Job without ttlSecondsAfterFinished, or a CronJob that keeps many."""
    for one in index.objects(source, project):
        spec = one.get("spec")
        if spec is None:
            continue
        if (
            one.kind == "Job"
            and not spans.has(spec, "ttlSecondsAfterFinished")
            and not {"helm.sh/hook", "argocd.argoproj.io/hook"} & set(one.annotations)
        ):
            edits = spans.put(source, spec, "ttlSecondsAfterFinished: 86400", "backoffLimit")
            yield Hit(
                *spans.head(spec),
                Text(f"Job {one.called} has no ttlSecondsAfterFinished.", f"Le Job {one.called} n'a pas de ttlSecondsAfterFinished."),
                Fix(
                    edits, safe=False, title=Text("Delete it a day after its end", "Le supprimer un jour après sa fin"),
                    needs=Text("Its logs must be collected elsewhere or read within a day.", "Ses journaux doivent être collectés ailleurs ou lus dans la journée."),
                ) if edits else None,
            )  # fmt: skip
        for key in ("successfulJobsHistoryLimit", "failedJobsHistoryLimit"):
            kept = one.at("spec", key)
            if one.kind == "CronJob" and isinstance(kept, int) and kept > 20:
                yield Hit(
                    *spans.entry(spec, key),
                    Text(
                        f"CronJob {one.called} keeps {kept} finished jobs.",
                        f"Le CronJob {one.called} conserve {kept} jobs terminés.",
                    ),
                )


RULES = (concurrency, deadline, kept_jobs)
