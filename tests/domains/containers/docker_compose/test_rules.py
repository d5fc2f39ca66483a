"""The rules of the compose room: near misses and fine points. The guide's before and after blocks are run by the house."""

import pytest

from devops_orchestrator.actions.review import sources
from devops_orchestrator.core.change import apply_edits
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Finding
from devops_orchestrator.domains.containers.docker_compose import SPECIALIST
from devops_orchestrator.project import read

NODE = {
    "package.json": '{"name": "api", "scripts": {"start": "node server.js"}, "dependencies": {"express": "5.1.0"}}',
    "server.js": 'const app = require("express")();\napp.listen(3000);\n',
    "Dockerfile": 'FROM node:24-trixie-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\nUSER 1000:1000\nCMD ["node", "server.js"]\n',
}


def of(rule: str, text: str, path: str = "compose.yaml", **files: str) -> list[Finding]:
    project = read(Repository.of({**files, path: text}, name="shop"))
    return [
        finding
        for source in sources((SPECIALIST,), project)
        if source.path == path
        for each in SPECIALIST.rules
        if each.id == f"docker-compose/{rule}"
        for finding in each.findings(source, project)
    ]


def fixed(rule: str, text: str, **files: str) -> str:
    found = of(rule, text, **files)
    assert found and found[0].fix is not None
    return apply_edits(text, list(found[0].fix.edits))


def one(**keys: str) -> str:
    return "services:\n  app:\n" + "".join(f"    {key}: {value}\n" for key, value in keys.items())


@pytest.mark.parametrize(
    ("image", "count"),
    [
        ("postgres", 1), ("postgres:latest", 1), ("postgres:alpine", 1), ("redis:alpine", 1), ("postgres:17-alpine", 0),
        ("shop-api", 0), ("${IMAGE}", 0), ("postgres@sha256:0123", 0), ("ghcr.io/acme/shop", 0), ("axllent/mailpit", 1),
    ],
)  # fmt: skip
def test_an_image_moves_unless_it_is_ours_or_named(image: str, count: int) -> None:
    assert len(of("moving-image", one(image=image))) == count


def test_in_files_for_trials_only_data_counts() -> None:
    assert of("moving-image", one(image="axllent/mailpit"), "compose.dev.yaml") == []
    assert of("moving-image", one(image="postgres"), "compose.dev.yaml") != []


def test_many_versions_side_by_side_are_a_test_matrix() -> None:
    text = "services:\n" + "".join(f"  db{v}:\n    image: postgres:{v}\n" for v in (11, 12, 13))
    assert of("end-of-life-image", text) == []
    assert len(of("end-of-life-image", one(image="postgres:11"))) == 1


def test_a_service_that_waits_by_itself_is_left_alone() -> None:
    text = "services:\n  api:\n    build: .\n    {0}depends_on: [db]\n  db:\n    image: postgres:17\n"
    assert of("dependency-not-awaited", text.format(""), **NODE)
    assert not of(
        "dependency-not-awaited", text.format("command: ./wait-for-it.sh db:5432 -- node server.js\n    "), **NODE
    )
    assert not of("dependency-not-awaited", text.format("command: sleep infinity\n    "), **NODE)
    script = {"entrypoint.sh": '#!/bin/sh\nuntil pg_isready; do sleep 1; done\nexec "$@"\n'}
    own = {**NODE, "Dockerfile": NODE["Dockerfile"].replace("CMD", 'ENTRYPOINT ["./entrypoint.sh"]\nCMD')}
    assert not of("dependency-not-awaited", text.format(""), **own, **script)


def test_a_stated_condition_is_a_decision() -> None:
    text = "services:\n  api:\n    build: .\n    depends_on: {db: {condition: service_started}}\n  db:\n    image: postgres:17\n"
    assert not of("dependency-not-awaited", text, **NODE)


