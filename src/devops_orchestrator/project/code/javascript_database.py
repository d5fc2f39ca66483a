"""Database tools of JavaScript: the engine that their configuration names, and the command of the migrations."""

from __future__ import annotations

import re
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.javascript import JavaScript, argument
from devops_orchestrator.project.code.syntax import Source, children
from devops_orchestrator.project.documents import Document
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.services import of_url
from devops_orchestrator.project.tree import Tree

Node = Any
MIGRATES = lazy(
    r"(db|database|prisma|knex|typeorm|sequelize|drizzle|mikro-orm|orm)?[:-]?(migrat(e|ion|ions)([:-](run|deploy|up|latest|prod|apply|execute))?|deploy)"
)
MAKES = lazy(r"migrate dev|--name|generate|create|make\b|rollback|\bdown\b|:down|nodemon|--watch")
# (package, command, files of which one must be there: the tool's own configuration)
_TOOLS = (
    ("sequelize-cli", "sequelize-cli db:migrate", (".sequelizerc", "config/config.json", "config/config.js")),
    ("knex", "knex migrate:latest", ("knexfile.js", "knexfile.ts", "knexfile.mjs", "knexfile.cjs")),
    ("node-pg-migrate", "node-pg-migrate up", ()),
    ("@mikro-orm/cli", "mikro-orm migration:up", ("mikro-orm.config.ts", "mikro-orm.config.js", "src/mikro-orm.config.ts", "src/mikro-orm.config.js")),
    ("migrate-mongo", "migrate-mongo up", ("migrate-mongo-config.js", "migrate-mongo-config.ts")),
    ("db-migrate", "db-migrate up", ("database.json",)),
    ("kysely-ctl", "kysely migrate:latest", ("kysely.config.ts", ".config/kysely.config.ts")),
)  # fmt: skip
# What a configuration calls an engine → the service.
ENGINES = {
    "pg": "postgresql", "postgres": "postgresql", "postgresql": "postgresql", "cockroachdb": "postgresql", "pg-native": "postgresql",
    "mysql": "mysql", "mysql2": "mysql", "mariadb": "mariadb", "mongodb": "mongodb", "mongo": "mongodb",
}  # fmt: skip
_CLIENTS = (
    "connect", "createClient", "Sequelize", "DataSource", "createConnection", "Pool", "Client", "Redis", "createPool", "mongoose.connect", "SQL",
    "MongoClient", "postgres", "neon", "Agenda",
)  # fmt: skip
_CONNECTS = lazy(
    r"connect|forRoot|register|create(Client|Pool|Connection)|new (Sequelize|DataSource|Pool|Client|Redis|SQL|MongoClient|Agenda)|postgres\(|neon\("
)
# Modules whose objects name an engine in a key.
_NAMED = {
    "knex": ("client",), "drizzle-kit": ("dialect",), "sequelize": ("dialect",), "sequelize-typescript": ("dialect",), "typeorm": ("type",),
    "@nestjs/typeorm": ("type",), "@nestjs/sequelize": ("dialect",),
}  # fmt: skip


def give(draft: Draft, tree: Tree, package: Document, code: JavaScript) -> None:
    """Services and the migration command."""
    _prisma(draft, tree)
    _scripts(draft, package)
    _tools(draft, tree)
    give_services(draft, tree, code)


def give_services(draft: Draft, tree: Tree, code: JavaScript) -> None:
    """The services that connection strings and configurations name."""
    for source in code.sources:
        if code.used(source.path) and _CONNECTS.search(source.text):
            _connections(draft, code, source)
    _engines(draft, tree, code)


def _scripts(draft: Draft, package: Document) -> None:
    for name, body in draft.scripts.items():
        if MIGRATES.fullmatch(name) and not MAKES.search(body) and (name != "deploy" or "migrate" in body):
            from devops_orchestrator.project.ecosystems import node

            draft.offer("migrate", node.run(draft, name), package.at("scripts", name))


