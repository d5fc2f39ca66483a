"""What the rules leave alone; the defects themselves are the guide's before and after."""

from devops_orchestrator.actions.review import room_findings, sources
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Finding
from devops_orchestrator.domains.monitoring.prometheus import SPECIALIST
from devops_orchestrator.project import read

CONFIG = "monitoring/prometheus.yml"
RULES = "monitoring/rules/shop.rules.yml"


def found(files: dict[str, str]) -> list[Finding]:
    project = read(Repository.of(files))
    return [f for s in sources((SPECIALIST,), project) for f in room_findings(SPECIALIST, s, project)]


def ids(files: dict[str, str]) -> set[str]:
    return {finding.rule.removeprefix("prometheus/") for finding in found(files)}


def config(job: str = "", top: str = "") -> str:
    return f"{top}scrape_configs:\n  - job_name: shop\n{job}    static_configs:\n      - targets: ['shop:8000']\n"


def rule(expr: str, record: str = "job:x:y") -> str:
    return f"groups:\n  - name: shop\n    rules:\n      - record: {record}\n        expr: |-\n          {expr}\n"


def test_a_secret_is_never_shown() -> None:
    secret = "s3cr3t-value-of-mine"
    [finding] = found({CONFIG: config(f"    basic_auth:\n      username: me\n      password: {secret}\n")})
    assert finding.fix
    told = f"{finding.message}{finding.why}{finding.fix.title}{finding.fix.needs}{[e.text for e in finding.fix.edits]}"
    assert secret not in told


def test_what_stands_for_a_secret_is_none() -> None:
    for value in ("<secret>", "'<replace with a token>'", "${PASSWORD}", "changeme", "'{{ vault.password }}'"):
        assert ids({CONFIG: config(f"    basic_auth:\n      username: me\n      password: {value}\n")}) == set()


def test_honor_labels_belongs_to_a_pushgateway_and_federation() -> None:
    push = config("    honor_labels: true\n").replace("shop:8000", "pushgateway:9091")
    assert ids({CONFIG: push}) == set()
    assert ids({CONFIG: config("    honor_labels: true\n    metrics_path: /federate\n")}) == set()


def test_a_mounted_path_reads_the_repository() -> None:
    top = "rule_files:\n  - /etc/prometheus/rules/*.rules.yml\n\n"
    assert ids({CONFIG: config(top=top), RULES: rule("sum by (job) (up)")}) == set()


def test_a_path_of_the_server_is_not_judged() -> None:
    assert ids({CONFIG: config(top="rule_files:\n  - /srv/rules/*.yml\n\n")}) == set()


def test_series_that_differ_are_no_doubles() -> None:
    two = rule('sum by (code) (rate(a_total{code=~"2.."}[5m]))', "code:a:rate5m")
    two += '      - record: code:a:rate5m\n        expr: sum by (code) (rate(a_total{code=~"5.."}[5m]))\n'
    assert ids({RULES: two}) == set()


def test_functions_that_fit_are_left_alone() -> None:
    for expr in (
        "sum by (job) (rate(node_cpu_seconds_total[5m]))",
        "sum by (job) (delta(node_memory_MemFree_bytes[10m]))",
        "max_over_time(sum by (job) (rate(node_cpu_seconds_total[5m]))[1h:])",
        "histogram_quantile(0.9, sum without (instance) (rate(x_bucket[5m])))",
        "histogram_quantile(0.9, rate(x_bucket[5m]))",
        "avg by (job) (node_load1)",
        "sum by (job) (absent(no_such_metric))",
    ):
        assert ids({RULES: rule(expr)}) == set(), expr


def test_the_range_is_judged_by_the_job_that_is_read() -> None:
    jobs = config(top="global:\n  scrape_interval: 1m\n\nrule_files:\n  - rules/*.rules.yml\n\n").replace(
        "    static_configs", "    scrape_interval: 10s\n    static_configs"
    )
    assert ids({CONFIG: jobs, RULES: rule('sum by (job) (rate(a_total{job="shop"}[1m]))')}) == set()
    slow = jobs.replace("    scrape_interval: 10s\n", "")
    assert ids({CONFIG: slow, RULES: rule('sum by (job) (rate(a_total{job="shop"}[1m]))')}) == {"short-range"}


def test_a_fix_of_the_range_keeps_the_rest() -> None:
    from devops_orchestrator.core.change import apply_edits

    jobs = config(top="global:\n  scrape_interval: 1m\n\nrule_files:\n  - rules/*.rules.yml\n\n")
    text = rule("sum by (job) (rate(a_total[90s])) / sum by (job) (rate(b_total[90s])) # ✓")
    [finding] = found({CONFIG: jobs, RULES: text})
    assert finding.fix
    assert apply_edits(text, finding.fix.edits) == text.replace("90s", "4m")


def test_metrics_are_judged_only_where_every_target_is_known() -> None:
    top = "rule_files:\n  - rules/*.rules.yml\n\n"
    node = config(top=top).replace("shop:8000", "node-exporter:9100")
    assert ids({CONFIG: node, RULES: rule("sum by (job) (nobody_exports_this)")}) == {"unknown-metric"}
    assert ids({CONFIG: config(top=top), RULES: rule("sum by (job) (nobody_exports_this)")}) == set()
    assert ids({CONFIG: node, RULES: rule("sum by (job) (redis_up)")}) == {"unknown-metric"}
    assert ids({CONFIG: node, RULES: rule("sum by (job) (node_load1)")}) == set()


def test_metrics_of_the_code_are_known_with_their_labels() -> None:
    code = 'from prometheus_client import Counter\n\nORDERS = Counter("orders", "Orders", ["result"])\n'
    top = "rule_files:\n  - rules/*.rules.yml\n\n"
    files = {
        "app/metrics.py": code,
        "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["prometheus-client"]\n',
    }
    files[CONFIG] = config(top=top).replace("shop:8000", "node-exporter:9100")
    assert ids(files | {RULES: rule("sum by (job, result) (rate(orders_total[5m]))")}) == set()
    assert ids(files | {RULES: rule("sum by (job, outcome) (rate(orders_total[5m]))")}) == {"unknown-label"}


def test_a_monitor_of_somebody_elses_service_is_not_judged() -> None:
    monitor = (
        "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata:\n  name: redis\nspec:\n  selector:\n"
        "    matchLabels:\n      app.kubernetes.io/name: redis\n  endpoints:\n    - port: metrics\n"
    )
    service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: shop\nspec:\n  selector:\n    app: shop\n  ports:\n    - port: 80\n"
    assert ids({"k8s/m.yaml": monitor, "k8s/s.yaml": service}) == set()


def test_a_file_that_does_not_parse_is_told_once() -> None:
    assert [f.rule for f in found({CONFIG: "scrape_configs:\n  - job_name: 'a\n"})] == ["syntax"]


def test_an_expression_that_is_no_promql_is_left_to_its_validator() -> None:
    assert ids({RULES: rule("sum by (job) (rate(a_total[5m])")}) == set()
