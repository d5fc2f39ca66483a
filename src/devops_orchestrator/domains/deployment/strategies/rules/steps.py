"""The steps of a canary and the switch of a blue-green: who watches, what really happens."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Severity, Source, rule
from devops_orchestrator.domains.deployment.strategies import router
from devops_orchestrator.domains.deployment.strategies.rules import place
from devops_orchestrator.domains.deployment.strategies.rules.rollout import DOCS, _scalers
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.kubernetes import Object
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

# A share that differs by less than this is not worth a word.
TOLERANCE = 5


def _steps(item: Object) -> list[Node]:
    steps = item.get("spec", "strategy", "canary", "steps")
    return list(steps.children()) if steps is not None else []


def _weights(item: Object) -> list[tuple[Node, int]]:
    """The weights of a Rollout or of a Canary's `stepWeights`, in order."""
    if item.kind == "Canary":
        listed = item.get("spec", "analysis", "stepWeights")
        nodes = list(listed.children()) if listed is not None else []
    else:
        nodes = [node for step in _steps(item) if (node := step.get("setWeight")) is not None]
    return [(node, node.value) for node in nodes if isinstance(node.value, int)]


def _pause(step: Node) -> tuple[Node, Node] | None:
    """The key and the value of a pause without an end."""
    pair = step.pair("pause") if step.kind == "map" else None
    if pair is None or (isinstance(pair[1].value, dict) and pair[1].value.get("duration") is not None):
        return None
    return pair


def _analysed(item: Object) -> bool:
    canary = item.get("spec", "strategy", "canary")
    if canary is None or canary.get("analysis") is not None:
        return True
    return any(
        step.get("analysis") is not None
        or step.get("experiment", "analyses") is not None
        or step.get("plugin") is not None
        for step in _steps(item)
    )


@rule(
    "strategies/unwatched-canary", Severity.WARNING, on="kubernetes", url=DOCS + "features/analysis/",
    title=Text("A canary that nothing and nobody judges", "Un canary que rien ni personne ne juge"),
    advice=Text(
        "The weights rise by the clock: a version that fails for a tenth of the users goes on to all of them. A canary without analysis and "
        "without a pause for somebody is a slow rolling update.",
        "Les poids montent à l'horloge : une version qui échoue pour un dixième des utilisateurs finit chez tous. Un canary sans analyse ni "
        "pause pour un humain n'est qu'un rolling update lent.",
    ),
)  # fmt: skip
def unwatched_canary(source: Source, project: Project) -> Iterator[Hit]:
    for item in place.rollouts(source, project):
        pair = (item.get("spec", "strategy") or item.node).pair("canary")
        if pair is None or not _weights(item) or _analysed(item) or any(_pause(step) for step in _steps(item)):
            continue
        yield place.hit(pair[0], Text(
            f"The Rollout {item.name} has neither an analysis nor a pause without an end.",
            f"Le Rollout {item.name} n'a ni analyse, ni pause sans fin.",
        ))  # fmt: skip
    for item in place.objects(source, project, "Canary", "flagger.app"):
        node = item.get("spec", "analysis") or item.get("spec", "canaryAnalysis")
        if (
            node is not None
            and not node.at("metrics")
            and not node.at("webhooks")
            and item.at("spec", "skipAnalysis") is not True
        ):
            yield place.hit(node, Text(
                f"The Canary {item.name} has neither metrics nor webhooks: only the readiness of its pods stops it.",
                f"Le Canary {item.name} n'a ni métriques ni webhooks : seule la readiness de ses pods l'arrête.",
            ))  # fmt: skip


@rule(
    "strategies/endless-pause", Severity.INFO, on="kubernetes", url=DOCS + "features/canary/",
    title=Text("A pause without an end, and no word of it", "Une pause sans fin, et rien qui le dise"),
    advice=Text(
        "The rollout stands still until somebody promotes it. Whoever does not know that waits for a release that never comes; a comment says what is expected.",
        "Le déploiement s'arrête jusqu'à ce que quelqu'un le promeuve. Qui l'ignore attend une version qui ne vient pas ; un commentaire dit ce qui est attendu.",
    ),
)  # fmt: skip
def endless_pause(source: Source, project: Project) -> Iterator[Hit]:
    for item in place.rollouts(source, project):
        for step in _steps(item):
            pair = _pause(step)
            if pair is None or place.commented(pair[0]):
                continue
            at = place.end_of_line(pair[0])
            fix = None if step.flow else Fix(
                (source.edit(at, at, f" # waits for: kubectl argo rollouts promote {item.name}".rstrip()),), True,
                Text("Say in a comment what the pause waits for", "Dire en commentaire ce que la pause attend"),
            )  # fmt: skip
            yield place.hit(pair[0], Text(
                f"The Rollout {item.name} waits here for `kubectl argo rollouts promote {item.name}`.",
                f"Le Rollout {item.name} attend ici `kubectl argo rollouts promote {item.name}`.",
            ), fix)  # fmt: skip


