"""What to do after the files are there: commands, migration order, what the repository could not say."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.domains.deployment.strategies import address, router
from devops_orchestrator.domains.deployment.strategies.router import Router
from devops_orchestrator.domains.deployment.strategies.workload import Target
from devops_orchestrator.text import Text


def apply_command(target: Target) -> str:
    """How the target's folder is applied."""
    return f"kubectl apply -k {target.folder}" if target.root else f"kubectl apply -f {target.folder}"


def canary(target: Target, found: Router | None, weights: tuple[int, ...], check: str | None) -> Iterator[Text]:
    """What comes next with a canary by Argo Rollouts."""
    yield from first_apply(target)
    if found is None:
        yield from _granularity(target, weights)
    else:
        yield from _router(found)
    yield from watching(target, check)
    yield from abort(target)
    yield from migrations(target)


def first_apply(target: Target) -> Iterator[Text]:
    """How the Rollout takes over a Deployment that already serves."""
    flag = f" -n {target.namespace}" if target.namespace else ""
    name = target.name
    if target.replicas is not None and target.replicas > 1:
        yield Text(
            f"If {name} already runs in the cluster: first `kubectl apply edit-last-applied deployment/{name}{flag}` and delete the line "
            f"`replicas`, then `{apply_command(target)}`. Without that the Deployment drops to one pod while the Rollout starts.",
            f"Si {name} tourne déjà dans le cluster : d'abord `kubectl apply edit-last-applied deployment/{name}{flag}` en supprimant la ligne "
            f"`replicas`, puis `{apply_command(target)}`. Sans cela, le Deployment tombe à un seul pod pendant que le Rollout démarre.",
        )
    if target.autoscaler:
        yield Text(
            f"Once the autoscaler has brought the Rollout up to size: `kubectl scale deployment/{name} --replicas=0{flag}`.",
            f"Quand l'autoscaler a amené le Rollout à sa taille : `kubectl scale deployment/{name} --replicas=0{flag}`.",
        )


def _granularity(target: Target, weights: tuple[int, ...]) -> Iterator[Text]:
    if target.autoscaler:
        yield Text(
            "Nothing in front splits the traffic: the share of the canary is its share of the pods, so it depends on how many the autoscaler runs.",
            "Rien en amont ne répartit le trafic : la part du canary est sa part des pods, et dépend donc du nombre que l'autoscaler fait tourner.",
        )
        return
    pods = target.replicas or 1
    exact = router.replicas_for(weights)
    seen = [(weight, router.reached(pods, weight)) for weight in weights]
    off = [f"{weight} % → {real} %" for weight, real in seen if real != weight]
    if off:
        yield Text(
            f"With {pods} pod{'s' if pods > 1 else ''} and nothing that splits the traffic, the steps become {', '.join(off)}. "
            f"Exact shares take {exact} pods, or a route of the Gateway API in front (`devops do kubernetes/services --set kind=gateway`).",
            f"Avec {pods} pod{'s' if pods > 1 else ''} et rien qui répartisse le trafic, les étapes deviennent {', '.join(off)}. "
            f"Des parts exactes demandent {exact} pods, ou une route de la Gateway API en amont (`devops do kubernetes/services --set kind=gateway`).",
        )


def _router(found: Router) -> Iterator[Text]:
    name = found.manifest.object.name
    if found.kind == "nginx":
        yield retired(name)
    elif found.kind == "gateway-api":
        yield Text(
            "Register the Gateway API plugin (argoproj-labs/gatewayAPI) in the ConfigMap argo-rollouts-config and let the controller edit HTTPRoutes: "
            "https://rollouts-plugin-trafficrouter-gatewayapi.readthedocs.io/en/latest/installation/",
            "Déclarez le plugin Gateway API (argoproj-labs/gatewayAPI) dans le ConfigMap argo-rollouts-config et autorisez le contrôleur à modifier les HTTPRoutes : "
            "https://rollouts-plugin-trafficrouter-gatewayapi.readthedocs.io/en/latest/installation/",
        )
    if found.kind in ("gateway-api", "istio"):
        yield Text(
            f"The controller changes the weights of {found.manifest.object.kind}/{name}: if Argo CD syncs it, ignore the differences of its weights.",
            f"Le contrôleur modifie les poids de {found.manifest.object.kind}/{name} : si Argo CD le synchronise, ignorez les différences sur ces poids.",
        )


