"""One defect, several names: which checks of public linters report what a rule of ours reports.

Where both report it at one place, ours stays (it has the reasons in both languages, and the fix); a linter's own ignore
comment silences ours too. Names of the checks: hadolint's wiki, zizmor's audits, kube-linter's checks, checkov's policy
index, trivy's AVD, as of 2026.
"""

from __future__ import annotations

from functools import lru_cache

SAME: dict[str, tuple[str, ...]] = {
    "docker/root-user": ("DL3002", "CKV_DOCKER_3", "CKV_DOCKER_8", "DS002", "DS-0002", "AVD-DS-0002"),
    "docker/untagged-base": ("DL3006",),
    "docker/latest-base": ("DL3007", "CKV_DOCKER_7", "DS001", "DS-0001", "AVD-DS-0001"),
    "docker/floating-tag": ("DL3006", "DL3007", "CKV_DOCKER_7", "DS001", "DS-0001", "AVD-DS-0001"),
    "docker/no-healthcheck": ("DL3057", "CKV_DOCKER_2", "DS026", "DS-0026", "AVD-DS-0026"),
    "docker/sudo": ("DL3004",),
    "docker/add-instead-of-copy": ("DL3020", "CKV_DOCKER_4", "DS005", "DS-0005", "AVD-DS-0005"),
    "docker/relative-workdir": ("DL3000", "CKV_DOCKER_10", "DS009", "DS-0009", "AVD-DS-0009"),
    "docker/no-workdir": ("DL3045",),
    "docker/apt-lists": ("DL3009",),
    "docker/apt-recommends": ("DL3015", "DS029", "DS-0029", "AVD-DS-0029"),
    "docker/apt-update-alone": ("CKV_DOCKER_5", "DS017", "DS-0017", "AVD-DS-0017"),
    "docker/pip-cache": ("DL3042",),
    "docker/shell-form": ("DL3025",),
    "docker/unknown-stage": ("DL3022",),
    "github-actions/unpinned-action": ("unpinned-uses",),
    "github-actions/missing-permissions": ("excessive-permissions", "CKV2_GHA_1"),
    "github-actions/persisted-credentials": ("artipacked",),
    "github-actions/script-injection": ("template-injection", "expression"),
    "github-actions/untrusted-checkout": ("dangerous-triggers",),
    "github-actions/inherited-secrets": ("secrets-inherit",),
    "github-actions/missing-concurrency": ("concurrency-limits",),
    "github-actions/unknown-job": ("job-needs", "expression"),
    "github-actions/unknown-output": ("expression",),
    "github-actions/unknown-input": ("action", "expression", "workflow-call"),
    "github-actions/outdated-action": ("action", "unpinned-uses"),
    "github-actions/moving-branch": ("unpinned-uses",),
    "github-actions/removed-command": ("deprecated-commands", "insecure-commands"),
    "github-actions/retired-runner": ("runner-label",),
    "github-actions/misplaced-key": ("syntax-check", "schema"),
    "github-actions/misplaced-environment": ("syntax-check", "schema"),
    "github-actions/moving-service": ("unpinned-images",),
    "registries/password-in-workflow": ("credentials", "hardcoded-container-credentials"),
    "artifacts/long-lived-token": ("use-trusted-publishing",),
    "security/malicious-scanner": ("known-vulnerable-actions",),
    "docker-compose/malformed-healthcheck": ("schema",),
    "deployments/run-as-root": ("run-as-non-root", "CKV_K8S_23", "KSV012", "KSV-0012", "AVD-KSV-0012"),
    "deployments/unverifiable-user": ("run-as-non-root",),
    "deployments/unwritable-path": ("no-read-only-root-fs", "CKV_K8S_22", "KSV014", "KSV-0014", "AVD-KSV-0014"),
    "deployments/privileged": ("privileged-container", "CKV_K8S_16", "KSV017", "KSV-0017", "AVD-KSV-0017"),
    "deployments/privilege-escalation": ("privilege-escalation-container", "CKV_K8S_20", "KSV001", "KSV-0001", "AVD-KSV-0001"),
    "deployments/kept-capabilities": ("drop-net-raw-capability", "CKV_K8S_28", "CKV_K8S_37", "KSV003", "KSV-0003", "AVD-KSV-0003"),
    "deployments/missing-seccomp": ("CKV_K8S_31", "KSV030", "KSV-0030", "AVD-KSV-0030"),
    "deployments/missing-memory-limit": ("unset-memory-requirements", "CKV_K8S_13", "KSV018", "KSV-0018", "AVD-KSV-0018"),
    "deployments/missing-requests": ("unset-cpu-requirements", "unset-memory-requirements", "CKV_K8S_10", "CKV_K8S_12"),
    "deployments/missing-liveness-probe": ("no-liveness-probe", "CKV_K8S_8"),
    "deployments/missing-readiness-probe": ("no-readiness-probe", "CKV_K8S_9"),
    "deployments/floating-image": ("latest-tag", "CKV_K8S_14", "KSV013", "KSV-0013", "AVD-KSV-0013"),
    "deployments/host-namespace": ("host-network", "host-pid", "host-ipc", "CKV_K8S_17", "CKV_K8S_18", "CKV_K8S_19"),
    "deployments/runtime-socket": ("docker-sock", "CKV_K8S_27"),
    "deployments/mounted-token": ("CKV_K8S_38",),
    "deployments/orphan-service": ("dangling-service",),
    "deployments/selector-mismatch": ("mismatching-selector",),
    "deployments/plain-secret": ("env-var-secret",),
    "deployments/duplicate-variable": ("duplicate-env-var",),
    "deployments/probe-port": ("liveness-port", "readiness-port", "startup-port"),
    "deployments/removed-api": ("no-extensions-v1beta",),
    "deployments/blocking-budget": ("pdb-max-unavailable", "pdb-min-available"),
    "deployments/kept-finished-jobs": ("job-ttl-seconds-after-finished",),
    "deployments/missing-resource-file": ("kustomize",),
    "config/wildcard-role": ("wildcard-in-rules", "CKV_K8S_49"),
    "config/default-service-account": ("default-service-account",),
    "terraform/format": ("fmt",),
    "terraform/undeclared-reference": ("validate",),
    "terraform/unknown-argument": ("validate",),
    "terraform/missing-argument": ("validate",),
    "terraform/undeclared-output": ("validate",),
    "terraform/missing-module": ("validate",),
    "terraform/unpinned-module": ("CKV_TF_1", "CKV_TF_2"),
    "prometheus/timeout-above-interval": ("promtool",),
    "prometheus/duplicate-job": ("promtool",),
    "alerting/unknown-receiver": ("amtool",),
    "alerting/unknown-interval": ("amtool",),
}  # fmt: skip
# Told once for a file, or where a name first stands: the file is what both mean.
WHOLE_FILE = frozenset({"fmt", "amtool", "kustomize", "excessive-permissions"})
# What these say of a file that does not parse is that it does not parse.
UNREADABLE = frozenset(
    {"DL1000", "syntax-check", "kubeconform", "promtool", "amtool", "kustomize", "helm-lint", "validate"}
)
# Two linters with one complaint at one place: the first one's is kept, its words are the clearer ones or its place is.
AGREE: tuple[tuple[str, str], ...] = (
    ("actionlint/syntax-check", "schema/schema"),
    ("actionlint/action", "schema/schema"),
    ("kubernetes-schema/schema", "kubeconform/kubeconform"),
    ("promtool-rules/promtool", "promql/promql"),
    ("promtool-rules/promtool", "kubernetes-schema/schema"),
    ("actionlint/credentials", "zizmor/hardcoded-container-credentials"),
    ("actionlint/deprecated-commands", "zizmor/insecure-commands"),
    ("zizmor/template-injection", "actionlint/expression"),
    ("actionlint/if-cond", "zizmor/unsound-condition"),
    ("kube-linter/latest-tag", "checkov/CKV_K8S_14"),
)


@lru_cache(maxsize=512)
def tool_rules(rule: str) -> frozenset[str]:
    """The names that linters give to the defect of a rule: the rule's own last word, and those of SAME."""
    return frozenset((*SAME.get(rule, ()), rule.rpartition("/")[2]))


def same_defect(tool_rule: str) -> frozenset[str]:
    """The rules of ours that report what a linter's check reports."""
    return _OURS.get(tool_rule, frozenset())


_OURS: dict[str, frozenset[str]] = {
    name: frozenset(rule for rule, names in SAME.items() if name in names) for told in SAME.values() for name in told
}
