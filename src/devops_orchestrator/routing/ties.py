"""The tie rules of the catalog: each a named function of the words that were said; the first that decides wins.

A rule sees the words between blanks, folded (" helm chart for kubernetes "), and names a label or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

Rule = Callable[[str], str | None]

# What a request may hold beside a bare name without asking for anything else.
_AROUND = frozenset(
    [
        "a",
        "an",
        "the",
        "un",
        "une",
        "le",
        "la",
        "les",
        "l",
        "d",
        "de",
        "du",
        "des",
        "en",
        "mon",
        "ma",
        "mes",
        "notre",
        "nos",
        "my",
        "our",
        "us",
        "nous",
        "moi",
        "me",
        "i",
        "we",
        "je",
        "j",
        "on",
        "ai",
        "il",
        "y",
        "for",
        "pour",
        "with",
        "avec",
        "of",
        "sur",
        "to",
        "in",
        "projet",
        "project",
        "app",
        "appli",
        "application",
        "repo",
        "depot",
        "team",
        "equipe",
        "please",
        "svp",
        "stp",
        "merci",
        "thanks",
        "bonjour",
        "hello",
        "hi",
        "need",
        "needs",
        "besoin",
        "veux",
        "voudrais",
        "want",
        "would",
        "like",
        "aide",
        "aider",
        "aidez",
        "help",
        "configurer",
        "configure",
        "configuration",
        "mettre",
        "place",
        "mets",
        "set",
        "up",
        "setup",
        "installer",
        "install",
        "installation",
        "utiliser",
        "use",
        "using",
        "creer",
        "create",
        "ajouter",
        "add",
        "faut",
        "faire",
        "implementer",
        "implement",
        "could",
        "can",
        "you",
        "tu",
        "vous",
        "peux",
        "pouvez",
        "now",
        "maintenant",
        "new",
        "nouveau",
        "nouvelle",
        "d'un",
        "some",
        "quelque",
        "chose",
        "something",
        "deployer",
        "deploy",
        "deploie",
        "deployez",
        "deploying",
        "it",
        "them",
        "puis",
        "then",
        "provisionner",
        "provision",
    ]
)
_NAMES = {
    "github actions": "cicd/github-actions", "github action": "cicd/github-actions", "actions": "cicd/github-actions", "gitlab ci": "cicd/gitlab-ci", "gitlab": "cicd/gitlab-ci",
    "gitlab ci cd": "cicd/gitlab-ci", "docker": "containers/docker", "dockerfile": "containers/docker", "docker compose": "containers/docker-compose", "compose": "containers/docker-compose",
    "kubernetes": "kubernetes/deployments", "k8s": "kubernetes/deployments", "kubernetes deployment": "kubernetes/deployments", "deployment kubernetes": "kubernetes/deployments",
    "deploiement kubernetes": "kubernetes/deployments",
    "pod": "kubernetes/deployments", "pods": "kubernetes/deployments", "kubectl": "kubernetes/deployments", "helm": "kubernetes/helm", "helm chart": "kubernetes/helm", "chart helm": "kubernetes/helm",
    "terraform": "infrastructure/terraform", "opentofu": "infrastructure/terraform", "aws": "infrastructure/aws", "gcp": "infrastructure/gcp", "google cloud": "infrastructure/gcp",
    "prometheus": "monitoring/prometheus", "grafana": "monitoring/grafana", "elk": "monitoring/logging", "loki": "monitoring/logging", "elk loki": "monitoring/logging", "logs": "monitoring/logging",
    "log": "monitoring/logging", "alertes": "monitoring/alerting", "alerts": "monitoring/alerting", "alerte": "monitoring/alerting", "alerting": "monitoring/alerting", "argocd": "deployment/strategies",
    "argo cd": "deployment/strategies", "flux": "deployment/strategies", "argocd flux": "deployment/strategies", "gitops": "deployment/strategies", "blue green": "deployment/strategies",
    "canary": "deployment/strategies", "canary deployment": "deployment/strategies", "deploiement canary": "deployment/strategies", "strategie": "deployment/strategies", "strategy": "deployment/strategies",
    "rollback": "deployment/rollback", "pipeline": "cicd/orchestrator", "pipelines": "cicd/orchestrator", "ci": "cicd/orchestrator", "cd": "cicd/orchestrator", "ci cd": "cicd/orchestrator",
    "cicd": "cicd/orchestrator", "image": "containers/orchestrator", "images": "containers/orchestrator", "container": "containers/orchestrator", "containers": "containers/orchestrator",
    "conteneur": "containers/orchestrator", "conteneurs": "containers/orchestrator", "cloud": "infrastructure/orchestrator", "infra": "infrastructure/orchestrator", "infrastructure": "infrastructure/orchestrator",
    "monitoring": "monitoring/orchestrator", "observability": "monitoring/orchestrator", "observabilite": "monitoring/orchestrator", "jenkins": "cicd/pipelines", "sonarqube": "cicd/quality-gates",
}  # fmt: skip
_RESOURCES = {
    "infrastructure/aws": ("ec2", "rds", "eks", "ecs", "fargate", "lambda", "lambdas", "cloudfront", "dynamodb", "sqs", "sns", "aurora", "elasticache", "s3", "route53", "route 53"),
    "infrastructure/gcp": ("gke", "gce", "cloud sql", "cloud run", "cloud storage", "gcs", "pub sub", "pubsub", "bigquery", "compute engine", "memorystore"),
}  # fmt: skip
_STATE = (
    "backend",
    "state",
    "etat",
    "tfstate",
    "module",
    "modules",
    "plan",
    "import",
    "importer",
    "provider",
    "drift",
    "workspace",
    "hcl",
    "tfvars",
)
_NETWORK = ("vpc", "vpcs", "subnet", "subnets", "sous reseau", "sous reseaux", "security group", "security groups", "groupe de securite", "groupes de securite", "firewall", "pare feu", "nat", "vpn")  # fmt: skip
_ALERT_RULES = (
    "alert rule",
    "alert rules",
    "alerting rule",
    "alerting rules",
    "regle d alerte",
    "regles d alerte",
    "regle d alerting",
    "regles d alerting",
)
_CLOUDS = (
    ("aws", "amazon"),
    ("gcp", "google cloud", "google"),
    ("azure",),
    ("ovh", "ovhcloud"),
    ("scaleway",),
    ("hetzner",),
    ("digitalocean", "digital ocean"),
)
_GITOPS = ("argo cd", "argocd", "flux", "fluxcd", "gitops")
_UNDO = ("rollout undo", "helm rollback")
_CHOICE = ("faut il", "doit on", "should we", "or", "ou", "quel", "quelle", "which", "vs", "choisir", "choose")


def says(padded: str, *phrases: str) -> bool:
    """Whether one of the phrases is said, as whole words."""
    return any(f" {phrase} " in padded for phrase in phrases)


def nothing_but_a_name(padded: str) -> str | None:
    """A request that names one technology, or one domain's work, and asks for nothing else."""
    words = [word for word in padded.split() if word not in _AROUND]
    return _NAMES.get(" ".join(words)) if 0 < len(words) <= 3 else None


