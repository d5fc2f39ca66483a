"""Scans, exceptions and containers that own their host: near misses."""

from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Finding, Source
from devops_orchestrator.domains.containers.security import SPECIALIST
from devops_orchestrator.project import read


def of(rule: str, path: str, kind: str, text: str) -> list[Finding]:
    project = read(Repository.of({path: text}))
    source = Source(path, text, kind)
    return [f for each in SPECIALIST.rules if each.id == f"security/{rule}" for f in each.findings(source, project)]


def ignore(text: str) -> list[int]:
    return [f.line for f in of("unexplained-exception", ".trivyignore", "trivy", text)]


def test_a_reason_covers_its_group() -> None:
    assert ignore("# not reachable\nCVE-1\nCVE-2\n\nCVE-3\n") == [5]
    assert ignore("CVE-1 # not reachable\nCVE-2 exp:2027-01-01\n") == []


def test_a_scan_whose_result_goes_elsewhere_may_pass() -> None:
    scan = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: anchore/scan-action@v7\n        continue-on-error: {0}\n"
    path = ".github/workflows/scan.yml"
    assert of("scan-failure-ignored", path, "github-workflow", scan.format("true"))
    assert not of("scan-failure-ignored", path, "github-workflow", scan.format("false"))
    upload = scan.format("true") + "      - uses: github/codeql-action/upload-sarif@v4\n"
    assert not of("scan-failure-ignored", path, "github-workflow", upload)


def test_what_owns_the_host() -> None:
    compose = "services:\n  a:\n    image: a/b:1\n    {0}\n"
    for line in (
        "privileged: true",
        "cap_add: [ALL]",
        "volumes: ['/:/host']",
        "volumes: ['/var/run/docker.sock:/var/run/docker.sock']",
    ):
        assert len(of("privileged-container", "compose.yaml", "compose", compose.format(line))) == 1, line
    for line in ("privileged: false", "cap_add: [NET_ADMIN]", "volumes: ['/:/host:ro']", "volumes: ['/srv:/host']"):
        assert not of("privileged-container", "compose.yaml", "compose", compose.format(line)), line
