"""Blue-green: by Argo Rollouts, or by Flagger where it is asked for."""

from __future__ import annotations

import posixpath

from devops_orchestrator.core.change import Creation, File
from devops_orchestrator.domains.deployment.strategies import canary, metrics, notes, wiring
from devops_orchestrator.domains.deployment.strategies.canary import Part, common, file_name, final_name, local_name
from devops_orchestrator.domains.deployment.strategies.params import StrategiesParams
from devops_orchestrator.domains.deployment.strategies.workload import Target
from devops_orchestrator.formats.template import render
from devops_orchestrator.text import Text


def create(params: StrategiesParams, targets: list[Target]) -> Creation:
    """The Rollout with an active and a preview Service, which waits for a promotion."""
    first = targets[0]
    if first.service is None:
        return Creation(
            Text("Nothing written.", "Rien n'a été écrit."),
            question=Text(
                f"Blue-green switches a Service, and none selects the pods of {first.name}. Create it first: `devops do kubernetes/services`.",
                f"Le blue-green bascule un Service, et aucun ne sélectionne les pods de {first.name}. Créez-le d'abord : `devops do kubernetes/services`.",
            ),
            options=("devops do kubernetes/services",),
        )
    parts = [_environment(params, target) for target in targets]
    where = ", ".join(t.environment for t in targets if t.environment) or first.folder
    return Creation(
        Text(
            f"Blue-green of {first.name} with Argo Rollouts ({where}): the new version waits behind a preview Service for its promotion.",
            f"Blue-green de {first.name} avec Argo Rollouts ({where}) : la nouvelle version attend sa promotion derrière un Service de prévisualisation.",
        ),
        files=tuple(file for part in parts for file in part.files),
        edits=tuple(dict.fromkeys(edit for part in parts for edit in part.edits)),
        next_steps=tuple(dict.fromkeys(note for part in parts for note in part.notes)),
    )


def _environment(params: StrategiesParams, target: Target) -> Part:
    assert target.service is not None
    signals = metrics.of(target.component.metrics_library if target.component else None)
    health = target.component.health if target.component else None
    shared = common(target) | {
        "active": target.final(target.service),
        "preview": final_name(target, "-preview"),
        "local_preview": local_name(target, "-preview"),
        "smoke": final_name(target, "-smoke") if health and target.port else None,
        "metrics": target.name if signals else None,
        "health": health,
        "autoscaler": target.autoscaler,
        "replicas": None if target.autoscaler else target.replicas or 1,
        "said": target.replicas is not None,
    }
    texts = [
        (file_name(target, "rollout"), render(__package__, "rollout-bluegreen.yaml", **shared)),
        (file_name(target, "rollout-preview"), render(__package__, "rollout-preview.yaml", **shared)),
    ]
    if shared["smoke"]:
        smoke = canary.analysis(target, shared | {"check": "web"}, 5, suffix="-smoke")
        texts.append((file_name(target, "rollout-smoke"), smoke))
    if signals:
        # Ten measurements, half a minute apart: the five minutes during which the former version is still there.
        texts.append(
            (file_name(target, "rollout-analysis"), canary.analysis(target, shared | {"check": "prometheus"}, 10))
        )
    edits, patches = wiring.release_replicas(target)
    more_edits, more = wiring.retarget_autoscaler(target, "Rollout", wiring.ROLLOUT)
    files = tuple(File(posixpath.normpath(posixpath.join(target.folder, name)), text) for name, text in texts)
    joined = wiring.join(target, [name for name, _ in texts], [*patches, *more])
    return Part(files, (*joined, *edits, *more_edits), tuple(_notes(target)))


def _notes(target: Target) -> list[Text]:
    flag = f" -n {target.namespace}" if target.namespace else ""
    name, preview = target.name, final_name(target, "-preview")
    port = (target.port.number if target.port else None) or 80
    return [
        *notes.first_apply(target),
        Text(
            f"Try the new version before its promotion: `kubectl port-forward svc/{preview} 8080:{port}{flag}`; "
            f"then `kubectl argo rollouts promote {name}{flag}`.",
            f"Essayez la nouvelle version avant sa promotion : `kubectl port-forward svc/{preview} 8080:{port}{flag}` ; "
            f"puis `kubectl argo rollouts promote {name}{flag}`.",
        ),
        Text(
            "Count on twice the pods from the start of the new version until five minutes after its promotion: quotas and nodes must allow it.",
            "Comptez deux fois plus de pods du démarrage de la nouvelle version jusqu'à cinq minutes après sa promotion : quotas et nœuds doivent le permettre.",
        ),
        *notes.abort(target),
        *notes.migrations(target),
    ]
