"""A canary by Argo Rollouts, derived from the Deployment that exists."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from devops_orchestrator.core.change import Creation, File
from devops_orchestrator.core.rule import Edit
from devops_orchestrator.domains.deployment.strategies import address, metrics, notes, router, wiring
from devops_orchestrator.domains.deployment.strategies.params import StrategiesParams
from devops_orchestrator.domains.deployment.strategies.router import Router
from devops_orchestrator.domains.deployment.strategies.workload import Target
from devops_orchestrator.formats.template import render
from devops_orchestrator.text import Text

DEFAULT_STEPS = (10, 25, 50)
DEFAULT_PAUSE = "5m"


@dataclass(frozen=True)
class Part:
    """What one environment gets: files, edits, and what to tell."""

    files: tuple[File, ...]
    edits: tuple[Edit, ...]
    notes: tuple[Text, ...]


def local_name(target: Target, suffix: str = "") -> str:
    """A name as it must be written in the environment's folder, before its prefix and suffix are added."""
    name = target.name
    if target.root:
        prefix, ending = target.root.node.at("namePrefix") or "", target.root.node.at("nameSuffix") or ""
        name = name.removeprefix(prefix)
        name = name.removesuffix(ending) if ending else name
    return name + suffix


def final_name(target: Target, suffix: str) -> str:
    """The name of a new object on the cluster."""
    local = local_name(target, suffix)
    return target.root.named(local) if target.root else local


def file_name(target: Target, stem: str) -> str:
    """A file's name in the environment's folder; with the application's name where several share the folder."""
    several = len({m.object.name for m in target.of_kind("Deployment")}) > 1
    return f"{target.written_name}-{stem}.yaml" if several else f"{stem}.yaml"


def common(target: Target) -> dict[str, object]:
    """What every template of an environment is filled with."""
    return {
        "app": target.name,
        "local": local_name(target),
        "namespace": None if target.sets_namespace else target.namespace,
        "space": target.namespace,
        "flag": f" -n {target.namespace}" if target.namespace else "",
        "labels": target.labels,
        "port": target.port,
        "service_port": (target.port.number if target.port else None) or 80,
        "target_port": target.port.target if target.port else None,
        "port_name": (target.port.name if target.port else "") or "http",
        "selector": target.service.object.selector if target.service else target.deployment.object.selector,
    }


def create(params: StrategiesParams, targets: list[Target]) -> Creation:
    """The Rollout of each environment, its Services, its analysis, and how they join what is applied."""
    parts = [canary(params, target) for target in targets]
    first = targets[0]
    steps = " → ".join(f"{weight} %" for weight in weights(params))
    where = ", ".join(t.environment for t in targets if t.environment) or first.folder
    return Creation(
        Text(
            f"Canary of {first.name} with Argo Rollouts ({where}): {steps}, derived from {first.deployment.path}.",
            f"Canary de {first.name} avec Argo Rollouts ({where}) : {steps}, dérivé de {first.deployment.path}.",
        ),
        files=tuple(file for part in parts for file in part.files),
        edits=tuple(dict.fromkeys(edit for part in parts for edit in part.edits)),
        next_steps=tuple(dict.fromkeys(note for part in parts for note in part.notes)),
    )


def weights(params: StrategiesParams) -> tuple[int, ...]:
    """The asked shares, the whole traffic left to the end of the rollout where it was not asked."""
    return params.steps or DEFAULT_STEPS


def canary(params: StrategiesParams, target: Target) -> Part:
    """One environment's canary."""
    found = router.find(target)
    asked = weights(params)
    signals = metrics.of(target.component.metrics_library if target.component else None)
    health = target.component.health if target.component else None
    check = "prometheus" if signals else "web" if health and target.port else None
    names = [file_name(target, stem) for stem in ("rollout", "rollout-services", "rollout-analysis")]
    shared = common(target) | {
        "stable": stable_service(target, found),
        "canary": final_name(target, "-canary"),
        "local_stable": local_name(target, "-stable"),
        "local_canary": local_name(target, "-canary"),
        "health": health,
        "check": check,
        "has_service": target.service is not None,
    }
    files = [_rollout(params, target, found, shared, asked, names[0])]
    if target.service:
        files.append(
            _file(target, names[1], render(__package__, "rollout-services.yaml", own_stable=found is None, **shared))
        )
    if check:
        files.append(_file(target, names[2], analysis(target, shared, None)))
    edits, patches = _wiring(target, found, shared)
    local = [posixpath.basename(file.path) for file in files]
    return Part(
        tuple(files),
        (*wiring.join(target, local, patches), *edits),
        tuple(notes.canary(target, found, asked, check)),
    )


def stable_service(target: Target, found: Router | None) -> str:
    """The Service of the stable pods: the existing one where a router sends traffic to it, else one of its own."""
    if found and target.service:
        return target.final(target.service)
    return final_name(target, "-stable")


def _file(target: Target, name: str, content: str) -> File:
    return File(posixpath.normpath(posixpath.join(target.folder, name)), content)


def _rollout(
    params: StrategiesParams,
    target: Target,
    found: Router | None,
    shared: dict[str, object],
    asked: tuple[int, ...],
    name: str,
) -> File:
    pods = target.replicas or 1
    steps = [
        {"weight": weight, "reached": router.reached(pods, weight) if not found and not target.autoscaler else weight}
        for weight in asked
    ]
    content = render(
        __package__, "rollout-canary.yaml", router=found, steps=steps, pause=params.pause or DEFAULT_PAUSE,
        replicas=None if target.autoscaler else pods, said=target.replicas is not None,
        route=target.final(found.manifest) if found else None, autoscaler=target.autoscaler,
        exact=router.replicas_for(asked), **shared,
    )  # fmt: skip
    return _file(target, name, content)


def analysis(target: Target, shared: dict[str, object], count: int | None, suffix: str = "") -> str:
    """The AnalysisTemplate; `count` measurements, or as many as the rollout lasts."""
    library = target.component.metrics_library if target.component else None
    signals = metrics.of(library)
    selector = 'namespace="{{args.namespace}}", pod=~"{{args.rollout}}-{{args.new-hash}}-.*"'
    where, evidence = address.prometheus(target.project)
    return render(
        __package__, "rollout-analysis.yaml", count=count, suffix=suffix, address=where,
        conventional=evidence.startswith("convention"), signals=signals, library=library,
        error_ratio=metrics.error_ratio(signals, selector).splitlines() if signals else None,
        latency=(metrics.latency(signals, selector) or "").splitlines() if signals else None,
        **shared,
    )  # fmt: skip


def _wiring(target: Target, found: Router | None, shared: dict[str, object]) -> tuple[list[Edit], list[str]]:
    edits, patches = wiring.release_replicas(target)
    more_edits, more = wiring.retarget_autoscaler(target, "Rollout", wiring.ROLLOUT)
    edits += more_edits
    patches += more
    if found and found.backends is not None:
        entry = (
            f"name: {shared['canary']}\nport: {shared['service_port']}\nweight: 0"
            if found.kind == "gateway-api"
            else f"destination:\n  host: {shared['canary']}\nweight: 0"
        )
        more_edits, more = wiring.add_backend(
            target, found.manifest, found.backends, found.pointer, entry, found.kind == "istio"
        )
        edits += more_edits
        patches += more
    return edits, patches