@rule(
    "strategies/weights-not-rising", Severity.WARNING, on="kubernetes", url=DOCS + "features/canary/",
    title=Text("A step does not send more traffic than the one before", "Une étape n'envoie pas plus de trafic que la précédente"),
    advice=Text(
        "A weight that stays or falls takes traffic from a version that has just passed, and makes the release longer for nothing; mostly it is a typing error.",
        "Un poids qui stagne ou baisse retire du trafic à une version qui vient de passer et rallonge la livraison pour rien ; c'est le plus souvent une faute de frappe.",
    ),
)  # fmt: skip
def weights_not_rising(source: Source, project: Project) -> Iterator[Hit]:
    for item in (*place.rollouts(source, project), *place.objects(source, project, "Canary", "flagger.app")):
        found = _weights(item)
        for (_, before), (node, after) in pairwise(found):
            if after <= before and after != 0:
                yield place.hit(node, Text(f"{after} % comes after {before} %.", f"{after} % vient après {before} %."))


@rule(
    "strategies/last-leap", Severity.INFO, on="kubernetes", url=DOCS + "features/canary/",
    title=Text("From a small share straight to everybody", "D'une petite part à tout le monde d'un coup"),
    advice=Text(
        "After the last step the version goes to all users at once. What breaks under load (pools, caches, locks) shows at half of the traffic, not at a tenth.",
        "Après la dernière étape, la version passe d'un coup à tous. Ce qui casse sous charge (pools, caches, verrous) se voit à la moitié du trafic, pas au dixième.",
    ),
)  # fmt: skip
def last_leap(source: Source, project: Project) -> Iterator[Hit]:
    for item in place.rollouts(source, project):
        found = _weights(item)
        if found and 0 < found[-1][1] <= 25:
            yield place.hit(found[-1][0], Text(
                f"The last step of {item.name} is {found[-1][1]} %; the next one is 100 %.",
                f"La dernière étape de {item.name} est à {found[-1][1]} % ; la suivante est 100 %.",
            ))  # fmt: skip


@rule(
    "strategies/unreachable-weight", Severity.WARNING, on="kubernetes", url=DOCS + "features/canary/",
    title=Text("A weight that the number of pods cannot give", "Un poids que le nombre de pods ne permet pas"),
    advice=Text(
        "Without an Ingress, a mesh or the Gateway API that splits the traffic, the share of the canary is its share of the pods, and never less than one pod.",
        "Sans Ingress, service mesh ou Gateway API pour répartir le trafic, la part du canary est sa part des pods, et jamais moins d'un pod.",
    ),
)  # fmt: skip
def unreachable_weight(source: Source, project: Project) -> Iterator[Hit]:
    for item in place.rollouts(source, project):
        canary = item.get("spec", "strategy", "canary")
        replicas = item.replicas if item.get("spec", "replicas") is not None else 1
        if canary is None or canary.get("trafficRouting") is not None or not replicas:
            continue
        if any(kind == "Rollout" and name == item.name for _, kind, name in _scalers(source, project)):
            continue
        surge = canary.at("maxSurge") not in (0, "0", "0%")
        for node, weight in _weights(item):
            real = router.reached(replicas, weight, surge)
            if abs(real - weight) <= TOLERANCE or place.commented(node):
                continue
            at = place.end_of_line(node)
            pods = f"{replicas} pod{'s' if replicas > 1 else ''}"
            fix = Fix(
                (source.edit(at, at, f" # {pods}: about {real} %"),), True,
                Text("Say in a comment what the weight becomes", "Dire en commentaire ce que devient le poids"),
            )  # fmt: skip
            yield place.hit(node, Text(
                f"With {pods} and no traffic routing, {weight} % becomes about {real} %.",
                f"Avec {pods} et sans répartition du trafic, {weight} % devient environ {real} %.",
            ), fix)  # fmt: skip