def test_a_check_in_another_file_of_the_folder_counts() -> None:
    text = "services:\n  api:\n    image: a/b:1\n    depends_on: {db: {condition: service_healthy}}\n  db:\n    image: postgres:17\n"
    over = "services:\n  db:\n    healthcheck:\n      test: pg_isready\n"
    assert of("condition-never-met", text)
    assert not of("condition-never-met", text, **{"compose.override.yaml": over})
    assert not of("condition-never-met", text.replace("postgres:17", "acme/postgres:17"))


def check(test: str) -> str:
    return f"services:\n  app:\n    image: a/b:1\n    healthcheck:\n      test: {test}\n"


@pytest.mark.parametrize(
    ("test", "count"),
    [
        ('["CMD", "curl", "-f", "http://localhost/x", "||", "exit 1"]', 1), ('["pg_isready"]', 1), ("CMD curl -f http://localhost", 1),
        ('["CMD-SHELL", "pg_isready", "-U", "x"]', 1), ('["CMD-SHELL", "a || exit 1"]', 0), ('["CMD", "redis-cli", "ping"]', 0),
        ('["NONE"]', 0), ("curl -f http://localhost || exit 1", 0), ('["CMD", "sh", "-c", "a || b"]', 0),
    ],
)  # fmt: skip
def test_forms_of_a_check(test: str, count: int) -> None:
    assert len(of("malformed-healthcheck", check(test))) == count


def test_a_malformed_check_becomes_one_line_for_a_shell() -> None:
    text = fixed("malformed-healthcheck", check('["CMD", "curl", "-f", "http://localhost/x", "||", "exit", "1"]'))
    assert '["CMD-SHELL", "curl -f http://localhost/x || exit 1"]' in text


@pytest.mark.parametrize(
    ("test", "count"),
    [
        ("curl http://localhost:1/x", 1), ("curl -s http://localhost:1/x || exit 1", 1), ("curl -fsS http://localhost:1/x", 0),
        ("curl --fail http://localhost:1/x", 0), ("curl -s http://localhost:1/x | grep ok", 0), ("wget -q http://localhost:1 || true", 1),
        ('["CMD", "curl", "-sf", "http://localhost:1"]', 0), ("test $(curl -s -w 1 http://localhost:1) = 200", 0), ("pg_isready", 0),
    ],
)  # fmt: skip
def test_what_takes_errors_for_health(test: str, count: int) -> None:
    assert len(of("healthcheck-ignores-errors", check(test))) == count


def test_a_variable_of_dotenv_may_be_the_hosts() -> None:
    text = "services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_USER: shop\n    healthcheck:\n      test: pg_isready -U $POSTGRES_USER\n"
    assert "$$POSTGRES_USER" in fixed("healthcheck-host-variable", text)
    assert not of("healthcheck-host-variable", text, **{".env.example": "POSTGRES_USER=shop\n"})
    assert not of("healthcheck-host-variable", text.replace("$POSTGRES_USER", "$$POSTGRES_USER"))


def test_a_tool_that_is_installed_or_copied_is_there() -> None:
    text = "services:\n  api:\n    build: .\n    healthcheck:\n      test: curl -f http://localhost:3000/\n"
    assert of("healthcheck-tool-missing", text, **NODE)
    for line in ("RUN apt-get update && apt-get install -y curl", "COPY --from=tools /usr/bin/curl /usr/bin/curl"):
        made = {**NODE, "Dockerfile": NODE["Dockerfile"].replace("USER", f"{line}\nUSER")}
        assert not of("healthcheck-tool-missing", text, **made)


def test_the_published_port_against_the_one_that_is_listened_on() -> None:
    text = "services:\n  api:\n    build: .\n    ports: ['8080:8080']\n"
    found = of("published-port-unused", text, **NODE)
    assert "3000" in found[0].message.en and found[0].related[0].file == "server.js"
    assert not of("published-port-unused", text + "    command: node server.js --port 8080\n", **NODE)
    assert not of("published-port-unused", text.replace("'8080:8080'", "'8080:8080', '3000:3000'"), **NODE)
    reads = {**NODE, "server.js": 'const app = require("express")();\napp.listen(process.env.PORT || 3000);\n'}
    assert not of("published-port-unused", text + "    environment: [PORT=8080]\n", **reads)
    assert of("published-port-unused", text + "    environment: [PORT=9000]\n", **reads)


