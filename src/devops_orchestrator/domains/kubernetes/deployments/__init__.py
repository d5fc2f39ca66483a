"""The room `kubernetes/deployments`: workloads and what belongs to them."""

from __future__ import annotations

from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.domains.kubernetes.deployments.create import create, suggest
from devops_orchestrator.domains.kubernetes.deployments.params import DeploymentsParams
from devops_orchestrator.domains.kubernetes.deployments.rules import RULES
from devops_orchestrator.text import Text

SPECIALIST = Specialist(
    id="kubernetes/deployments",
    title=Text("Kubernetes workloads", "Charges de travail Kubernetes"),
    summary=Text(
        "Deployments, StatefulSets, DaemonSets, Jobs and CronJobs; why pods do not start",
        "Deployments, StatefulSets, DaemonSets, Jobs et CronJobs ; pourquoi un pod ne démarre pas",
    ),
    params=DeploymentsParams,
    kinds=("kubernetes", "kustomization"),
    files=("k8s/base/**/*.yaml", "k8s/overlays/*/kustomization.yaml", "k8s/jobs/**/*.yaml"),
    suggest=suggest,
    create=create,
    rules=RULES,
    examples=(
        Text(
            "Create a Kubernetes deployment with 3 replicas on port 8080",
            "Créer un deployment Kubernetes avec 3 replicas sur le port 8080",
        ),
        Text("My pod is in CrashLoopBackOff", "Mon pod est en CrashLoopBackOff"),
        Text("Review my Kubernetes manifests", "Relire mes manifestes Kubernetes"),
    ),
    after=("containers/docker",),
)