def _tools(draft: Draft, tree: Tree) -> None:
    from devops_orchestrator.project.ecosystems import node

    below = draft.path + "/" if draft.path != "." else ""
    folder = next(
        (p for p in draft.files if re.search(r"(^|/)migrations?/", p) and not re.search(r"(^|/)(tests?|e2e)/", p)), None
    )
    config = tree.first(draft.path, "drizzle.config.ts", "drizzle.config.js", "drizzle.config.mjs")
    journal = next((p for p in draft.files if p.endswith("meta/_journal.json")), None)
    if config and journal and draft.depends_on("drizzle-kit", "drizzle-orm"):
        draft.offer("migrate", node.execute(draft, "drizzle-kit migrate"), config)
    for package, command, files in _TOOLS:
        found = tree.first(draft.path, *files) if files else folder
        if package == "knex" and found is None and folder:
            nested = next((p for p in draft.files if p.rpartition("/")[2] in files), None)
            if nested:
                found, command = nested, f"{command} --knexfile {nested.removeprefix(below)}"
        if package in draft.dependencies and folder and found:
            draft.offer("migrate", node.execute(draft, command), found)


def _connections(draft: Draft, code: JavaScript, source: Source) -> None:
    """Connection strings that code gives to a driver."""
    for call in source.all("call_expression", "new_expression"):
        function = call.field("function") or call.field("constructor")
        name = function.text() if function is not None else ""
        if name in _CLIENTS or name.rpartition(".")[2] in ("connect", "forRoot", "register"):
            service = of_url(code.value(source, argument(call, 0)).constant)
            if service:
                draft.add("services", service, source.at(call))


def _engines(draft: Draft, tree: Tree, code: JavaScript) -> None:
    """The engine that a knexfile, a Drizzle configuration or an ORM's options name."""
    files = ("knexfile", "drizzle.config", "ormconfig", "mikro-orm.config")
    configs = [path for path in (*code.paths, *draft.files) if path.rpartition("/")[2].rpartition(".")[0] in files]
    for path in dict.fromkeys(configs):
        if path.endswith(".json"):
            document = tree.json(path)
            engine = ENGINES.get(str(document.get("type"))) if document else None
            if document and engine:
                draft.add("services", engine, document.at("type"))
            continue
        source = code.source(path, always=True) if path in code.known else None
        if source:
            _named(draft, code, source, ("client", "dialect", "type"))
    if not draft.depends_on(*_NAMED):
        return
    for source in code.sources:
        keys = {key for _, module, _ in code.imports(source) for key in _NAMED.get(module, ())}
        if keys:
            _named(draft, code, source, tuple(keys))


def _named(draft: Draft, code: JavaScript, source: Source, keys: tuple[str, ...]) -> None:
    for pair in source.all("pair"):
        key, value = pair.field("key"), pair.field("value")
        if key is None or value is None or key.text().strip("'\"") not in keys or value.kind() == "object":
            continue
        engine = ENGINES.get(str(code.value(source, value).constant))
        # `{ type: "postgres" }` names an engine where something of a connection stands beside it.
        beside = [part.field("key").text() for part in children(pair.parent()) if part.kind() == "pair"]
        if engine and ("type" not in key.text() or {"host", "url", "database", "entities", "username"} & set(beside)):
            draft.add("services", engine, source.at(pair))


def _prisma(draft: Draft, tree: Tree) -> None:
    if not draft.depends_on("prisma", "@prisma/client"):
        return
    from devops_orchestrator.project.ecosystems import node

    schemas = [
        p for p in draft.files if p.endswith("schema.prisma") or (p.endswith(".prisma") and "/prisma/" in f"/{p}")
    ]
    schema = next((p for p in schemas if "datasource " in (tree.text(p) or "")), schemas[0] if schemas else None)
    inside = False
    for number, line in tree.lines(schema):
        text = line.split("//")[0].strip()
        if text.startswith("datasource "):
            inside = True
        elif text == "}":
            inside = False
        found = re.fullmatch(r'provider\s*=\s*"(\w+)"', text) if inside else None
        service = ENGINES.get(found[1]) if found else None
        if service:
            draft.add("services", service, f"{schema}:{number}")
        variable = re.search(r'env\("(\w+)"\)', text) if inside else None
        if variable:
            draft.add("environment", variable[1], f"{schema}:{number}")
            draft.add("required_environment", variable[1], f"{schema}:{number}")
    draft.trait("prisma", schema)
    if schema and any("/migrations/" in p and p.endswith("migration.sql") for p in draft.files):
        draft.prefer("migrate", node.execute(draft, "prisma migrate deploy"), schema)