@rule(
    "strategies/unwatched-promotion", Severity.WARNING, on="kubernetes", url=DOCS + "features/bluegreen/#autopromotionenabled",
    title=Text("A blue-green that switches by itself, unjudged", "Un blue-green qui bascule seul, sans jugement"),
    advice=Text(
        "autoPromotionEnabled is true where it is not said: as soon as the new pods are ready all users are on them, and the preview served for nothing.",
        "autoPromotionEnabled vaut true quand il n'est pas dit : dès que les nouveaux pods sont prêts, tous les utilisateurs y sont, et la prévisualisation n'a servi à rien.",
    ),
)  # fmt: skip
def unwatched_promotion(source: Source, project: Project) -> Iterator[Hit]:
    for item in place.rollouts(source, project):
        strategy = item.get("spec", "strategy")
        pair = strategy.pair("blueGreen") if strategy is not None else None
        if pair is None or pair[1].kind != "map":
            continue
        node = pair[1]
        watched = any(node.get(key) is not None for key in ("prePromotionAnalysis", "postPromotionAnalysis"))
        if watched or node.at("autoPromotionEnabled") is False or node.at("autoPromotionSeconds"):
            continue
        written = node.get("autoPromotionEnabled")
        change = yaml.replace(written, "false") if written is not None else None
        if change is None and not node.flow and list(node.items()):
            change = yaml.insert_after_key(
                node,
                "previewService" if node.pair("previewService") else "activeService",
                "autoPromotionEnabled: false",
            )
        fix = place.unsafe(
            source, [change], Text("Wait for a promotion", "Attendre une promotion"),
            Text(f"Somebody, or the pipeline, then runs `kubectl argo rollouts promote {item.name}`.",
                 f"Quelqu'un, ou le pipeline, lance ensuite `kubectl argo rollouts promote {item.name}`."),
        ) if change else None  # fmt: skip
        yield place.hit(pair[0], Text(
            f"The Rollout {item.name} promotes every version as soon as its pods are ready.",
            f"Le Rollout {item.name} promeut chaque version dès que ses pods sont prêts.",
        ), fix)  # fmt: skip


@rule(
    "strategies/stuck-not-aborted", Severity.INFO, on="kubernetes", url=DOCS + "features/specification/",
    title=Text("A rollout that is stuck keeps its share of the traffic", "Un déploiement bloqué garde sa part du trafic"),
    advice=Text(
        "When new pods never become ready, the Rollout is only marked Degraded after progressDeadlineSeconds; with progressDeadlineAbort it goes back by itself.",
        "Quand de nouveaux pods ne deviennent jamais prêts, le Rollout est seulement marqué Degraded après progressDeadlineSeconds ; avec progressDeadlineAbort, il revient en arrière de lui-même.",
    ),
)  # fmt: skip
def stuck_not_aborted(source: Source, project: Project) -> Iterator[Hit]:
    for item in place.rollouts(source, project):
        spec = item.get("spec")
        pair = item.node.pair("spec")
        if (
            spec is None
            or pair is None
            or spec.flow
            or item.get("spec", "strategy") is None
            or spec.pair("progressDeadlineAbort")
        ):
            continue
        after = next(
            (key for key in ("progressDeadlineSeconds", "revisionHistoryLimit", "replicas") if spec.pair(key)), None
        )
        fix = place.unsafe(
            source, [yaml.insert_after_key(spec, after, "progressDeadlineAbort: true")],
            Text("Abort after progressDeadlineSeconds", "Abandonner après progressDeadlineSeconds"),
            Text("progressDeadlineSeconds (600 s by default) must be longer than the slowest start of a pod.",
                 "progressDeadlineSeconds (600 s par défaut) doit dépasser le plus lent démarrage d'un pod."),
        )  # fmt: skip
        yield place.hit(pair[0], Text(
            f"The Rollout {item.name} does not abort when its new pods never become ready.",
            f"Le Rollout {item.name} n'abandonne pas quand ses nouveaux pods ne deviennent jamais prêts.",
        ), fix)  # fmt: skip


RULES = (
    unwatched_canary, endless_pause, weights_not_rising, last_leap, unreachable_weight, unwatched_promotion, stuck_not_aborted,
)  # fmt: skip
