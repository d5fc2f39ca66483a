"""The command as a new user runs it, on the example applications and on bad input."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DEVOPS = str(Path(sys.executable).parent / "devops")


def devops(
    *words: str, cwd: Path, env: dict[str, str] | None = None, stdin: str | None = ""
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NO_COLOR": "1", "LANG": "C.UTF-8", **(env or {})}
    return subprocess.run(
        [DEVOPS, *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        input=stdin,
        env=environment,
        check=False,
    )


def tree(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".git/" not in path.relative_to(root).as_posix() + "/"
    }


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    shutil.copytree(ROOT / "examples" / "fastapi", folder)
    for words in (["init", "-q", "-b", "main"], ["remote", "add", "origin", "https://github.com/acme/shop.git"]):
        subprocess.run(["git", *words], cwd=folder, check=True)
    return folder


REQUESTS = (
    ("Configurer GitHub Actions pour mon projet", "cicd/github-actions", ".github/workflows/ci.yml"),
    ("Créer un Dockerfile", "containers/docker", "Dockerfile"),
    ("Créer un deployment Kubernetes", "kubernetes/deployments", "k8s/base/deployment.yaml"),
    ("Configurer Terraform pour AWS", "infrastructure/terraform", "infra/main.tf"),
    ("Mettre en place Prometheus", "monitoring/prometheus", "monitoring/prometheus.yml"),
)


@pytest.mark.parametrize(("request_text", "agent", "file"), REQUESTS, ids=[agent for _, agent, _ in REQUESTS])
def test_a_request_becomes_files_and_goes_back(shop: Path, request_text: str, agent: str, file: str) -> None:
    before = tree(shop)
    shown = devops(request_text, "--dry-run", cwd=shop)
    assert shown.returncode == 0, shown.stderr
    assert f"+++ b/{file}" in shown.stdout
    assert tree(shop) == before
    off_terminal = devops(request_text, cwd=shop)
    assert off_terminal.returncode == 0
    assert "--yes" in off_terminal.stderr
    assert tree(shop) == before
    done = devops(request_text, "--yes", "--json", cwd=shop)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["steps"][0]["agent"] == agent
    assert said["applied"] == "0001"
    assert not [check for check in said["proposals"][0]["checks"] if check["status"] == "failed"]
    assert (shop / file).is_file()
    again = json.loads(devops(request_text, "--yes", "--json", cwd=shop).stdout)
    assert {entry["change"] for entry in again["proposals"][0]["files"]} <= {"unchanged"}
    assert again["applied"] is None
    undone = devops("undo", cwd=shop)
    assert undone.returncode == 0, undone.stderr
    assert tree(shop) == before


def test_a_plan_is_coherent_from_step_to_step(shop: Path) -> None:
    done = devops(
        "Dockerise l'appli, puis déploie-la sur Kubernetes, puis fais un canary à 10, 50 et 100 %",
        "--yes",
        "--json",
        cwd=shop,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert said["decision"] == "plan"
    assert [step["agent"] for step in said["steps"]] == [
        "containers/docker",
        "kubernetes/deployments",
        "deployment/strategies",
    ]
    dockerfile = (shop / "Dockerfile").read_text()
    deployment = (shop / "k8s/base/deployment.yaml").read_text()
    assert "EXPOSE 8000" in dockerfile
    assert "containerPort: 8000" in deployment
    assert (shop / "k8s/base/rollout.yaml").exists() or list(shop.rglob("*rollout*.yaml"))


def test_a_domain_request_picks_from_the_repository(shop: Path) -> None:
    said = json.loads(devops("route", "Configurer une pipeline", "-C", str(shop), "--json", cwd=shop).stdout)
    assert said["steps"][0]["agent"] == "cicd/orchestrator"
    assert said["steps"][0]["resolved"] == "cicd/github-actions"


@pytest.mark.parametrize(
    ("text", "topic"),
    [("AWS ou GCP pour nous ?", "cloud-provider"), ("go or no-go for tonight's deployment?", "go-no-go")],
)
def test_a_decision_is_handed_over(shop: Path, text: str, topic: str) -> None:
    done = devops(text, "--yes", "--json", cwd=shop)
    assert done.returncode == 3, done.stderr
    said = json.loads(done.stdout)
    assert [escalation["topic"] for escalation in said["escalations"]] == [topic]
    briefs = list((shop / "docs/decisions").glob("*.md"))
    assert len(briefs) == 1
    listed = json.loads(devops("escalations", "list", "--json", cwd=shop).stdout)
    assert [(brief["topic"], brief["status"]) for brief in listed] == [(topic, "proposed")]
    number = listed[0]["id"]
    assert devops("escalations", "answer", number, "Retenu : la première option.", cwd=shop).returncode == 0
    assert "Retenu : la première option." in briefs[0].read_text()
    assert json.loads(devops("escalations", "--json", cwd=shop).stdout)[0]["status"] == "accepted"
    assert devops("undo", cwd=shop).returncode == 0
    assert json.loads(devops("escalations", "--json", cwd=shop).stdout)[0]["status"] == "proposed"


def test_an_answer_writes_nothing(shop: Path) -> None:
    before = tree(shop)
    done = devops("mon pod est en CrashLoopBackOff", cwd=shop)
    assert done.returncode == 0
    assert "kubectl" in done.stdout
    assert "--previous" in done.stdout
    assert tree(shop) == before


def test_what_is_not_devops_is_told_so(shop: Path) -> None:
    done = devops("Écris-moi un poème sur la mer", "--json", cwd=shop)
    assert done.returncode == 4
    said = json.loads(done.stdout)
    assert said["decision"] == "out-of-scope"
    assert said["why"]


def test_an_existing_file_is_improved_not_overwritten(shop: Path) -> None:
    (shop / ".github/workflows").mkdir(parents=True)
    workflow = shop / ".github/workflows/ci.yml"
    workflow.write_bytes(
        b"# ours \xe2\x9c\x93\non: [push]\njobs:\n  t:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4 # keep me\n      - run: uv run pytest\n"
    )
    assert devops("Configurer GitHub Actions pour mon projet", "--yes", cwd=shop).returncode == 0
    text = workflow.read_text()
    assert text.startswith("# ours ✓\non: [push]\n")
    assert "uv run pytest" in text


BAD = (
    (("",), 2, "empty"),
    (("   ",), 2, "empty"),
    (("do", "containers/dokcer"), 2, "containers/docker"),
    (("do", "containers/docker", "destroy"), 2, "create"),
    (("do", "containers/docker", "--set", "prot=80"), 2, "port"),
    (("do", "containers/docker", "--set", "port=99999"), 2, "65535"),
    (("do", "containers/docker", "--set", "port"), 2, "NAME=VALUE"),
    (("do", "kubernetes/deployments", "--set", "kind=pod"), 2, "statefulset"),
    (("Create a Dockerfile", "-C", "/nowhere/at/all"), 2, "does not exist"),
    (("Create a Dockerfile", "--yes", "--dry-run"), 2, "exclude"),
    (("review", "--format", "xml"), 2, "sarif"),
    (("undo", "42"), 2, "42"),
    (("escalations", "show", "9"), 2, "9"),
    (("route", "--batch", "/nowhere.jsonl"), 2, "/nowhere.jsonl"),
)


@pytest.mark.parametrize(("words", "code", "told"), BAD, ids=[" ".join(words)[:40] or "nothing" for words, _, _ in BAD])
def test_bad_input_gets_a_clear_message(shop: Path, words: tuple[str, ...], code: int, told: str) -> None:
    before = tree(shop)
    done = devops(*words, cwd=shop)
    assert done.returncode == code, done.stdout + done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert tree(shop) == before


def test_the_message_is_in_the_language_of_the_request(shop: Path) -> None:
    done = devops("Créer un Dockerfile pour mon projet", "--set", "port=99999", cwd=shop)
    assert done.returncode == 2
    assert "Valeurs permises" in done.stderr


def test_noise_of_100_kb_is_survived(shop: Path) -> None:
    done = devops("route", "é%$ \x01zz{" * 12_000, cwd=shop)
    assert done.returncode in (0, 3, 4)
    assert "Traceback" not in done.stderr


def test_a_broken_manifest_is_told_with_its_place_and_left_alone(shop: Path) -> None:
    broken = shop / "k8s/app.yaml"
    broken.parent.mkdir()
    broken.write_text("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: [shop\n")
    before = tree(shop)
    done = devops("review", "--agent", "kubernetes/deployments", cwd=shop)
    assert done.returncode == 1
    assert "k8s/app.yaml" in done.stdout
    assert "5:1" in done.stdout or "4:" in done.stdout
    devops("do", "kubernetes/deployments", "improve", "--yes", cwd=shop)
    assert tree(shop) == before


def test_a_yaml_bomb_is_refused_by_name(shop: Path) -> None:
    rungs = "\n".join(f"l{n}: &l{n} [" + ", ".join([f"*l{n - 1}"] * 9) + "]" for n in range(1, 10))
    (shop / "bomb.yaml").write_text(f"apiVersion: v1\nkind: ConfigMap\nl0: &l0 [x]\n{rungs}\n")
    done = devops("review", "--agent", "kubernetes/deployments", cwd=shop)
    assert done.returncode == 1
    assert "aliases" in done.stdout


def test_a_binary_manifest_a_link_circle_and_a_closed_folder_are_survived(shop: Path) -> None:
    (shop / "k8s").mkdir()
    (shop / "k8s/deployment.yaml").write_bytes(b"\x00\x01\xff" * 500)
    (shop / "Dockerfile").write_bytes(b"\x7fELF\x00\x00")
    (shop / "loop").symlink_to(shop)
    (shop / "self").symlink_to("self")
    closed = shop / "closed"
    closed.mkdir(mode=0o000)
    try:
        for words in (
            ("inspect",),
            ("review",),
            ("Créer un deployment Kubernetes", "--dry-run"),
            ("Créer un Dockerfile", "--yes"),
        ):
            done = devops(*words, cwd=shop)
            assert "Traceback" not in done.stderr, done.stderr
            assert done.returncode in (0, 1, 4)
        assert (shop / "Dockerfile").read_bytes() == b"\x7fELF\x00\x00"
    finally:
        closed.chmod(0o755)


def test_without_git_everything_works_and_the_state_ignores_itself(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    shutil.copytree(ROOT / "examples" / "fastapi", folder)
    assert devops("Créer un Dockerfile", "--yes", cwd=folder).returncode == 0
    assert (folder / ".devops/.gitignore").read_text() == "*\n"
    assert devops("undo", cwd=folder).returncode == 0
    assert not (folder / "Dockerfile").exists()


def test_50_000_files_are_survived(tmp_path: Path) -> None:
    for folder in range(50):
        (tmp_path / f"d{folder}").mkdir()
        for number in range(1000):
            (tmp_path / f"d{folder}/{number}.txt").touch()
    (tmp_path / "requirements.txt").write_text("flask==3.1.0\n")
    (tmp_path / "app.py").write_text("from flask import Flask\napp = Flask(__name__)\n")
    done = devops("inspect", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["components"][0]["framework"] == "flask"


def test_route_batch_streams_and_names_a_bad_line(tmp_path: Path) -> None:
    lines = [{"text": "Créer un Dockerfile", "id": 1}, {"text": "Mettre en place Prometheus", "id": 2}]
    done = devops("route", "--batch", "-", cwd=tmp_path, stdin="".join(json.dumps(line) + "\n" for line in lines))
    assert done.returncode == 0, done.stderr
    decided = [json.loads(line) for line in done.stdout.splitlines()]
    assert [d["steps"][0]["agent"] for d in decided] == ["containers/docker", "monitoring/prometheus"]
    assert [d["input"]["id"] for d in decided] == [1, 2]
    bad = devops("route", "--batch", "-", cwd=tmp_path, stdin='{"text": "x"}\nnot json\n')
    assert bad.returncode == 2
    assert "2" in bad.stderr


def test_agents_shows_the_map_and_one_agent(tmp_path: Path) -> None:
    whole = devops("agents", cwd=tmp_path)
    assert whole.returncode == 0
    assert whole.stdout.count("├──") + whole.stdout.count("└──") == 6 + 30 + 1 + 3
    one = devops("agents", "containers/docker", cwd=tmp_path)
    assert "port" in one.stdout
    assert "1–65535" in one.stdout
    assert devops("agents", "containers/nothing", cwd=tmp_path).returncode == 2


def test_sarif_is_sarif(shop: Path) -> None:
    (shop / "Dockerfile").write_text("FROM python:latest\nCOPY . .\nCMD python app.py\n")
    done = devops("review", "--format", "sarif", "--fail-on", "never", cwd=shop)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["version"] == "2.1.0"
    results = report["runs"][0]["results"]
    assert results
    rules = report["runs"][0]["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in results)