def chart_is_helm(padded: str) -> str | None:
    """Tie 1: the most specific technology wins; a Helm chart for Kubernetes is Helm's."""
    chart = says(padded, "chart helm", "helm chart", "charts helm", "helm charts")
    making = says(padded, "creer", "create", "cree", "ecrire", "ecris", "write", "generer", "generate", "make", "faire")
    return "kubernetes/helm" if chart and making and not says(padded, *_GITOPS) else None


def terraform_or_its_cloud(padded: str) -> str | None:
    """Tie 2: Terraform for a cloud is Terraform's; where a resource of the cloud is named it is that cloud's."""
    if not says(padded, "terraform", "opentofu") or says(padded, *_STATE) or says(padded, *_NETWORK):
        return None
    for agent, resources in _RESOURCES.items():
        if says(padded, *resources):
            return (
                agent
                if says(
                    padded,
                    "creer",
                    "create",
                    "cree",
                    "provisionner",
                    "provision",
                    "avec terraform",
                    "with terraform",
                    "via terraform",
                    "en terraform",
                    "in terraform",
                )
                else None
            )
    return (
        "infrastructure/terraform"
        if says(
            padded,
            "terraform pour aws",
            "terraform for aws",
            "terraform pour gcp",
            "terraform for gcp",
            "terraform aws",
            "terraform gcp",
        )
        else None
    )