def retired(ingress: str) -> Text:
    """What stands behind an Ingress of ingress-nginx."""
    return Text(
        f"The weights go through the Ingress {ingress} of ingress-nginx, which has been retired since March 2026 (no security fix any more): "
        "plan the move to a Gateway API implementation.",
        f"Les poids passent par l'Ingress {ingress} d'ingress-nginx, projet arrêté depuis mars 2026 (plus aucun correctif de sécurité) : "
        "prévoyez le passage à une implémentation de la Gateway API.",
    )


def watching(target: Target, check: str | None) -> Iterator[Text]:
    """What the analysis rests on."""
    where, evidence = address.prometheus(target.project)
    if check == "prometheus" and evidence.startswith("convention"):
        yield Text(
            f"Check the address of Prometheus: {where} is the name that the Prometheus Operator gives; nothing in the repository says another. "
            "The series must carry the labels namespace and pod.",
            f"Vérifiez l'adresse de Prometheus : {where} est le nom que donne le Prometheus Operator ; rien dans le dépôt n'en indique un autre. "
            "Les séries doivent porter les labels namespace et pod.",
        )
    if check == "web":
        yield Text(
            "The application exports no HTTP metric: the analysis only asks its health route. Instrument it (`devops do monitoring/prometheus`), "
            "then create the canary again to judge errors and latency.",
            "L'application n'exporte aucune métrique HTTP : l'analyse n'interroge que sa route de santé. Instrumentez-la "
            "(`devops do monitoring/prometheus`), puis recréez le canary pour juger erreurs et latence.",
        )
    if check is None:
        yield Text(
            "Neither a metric nor a health route to judge the new version by: the first step waits for you. Instrument the application "
            "(`devops do monitoring/prometheus`) to let metrics decide.",
            "Ni métrique ni route de santé pour juger la nouvelle version : la première étape vous attend. Instrumentez l'application "
            "(`devops do monitoring/prometheus`) pour laisser les métriques décider.",
        )


def abort(target: Target) -> Iterator[Text]:
    """How a version is taken back."""
    flag = f" -n {target.namespace}" if target.namespace else ""
    yield Text(
        f"To take a version back: `kubectl argo rollouts abort {target.name}{flag}`, then put the former image back into the Deployment "
        "(the Rollout stays Degraded until the manifest says the stable version again).",
        f"Pour retirer une version : `kubectl argo rollouts abort {target.name}{flag}`, puis remettez l'ancienne image dans le Deployment "
        "(le Rollout reste Degraded tant que le manifeste ne redit pas la version stable).",
    )


def migrations(target: Target) -> Iterator[Text]:
    """The order of a schema change, where the application has migrations."""
    command = target.component.migrate if target.component else None
    if not command:
        return
    yield Text(
        f"Two versions run side by side, on one database: change the schema in three releases. 1) expand: `{command}` only adds "
        "(nullable columns, new tables, indexes built concurrently), the old version keeps working; 2) the new version writes both, a job "
        "backfills; 3) contract: one release later, once no old pod and no rollback needs it, drop what is unused.",
        f"Deux versions tournent côte à côte sur une même base : changez le schéma en trois livraisons. 1) étendre : `{command}` ne fait "
        "qu'ajouter (colonnes nullables, nouvelles tables, index construits sans verrou), l'ancienne version continue de marcher ; 2) la nouvelle "
        "version écrit les deux, un job reprend l'existant ; 3) réduire : une livraison plus tard, quand ni un ancien pod ni un retour arrière "
        "n'en a besoin, supprimez ce qui ne sert plus.",
    )