def test_names_of_other_files_count_as_defined() -> None:
    text = "services:\n  api:\n    image: a/b:1\n    networks: [back]\n    depends_on: [db]\n"
    assert len(of("undefined-reference", text)) == 2
    other = "services:\n  db:\n    image: postgres:17\nnetworks:\n  back:\n"
    assert not of("undefined-reference", text, **{"infra/compose.yaml": other})


def test_aliases_and_container_names_are_hosts() -> None:
    text = "services:\n  api:\n    image: a/b:1\n    environment:\n      URL: postgres://u:p@pg/x\n  db:\n    image: postgres:17\n"
    assert "@db/x" in fixed("unknown-host", text)
    for more in (
        "    container_name: pg\n",
        "    hostname: pg\n",
        "    networks:\n      default:\n        aliases: [pg]\n",
    ):
        assert not of("unknown-host", text + more)
    assert not of("unknown-host", text.replace("@pg/", "@pg.example.com/"))
    assert not of("unknown-host", text + "networks:\n  shared:\n    external: true\n")
    assert not of("unknown-host", text.replace("@pg/", "@${DB_HOST}/"))


def test_localhost_with_the_network_of_the_machine() -> None:
    text = "services:\n  api:\n    image: a/b:1\n    environment:\n      URL: redis://localhost:6379\n  cache:\n    image: redis:8\n"
    assert "redis://cache:6379" in fixed("localhost-in-container", text)
    assert not of(
        "localhost-in-container", text.replace("    image: a/b:1\n", "    image: a/b:1\n    network_mode: host\n")
    )


def test_profiles_and_addresses_keep_ports_apart() -> None:
    text = "services:\n  a:\n    image: a/b:1\n    ports: ['8080:80']\n  b:\n    image: a/c:1\n    ports: ['8080:80']\n"
    assert of("duplicate-port", text)
    assert not of("duplicate-port", text.replace("image: a/c:1", "image: a/c:1\n    profiles: [x]"))
    one_each = text.replace("['8080:80']\n  b", "['127.0.0.1:8080:80']\n  b").replace(
        "['8080:80']\n", "['127.0.0.2:8080:80']\n"
    )
    assert not of("duplicate-port", one_each)
    assert not of("duplicate-port", text.replace("['8080:80']\n  b", "['8080:80/udp']\n  b"))


def test_an_anchor_that_publishes_twice_is_told_at_the_service() -> None:
    text = "services:\n  a: &a\n    image: a/b:1\n    ports: ['80:80']\n  b:\n    <<: *a\n    command: worker\n"
    found = of("duplicate-port", text)
    assert [finding.line for finding in found] == [5]


def test_postgres_folders_in_both_directions() -> None:
    text = "services:\n  db:\n    image: postgres:{0}\n    volumes: [db:{1}]\nvolumes:\n  db:\n"
    old, new = "/var/lib/postgresql/data", "/var/lib/postgresql"
    assert of("postgres-data-folder", text.format("18-alpine", old))
    assert of("postgres-data-folder", text.format("latest", old))
    assert of("postgres-data-folder", text.format("16", new))
    for tag, at in (("18", new), ("17", old), ("${TAG}", old), ("trixie", old)):
        assert not of("postgres-data-folder", text.format(tag, at))
    assert not of(
        "postgres-data-folder",
        text.format("18", old).replace("    volumes", "    environment: [PGDATA=/x]\n    volumes"),
    )


def test_a_database_for_one_session_needs_no_volume() -> None:
    text = "services:\n  db:\n    image: postgres:17\n"
    assert not of("data-without-volume", text)
    assert of("data-without-volume", text + "    restart: always\n")
    assert not of("data-without-volume", text + "    restart: always\n    tmpfs: [/var/lib/postgresql/data]\n")
    assert not of("data-without-volume", text + "    restart: always\n", "compose.test.yaml")


