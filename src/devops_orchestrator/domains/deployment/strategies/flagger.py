"""A Canary object of Flagger: weights where something splits the traffic, else blue-green by the Service."""

from __future__ import annotations

import posixpath

from devops_orchestrator.core.change import Creation, File
from devops_orchestrator.core.rule import Edit
from devops_orchestrator.domains.deployment.strategies import address, metrics, notes, router, wiring
from devops_orchestrator.domains.deployment.strategies.canary import DEFAULT_PAUSE, Part, common, file_name, final_name, weights
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
    parts = [_environment(params, target, route if weighted else None) for target, route in zip(targets, found, strict=True)]
    steps = " → ".join(f"{weight} %" for weight in weights(params))
    return Creation(
        Text(
            f"Canary of {first.name} with Flagger: {steps}." if weighted else f"Blue-green of {first.name} with Flagger.",
            f"Canary de {first.name} avec Flagger : {steps}." if weighted else f"Blue-green de {first.name} avec Flagger.",
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


def _environment(params: StrategiesParams, target: Target, found: Router | None) -> Part:
    library = target.component.metrics_library if target.component else None
    signals = metrics.of(library)
    # Flagger renames the pods that serve to NAME-primary-…: what is left under NAME-… is the canary.
    selector = 'namespace="{{ namespace }}", pod=~"{{ target }}-[0-9a-z]+-[0-9a-z]+"'
    built_in = found is not None and found.kind in BUILT_IN
    where, evidence = address.prometheus(target.project)
    asked = tuple(weight for weight in weights(params) if weight < 100) or (50,)
    gateways = found.manifest.object.at("spec", "parentRefs", default=[]) if found and found.kind == "gateway-api" else []
    shared = common(target) | {
        "provider": PROVIDERS[found.kind] if found else "kubernetes",
        "router": found,
        "route": found.manifest.object.name if found else None,
        "hosts": found.manifest.object.at("spec", "hostnames", default=[]) if found and found.kind == "gateway-api" else [],
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
    edits: list[Edit] = list(wiring.join(target, [name for name, _ in texts], []))
    return Part(files, tuple(edits), tuple(_notes(target, found, bool(shared["signals"] or built_in))))


def _notes(target: Target, found: Router | None, measured: bool) -> list[Text]:
    flag = f" -n {target.namespace}" if target.namespace else ""
    told = [
        Text(
            f"Flagger makes {target.name}-primary, which serves, and scales {target.name} to 0 between two releases. It takes the Service {target.name} over; "
            "if Argo CD syncs it, ignore the differences of its selector and of the Deployment's replicas.",
            f"Flagger crée {target.name}-primary, qui sert le trafic, et met {target.name} à 0 entre deux versions. Il reprend le Service {target.name} ; "
            "si Argo CD le synchronise, ignorez les différences de son sélecteur et des replicas du Deployment.",
        ),
        Text(
            f"Follow: `kubectl get canary/{target.name}{flag} --watch` and `kubectl describe canary/{target.name}{flag}`. "
            "To take a version back, put the former image back: Flagger returns the traffic by itself when its checks fail.",
            f"Suivre : `kubectl get canary/{target.name}{flag} --watch` et `kubectl describe canary/{target.name}{flag}`. "
            "Pour retirer une version, remettez l'ancienne image : Flagger rend le trafic de lui-même quand ses contrôles échouent.",
        ),
    ]
    if found and found.kind in ("gateway-api", "istio"):
        kind, name = found.manifest.object.kind, found.manifest.object.name
        told.append(
            Text(
                f"Flagger writes its own {kind} named {target.name}: once it is there, remove {kind}/{name}, or both would route the same hosts.",
                f"Flagger écrit son propre {kind} nommé {target.name} : une fois créé, retirez {kind}/{name}, sinon les deux routeraient les mêmes hôtes.",
            )
        )
    if not measured:
        told += list(notes.watching(target, None if not (target.component and target.component.health) else "web"))
    return [*told, *notes.migrations(target)]
