"""A Canary object of Flagger: weights where something splits the traffic, else blue-green by the Service."""

from __future__ import annotations

import posixpath

from devops_orchestrator.core.change import Creation, File
from devops_orchestrator.core.rule import Edit
from devops_orchestrator.domains.deployment.strategies import address, metrics, notes, router, wiring
from devops_orchestrator.domains.deployment.strategies.canary import (
    DEFAULT_PAUSE,
    Part,
    common,
    file_name,
    final_name,
    weights,
)
from devops_orchestrator.domains.deployment.strategies.params import StrategiesParams
from devops_orchestrator.domains.deployment.strategies.router import Router
from devops_orchestrator.domains.deployment.strategies.workload import Target
from devops_orchestrator.formats.template import render
from devops_orchestrator.text import Text

# Flagger's own name of each router, and whether its built-in metrics exist there.
PROVIDERS = {"nginx": "nginx", "gateway-api": "gatewayapi:v1", "istio": "istio"}
BUILT_IN = ("nginx", "istio")


def create(params: StrategiesParams, targets: list[Target], *, weighted: bool) -> Creation:
    """The Canary of each environment. `weighted` is False for blue-green."""
    first = targets[0]
    found = [router.find(target) for target in targets]
    if weighted and not all(found):
        return _nothing_splits(first)
    if not _measured(first, found[0] if weighted else None):
        return _nothing_measured(first)
    parts = [
        _environment(params, target, route if weighted else None) for target, route in zip(targets, found, strict=True)
    ]
    steps = " → ".join(f"{weight} %" for weight in weights(params))
    return Creation(
        Text(
            f"Canary of {first.name} with Flagger: {steps}."
            if weighted
            else f"Blue-green of {first.name} with Flagger.",
            f"Canary de {first.name} avec Flagger : {steps}."
            if weighted
            else f"Blue-green de {first.name} avec Flagger.",
        ),
        files=tuple(file for part in parts for file in part.files),
        edits=tuple(dict.fromkeys(edit for part in parts for edit in part.edits)),
        next_steps=tuple(dict.fromkeys(note for part in parts for note in part.notes)),
    )


def _nothing_splits(target: Target) -> Creation:
    return Creation(
        Text("Nothing written.", "Rien n'a été écrit."),
        question=Text(
            f"Flagger moves traffic by weights through a mesh, an Ingress or the Gateway API, and nothing in the repository sends traffic to {target.name} that way. "
            "Shall Argo Rollouts do it by the number of pods, shall Flagger do a blue-green, or does a route come first?",
            f"Flagger déplace le trafic par poids via un service mesh, un Ingress ou la Gateway API, et rien dans le dépôt n'amène ainsi du trafic à {target.name}. "
            "Faut-il laisser Argo Rollouts jouer sur le nombre de pods, faire un blue-green avec Flagger, ou créer d'abord une route ?",
        ),
        options=("controller=argo-rollouts", "strategy=blue-green", "devops do kubernetes/services --set kind=gateway"),
    )


def _measured(target: Target, found: Router | None) -> bool:
    """Whether Flagger has something to judge a version by."""
    signals = metrics.of(target.component.metrics_library if target.component else None)
    return signals is not None or (found is not None and found.kind in BUILT_IN)


def _nothing_measured(target: Target) -> Creation:
    return Creation(
        Text("Nothing written.", "Rien n'a été écrit."),
        question=Text(
            f"Flagger promotes by metrics alone, and {target.name} exports no HTTP metric. Instrument it first, or let Argo Rollouts ask its health route and wait for you?",
            f"Flagger ne promeut que sur des métriques, et {target.name} n'exporte aucune métrique HTTP. Faut-il l'instrumenter d'abord, ou laisser Argo Rollouts interroger sa route de santé et vous attendre ?",
        ),
        options=("devops do monitoring/prometheus", "controller=argo-rollouts"),
    )


def _taken_over(target: Target, found: Router | None) -> list[str]:
    """Patches that take out of Git what Flagger writes itself: each apply would undo its switch of the traffic."""
    owned = [target.service] if target.service else []
    if found and found.kind in ("gateway-api", "istio"):
        owned.append(found.manifest)
    return [
        f"target:\n  kind: {m.object.kind}\n  name: {m.object.name}\n"
        "# Flagger writes this one: applied from Git as well, it would send the traffic to pods that are scaled to 0.\n"
        f"patch: |-\n  $patch: delete\n  apiVersion: {m.object.api_version}\n  kind: {m.object.kind}\n  metadata:\n    name: {m.object.name}"
        for m in owned
    ]