def network_of_any_cloud(padded: str) -> str | None:
    """Tie 3: VPC, subnets, security groups, firewalls, NAT and VPN are networking, whatever the cloud."""
    named = says(padded, *_NETWORK) and says(padded, "aws", "gcp", "google cloud", "terraform", "azure")
    return (
        "infrastructure/networking"
        if named and not says(padded, *_CHOICE, "lambda", "rds", "plan", "state", "module")
        else None
    )


def alert_rules_are_alerting(padded: str) -> str | None:
    """Tie 4: alert rules are alerting, even where Prometheus is named."""
    return "monitoring/alerting" if says(padded, *_ALERT_RULES) and not says(padded, *_CHOICE, "grafana") else None


def scanning_is_security(padded: str) -> str | None:
    """Tie 5: scanning or hardening an image is security, also inside a pipeline, unless the pipeline's file is asked for."""
    scan = says(padded, "trivy", "grype", "cosign", "scan de l image", "scanner l image", "scanner les images", "scanner nos images", "scan our images", "scan the image", "scan images", "image scan", "image scanning")  # fmt: skip
    file = says(padded, "workflow", "gitlab ci yml", "jenkinsfile", "ci yml", "yml", "github actions", "gitlab ci")
    return "containers/security" if scan and not file and not says(padded, *_CHOICE) else None


def gitops_or_going_back(padded: str) -> str | None:
    """Tie 6: `kubectl rollout undo` and `helm rollback` are rollback."""
    if says(padded, *_UNDO):
        return "deployment/rollback"
    return None


def choice_of_cloud_is_a_decision(padded: str) -> str | None:
    """Two clouds weighed against one another are a choice, and that choice is not ours."""
    named = sum(says(padded, *names) for names in _CLOUDS)
    weighed = says(padded, "compare", "compares", "compared", "comparison", "comparer", "comparatif", "comparaison", "vs", "versus", "better than", "mieux que")  # fmt: skip
    return "escalate/direction-technique" if named >= 2 and weighed and not says(padded, "terraform") else None


RULES: tuple[Rule, ...] = (
    nothing_but_a_name,
    gitops_or_going_back,
    chart_is_helm,
    terraform_or_its_cloud,
    network_of_any_cloud,
    alert_rules_are_alerting,
    scanning_is_security,
    choice_of_cloud_is_a_decision,
)
SURE = 0.93  # the confidence of a label that a rule decided


def decide(padded: str) -> tuple[str, str] | None:
    """(label, name of the rule) for the words of a request, or None where no rule speaks."""
    for rule in RULES:
        label = rule(padded)
        if label is not None:
            return label, rule.__name__
    return None


def apply(probabilities: Mapping[str, float], padded: str) -> dict[str, float]:
    """The probabilities with the tie rule's label first; the others keep their proportions."""
    found = decide(padded)
    if found is None:
        return dict(probabilities)
    label = found[0]
    sure = max(SURE, probabilities[label])
    rest = sum(probabilities.values()) - probabilities[label]
    factor = (1 - sure) / rest if rest else 0.0
    return {key: sure if key == label else value * factor for key, value in probabilities.items()}