def test_modules_that_are_elsewhere_are_not_hidden() -> None:
    text = "services:\n  api:\n    build: .\n    volumes:\n      - .:/app\n"
    ignored = {".gitignore": "node_modules\n"}
    assert of("hidden-dependencies", text, **NODE, **ignored)
    assert not of("hidden-dependencies", text + "      - /app/node_modules\n", **NODE, **ignored)
    assert not of("hidden-dependencies", text.replace(".:/app", "./src:/app/src"), **NODE, **ignored)
    moved = {**NODE, "Dockerfile": NODE["Dockerfile"].replace("npm ci", "npm ci && mv node_modules /node_modules")}
    assert not of("hidden-dependencies", text, **moved, **ignored)


@pytest.mark.parametrize(
    ("name", "value", "count"),
    [
        ("JWT_SECRET", "9fK2vQx7Lm4Zp8Wc3Rb6Yd1T", 1), ("JWT_SECRET", "change-me-please-123456", 0), ("JWT_SECRET", "${JWT_SECRET}", 0),
        ("SECRET_FILE", "9fK2vQx7Lm4Zp8Wc3Rb6Yd1T", 0), ("TOKEN_TTL", "12345678901234567890", 0), ("POSTGRES_PASSWORD", "postgres", 0),
        ("X", "AKIAIOSFODNN7ABCDEFG", 1),
    ],
)  # fmt: skip
def test_what_looks_like_a_secret(name: str, value: str, count: int) -> None:
    found = of("plain-secret", f"services:\n  app:\n    image: a/b:1\n    environment:\n      {name}: {value}\n")
    assert len(found) == count
    assert all(value not in repr(finding) for finding in found)


def test_a_name_that_something_else_reads_is_not_misspelt() -> None:
    code = {
        **NODE,
        "server.js": 'const x = process.env.MAILER_ADDRESS || "";\nrequire("express")().listen(3000, () => x);\n',
    }
    assert of("misspelt-variable", "MAILER_ADRESS=a\n", ".env.example", **code)
    assert not of(
        "misspelt-variable", "MAILER_ADRESS=a\n", ".env.example", **code, **{"deploy.sh": "echo $MAILER_ADRESS\n"}
    )
    assert not of("misspelt-variable", "MAILER_ADRESS=a\nMAILER_ADDRESS=b\n", ".env.example", **code)
    assert not of("misspelt-variable", "MAILER_ACCOUNT=a\n", ".env.example", **code)
    assert not of("misspelt-variable", "# MAILER_ADRESS=a\n", ".env.example", **code)


def test_a_base_64_looking_port_is_no_number() -> None:
    text = "services:\n  a:\n    image: postgres:17\n    ports:\n      - 5432:5432\n"
    assert '"127.0.0.1:5432:5432"' in fixed("open-database", text)


def test_an_interface_with_its_own_login_may_be_published() -> None:
    text = "services:\n  ui:\n    image: mongo-express:1\n    ports: ['8081:8081']\n"
    assert of("open-admin", text)
    assert not of("open-admin", text + "    environment: [ME_CONFIG_BASICAUTH_USERNAME=x]\n")
    assert not of("open-admin", text.replace("'8081", "'127.0.0.1:8081"))


def test_a_database_asks_for_a_password_or_for_leave_without() -> None:
    text = "services:\n  db:\n    image: postgres:17\n"
    assert of("missing-database-password", text)
    for more in (
        "    env_file: .env\n",
        "    environment: [POSTGRES_PASSWORD_FILE=/run/x]\n",
        "    environment: {POSTGRES_HOST_AUTH_METHOD: trust}\n",
    ):
        assert not of("missing-database-password", text + more)
    over = "services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: x\n"
    assert not of("missing-database-password", text, **{"compose.override.yaml": over})
    assert not of("missing-database-password", text.replace("postgres:17", "acme/postgres:17"))
    assert of("missing-database-password", text + "    environment: {POSTGRES_PASSWORD: ''}\n")