def _environment(params: StrategiesParams, target: Target, found: Router | None) -> Part:
    library = target.component.metrics_library if target.component else None
    signals = metrics.of(library)
    # Flagger renames the pods that serve to NAME-primary-…: what is left under NAME-… is the canary.
    selector = 'namespace="{{ namespace }}", pod=~"{{ target }}-[0-9a-z]+-[0-9a-z]+"'
    built_in = found is not None and found.kind in BUILT_IN
    where, evidence = address.prometheus(target.project)
    asked = tuple(weight for weight in weights(params) if weight < 100) or (50,)
    gateways = (
        found.manifest.object.at("spec", "parentRefs", default=[]) if found and found.kind == "gateway-api" else []
    )
    shared = common(target) | {
        "provider": PROVIDERS[found.kind] if found else "kubernetes",
        "router": found,
        "route": found.manifest.object.name if found else None,
        "hosts": found.manifest.object.at("spec", "hostnames", default=[])
        if found and found.kind == "gateway-api"
        else [],
        "gateways": gateways if isinstance(gateways, list) else [],
        "steps": asked,
        "interval": params.pause or ("1m" if not found else DEFAULT_PAUSE),
        "autoscaler": target.autoscaler,
        "built_in": built_in,
        "signals": signals if not built_in else None,
        "errors_name": final_name(target, "-error-ratio"),
        "latency_name": final_name(target, "-latency"),
        "library": library,
        "address": where,
        "conventional": evidence.startswith("convention"),
        "error_ratio": metrics.error_ratio(signals, selector).splitlines() if signals else [],
        "latency": (metrics.latency(signals, selector) or "").splitlines() if signals else [],
    }
    texts = [(file_name(target, "canary"), render(__package__, "flagger-canary.yaml", **shared))]
    if shared["signals"]:
        texts.append((file_name(target, "canary-metrics"), render(__package__, "flagger-metrics.yaml", **shared)))
    files = tuple(File(posixpath.normpath(posixpath.join(target.folder, name)), text) for name, text in texts)
    edits: list[Edit] = list(wiring.join(target, [name for name, _ in texts], _taken_over(target, found)))
    return Part(files, tuple(edits), tuple(_notes(target, found)))


def _notes(target: Target, found: Router | None) -> list[Text]:
    flag = f" -n {target.namespace}" if target.namespace else ""
    name = target.name
    owned = [f"Service/{name}"]
    if found and found.kind in ("gateway-api", "istio"):
        owned.append(f"{found.manifest.object.kind}/{found.manifest.object.name}")
    listed = ", ".join(owned)
    told = [
        Text(
            f"Flagger makes {name}-primary, which serves, scales {name} to 0 between two releases, and writes {listed} itself. "
            + (
                "They leave the kustomization; where something prunes (Argo CD, Flux), keep them in the cluster first: "
                f"`kubectl annotate {owned[0].lower()} argocd.argoproj.io/sync-options=Prune=false kustomize.toolkit.fluxcd.io/prune=disabled{flag}`."
                if target.root
                else f"Take them out of {target.folder}: each apply would undo its switch."
            ),
            f"Flagger crée {name}-primary, qui sert le trafic, met {name} à 0 entre deux versions, et écrit lui-même {listed}. "
            + (
                "Ils sortent de la kustomization ; là où un outil purge (Argo CD, Flux), gardez-les d'abord dans le cluster : "
                f"`kubectl annotate {owned[0].lower()} argocd.argoproj.io/sync-options=Prune=false kustomize.toolkit.fluxcd.io/prune=disabled{flag}`."
                if target.root
                else f"Retirez-les de {target.folder} : chaque apply déferait sa bascule."
            ),
        ),
        Text(
            f"Follow: `kubectl get canary/{name}{flag} --watch` and `kubectl describe canary/{name}{flag}`. "
            "To take a version back, put the former image back: Flagger returns the traffic by itself when its checks fail.",
            f"Suivre : `kubectl get canary/{name}{flag} --watch` et `kubectl describe canary/{name}{flag}`. "
            "Pour retirer une version, remettez l'ancienne image : Flagger rend le trafic de lui-même quand ses contrôles échouent.",
        ),
    ]
    if found and found.kind == "nginx":
        told.append(notes.retired(found.manifest.object.name))
    evidence = address.prometheus(target.project)[1]
    if evidence.startswith("convention") and not (found and found.kind in BUILT_IN):
        told += list(notes.watching(target, "prometheus"))
    return [*told, *notes.migrations(target)]
