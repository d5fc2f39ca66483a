"""Ruby: Bundler; Rails, Hanami, Sinatra, Roda, Grape, Rack; workers; gems."""

from __future__ import annotations

import re

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project import gemfile, images, rails, ruby_commands, services, tasks, versions
from devops_orchestrator.project.code import facts, ruby_routes
from devops_orchestrator.project.code import ruby_values as values
from devops_orchestrator.project.code.ruby import Ruby
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.ecosystems.ecosystem import Context, Ecosystem, with_manifest
from devops_orchestrator.project.tree import Tree, join

_FRAMEWORKS = (
    ("rails", "rails"), ("railties", "rails"), ("hanami", "hanami"), ("padrino", "padrino"), ("sinatra", "sinatra"), ("roda", "roda"), ("grape", "grape"),
    ("jekyll", "jekyll"), ("github-pages", "jekyll"), ("middleman", "middleman"), ("bridgetown", "bridgetown"), ("cuba", "cuba"), ("rack", "rack"),
)  # fmt: skip
_STATIC = {
    "jekyll": ("bundle exec jekyll build", 4000, "Jekyll's development server"),
    "middleman": ("bundle exec middleman build", 4567, "Middleman's development server"),
    "bridgetown": ("bin/bridgetown deploy", 4000, "Bridgetown's development server"),
}
_WORKERS = ("sidekiq", "karafka", "resque", "sneakers", "shoryuken")
# Gemfiles of these alone belong to a mobile application's or a repository's tools.
_TOOLS = {"fastlane", "cocoapods", "danger", "xcodeproj", "xcpretty", "activesupport", "concurrent-ruby", "bigdecimal", "logger", "mutex_m",
          "benchmark", "overcommit", "rake", "nkf", "abbrev", "base64", "ostruct"}  # fmt: skip
_PORTS = {
    "rails": (3000, "Rails's default port"), "hanami": (2300, "Hanami's default port"), "sinatra": (4567, "Sinatra's default port"),
}  # fmt: skip
_SERVERS = lazy(r"\b(rails|puma|unicorn|rackup|falcon|hanami|thin|passenger|iodine|rake|ruby)\b")
# What Procfiles also list: backing services, and commands that end.
_NO_PROCESS = lazy(r"^(redis-server|postgres|mysqld|mailcatcher|memcached)\b|\b(cache:clear|db:\w+|assets:\w+)$")
_CONSOLE = lazy(r"^(ba|z)?sh\b|\birb\b|\bconsole\b|\bsleep\b|\btail -f\b")
_THRUST = lazy(r"^(?:\./)?(?:bundle exec )?(?:\./)?(?:bin/)?thrust ")
_MAINS = ("app.rb", "main.rb", "server.rb", "application.rb", "web.rb", "api.rb")


def _finds(tree: Tree) -> list[str]:
    gemfiles = with_manifest(tree, *gemfile.NAMES)
    # A second config.ru below an application is another way to start the same one.
    racks = [
        f
        for f in with_manifest(tree, "config.ru")
        if not any(f != g and (g == "." or f.startswith(g + "/")) for g in gemfiles)
    ]
    found = [*gemfiles, *racks]
    found += [f for f, names in tree.folders.items() if any(name.endswith(".gemspec") for name in names)]
    return sorted(
        {
            folder
            for folder in found
            if not re.search(r"(^|/)(gemfiles|\.[\w-]+|dummy|generators)(/|$)", folder) or folder == "."
        }
    )


def _read(draft: Draft, context: Context) -> bool:
    tree = context.tree
    code = Ruby(tree, draft.path, draft.files)
    gems = gemfile.read(code, tree, draft.path)
    application = tree.has(draft.path, "config.ru") and tree.has(draft.path, "config/application.rb")
    if application:
        gems.gemspec = None  # an application that can be mounted as an engine
    gemfile.settle(gems)
    if gemfile.shows_a_gem(gems, tree, draft.path):
        return False
    for name, (version, place, aside) in gems.gems.items():
        draft.dependencies[name] = version
        draft.places[name] = place
        if aside:
            draft.dev_dependencies.add(name)
    if (
        gems.gems
        and gems.gems.keys() <= _TOOLS
        and not gems.gemspec
        and not any(p.endswith(".rb") for p in tree.matching(draft.path, "*.rb"))
    ):
        return False
    manifest = gems.path or join(draft.path, "config.ru")
    draft.name = gems.name or draft.name
    draft.offer("manifest", manifest, manifest)
    draft.offer("language", "ruby", manifest)
    lock_path = tree.first(draft.path, *gemfile.LOCKS)
    lock = gemfile.lock(tree, lock_path)
    if gems.path:
        draft.offer("package_manager", "bundler", manifest)
        draft.offer("lockfile", lock_path, lock_path or "")
        draft.offer("install", "bundle install", lock_path or manifest)
    if lock.bundler:
        draft.offer("package_manager_version", *lock.bundler)
    _members(draft, context, gems)
    _runtime(draft, tree, gems, lock)
    services.from_packages(draft, services.RUBY)
    _framework(draft, code, gems)
    if draft.framework_is(*_STATIC) and not gems.gemspec:
        return _static(draft, tree)
    _kind(draft, tree, code, gems)
    code.redis = draft.depends_on("redis") is not None
    seen = facts.Seen(reads=code.reads)
    if draft.kind == "service":
        seen.routes = ruby_routes.declared(code, draft.get("framework"))
        seen.ports = [*code.ports, *(code.sinatra_ports if not draft.framework_is("rails") else ())]
    facts.give(draft, seen)
    rails.databases(draft, tree)
    if draft.kind in ("service", "worker"):
        images.from_dockerfile(draft, tree, images.dockerfile_of(tree, draft.path, alone=len(context.folders) == 1))
        _metrics(draft, code)
    ruby_commands.commands(draft, tree, code, lock)
    _start(draft, tree, code)
    tasks.offer(draft, tree, "test", "lint")
    versions.last_resorts(draft, tree, "ruby")
    return True


def _members(draft: Draft, context: Context, gems: gemfile.Gems) -> None:
    for name, path in gems.local.items():
        folder = gemfile.folder(draft.path, path)
        if folder in context.folders and folder != draft.path:
            draft.members[name] = folder


def _runtime(draft: Draft, tree: Tree, gems: gemfile.Gems, lock: gemfile.Lock) -> None:
    """.ruby-version, an exact `ruby` of the Gemfile, .tool-versions, its range, the lockfile, the gemspec's range."""
    versions.pin_files(draft, tree, "ruby", *dict.fromkeys((gems.pinned_in or ".ruby-version", ".ruby-version")))
    exact = [entry for entry in gems.ruby if re.fullmatch(r"\s*=?\s*[\d.]+\s*", entry[0])]
    for constraint, place in exact:
        versions.offer(draft, "ruby", versions.least(constraint), place)
    versions.tool_files(draft, tree, "ruby")
    for constraint, place in gems.ruby:
        versions.offer(draft, "ruby", versions.coarse(constraint, 2), place)
    if lock.ruby:
        versions.offer(draft, "ruby", *lock.ruby)
    if gems.required_ruby:
        draft.trait("runtime_constraint", *gems.required_ruby)
        versions.offer(draft, "ruby", versions.coarse(gems.required_ruby[0], 2), gems.required_ruby[1])


def _framework(draft: Draft, code: Ruby, gems: gemfile.Gems) -> None:
    for gem, framework in _FRAMEWORKS:
        if gem in draft.dependencies and gem not in draft.dev_dependencies and not (gems.gemspec and gem == "rack"):
            draft.offer("framework", framework, draft.place(gem))
    worker = next((gem for gem in _WORKERS if gem in draft.dependencies and gem not in draft.dev_dependencies), None)
    if draft.get("framework") in (None, "rack") and not gems.gemspec:
        source = code.file("config.ru")
        if source is not None and not (worker and code.runs == "Sidekiq::Web"):
            draft.offer("framework", "rack", source.path)
        elif worker:
            draft.prefer("framework", worker, draft.place(worker))


def _static(draft: Draft, tree: Tree) -> bool:
    draft.kind = "static"
    build, port, origin = _STATIC[draft.get("framework")]
    draft.offer("build", build, draft.evidence("framework") or "")
    draft.offer("port", port, convention(origin))
    tasks.offer(draft, tree, "test", "lint")
    versions.last_resorts(draft, tree, "ruby")
    return True


def _kind(draft: Draft, tree: Tree, code: Ruby, gems: gemfile.Gems) -> None:
    served = tree.first(draft.path, "bin/rails", "config/application.rb", "config.ru")
    if gems.gemspec:
        draft.kind = "command" if gems.executables else "library"
    elif draft.framework_is(*_WORKERS):
        draft.kind = "worker"
    elif draft.get("framework") or served:
        draft.kind = "service"
    else:
        main = _main(draft, tree, code)
        draft.kind = "command" if main else "library"
        draft.offer("start", f"bundle exec ruby {main[0]}" if main else None, main[1] if main else "")


def _main(draft: Draft, tree: Tree, code: Ruby) -> tuple[str, str] | None:
    """(file, place) of the program that a folder of scripts is started with."""
    names = [name for name in _MAINS if tree.has(draft.path, name)]
    others = [path.rpartition("/")[2] for path in tree.matching(draft.path, "*.rb")]
    name = names[0] if names else others[0] if len(others) == 1 and others[0] not in gemfile.NAMES else None
    return (name, join(draft.path, name)) if name else None


def _start(draft: Draft, tree: Tree, code: Ruby) -> None:
    """Procfile, then the image's command where it is a server's, then the framework's documented one; the processes."""
    framework = draft.get("framework")
    if draft.kind not in ("service", "worker"):
        return
    image = draft.traits.get("image_command", "")
    if image and not _CONSOLE.search(image):  # what is deployed; a Procfile beside it is for another platform
        draft.offer("start", image, draft.evidence("image_command") or "")
    tasks.procfile(draft, tree)
    for name in [n for n, process in draft.processes.items() if _NO_PROCESS.search(process.command)]:
        del draft.processes[name]
    for candidate in draft.candidates.get("start", []):
        port = re.search(r"(?:\s-p\s*|--port[= ])(?:\$\{\w+:-)?(\d{2,5})\b", str(candidate.value))
        draft.offer("port", int(port[1]) if port else None, candidate.evidence)
    _thruster(draft, tree)
    if draft.kind == "worker":
        _worker(draft, tree, code)
    elif framework == "rails":
        runner = tree.first(draft.path, "bin/rails")
        draft.offer("port", *_default_port("rails"))
        draft.offer(
            "start",
            "bin/rails server -b 0.0.0.0" if runner else "bundle exec rails server -b 0.0.0.0",
            runner or draft.evidence("framework") or "",
        )
        draft.offer("migrate", "bin/rails db:prepare" if _has_database(draft, tree) else None, runner or "")
        rails.environment(draft, tree)
        rails.folders(draft, tree)
    else:
        _rack(draft, tree, code, framework)
    rails.public(draft, tree)
    rails.processes(draft, tree, code)


def _thruster(draft: Draft, tree: Tree) -> None:
    """Thruster stands before the server with a port of its own, which is the one that is reached."""
    through = next((c for c in draft.candidates.get("start", []) if _THRUST.search(str(c.value))), None)
    if through is not None:
        path = tree.first(draft.path, "Dockerfile")
        parsed = tree.dockerfile(path)
        told = [
            (int(word.value), f"{path}:{item.line}")
            for stage in (parsed.stages if parsed else ())
            for item in stage.of("EXPOSE")
            for word in item.words
            if word.value.isdigit() and word.value != "443"
        ]
        draft.prefer("port", *(told[0] if told else (80, convention("Thruster's default HTTP port"))))


def _default_port(framework: str) -> tuple[int, str]:
    port, origin = _PORTS[framework]
    return port, convention(origin)


def _has_database(draft: Draft, tree: Tree) -> bool:
    return any(tree.below(join(draft.path, folder)) for folder in ("db/migrate", "db")) or tree.has(
        draft.path, "config/database.yml"
    )


def _rack(draft: Draft, tree: Tree, code: Ruby, framework: str | None) -> None:
    rackup = tree.first(draft.path, "config.ru")
    if rackup:
        draft.offer("entrypoint", "config.ru", rackup)
        configured = tree.first(draft.path, "config/puma.rb")
        if framework == "hanami":
            draft.offer("port", *_default_port("hanami"))
        draft.offer("port", 9292, convention("Rack's default port"))
        port = draft.get("port")
        if draft.depends_on("puma"):
            draft.offer(
                "start",
                "bundle exec puma -C config/puma.rb" if configured else f"bundle exec puma -p {port}",
                configured or rackup,
            )
        draft.offer("start", f"bundle exec rackup -o 0.0.0.0 -p {port}", rackup)
    elif framework == "sinatra":
        draft.offer("port", *_default_port("sinatra"))
        draft.trait("port_env", "PORT")  # Sinatra reads it where the code sets no port
        main = _sinatra_main(draft, tree, code)
        if main:
            name, classic = main
            draft.offer("entrypoint", name, join(draft.path, name))
            draft.offer("start", f"bundle exec ruby {name}{' -o 0.0.0.0' if classic else ''}", join(draft.path, name))
    if (
        draft.depends_on("sinatra-activerecord", "rake")
        and tree.below(join(draft.path, "db/migrate"))
        and draft.depends_on("activerecord", "sinatra-activerecord")
    ):
        draft.offer("migrate", "bundle exec rake db:migrate", join(draft.path, "db/migrate"))


def _sinatra_main(draft: Draft, tree: Tree, code: Ruby) -> tuple[str, bool] | None:
    """(file, whether it is a classic application, which takes the server's options) of the one that is started."""
    for path in [*(p for n in _MAINS if (p := tree.first(draft.path, n))), *tree.matching(draft.path, "*.rb")]:
        source = code.source(path, always=True)
        for call in source.all("call") if source else ():
            given = values.positional(call)
            required = values.text(given[0]) if values.name_of(call) == "require" and given else None
            if required == "sinatra" or values.name_of(call) == "run!":
                bound = source is not None and re.search(r"set[ (]:bind", source.text) is not None
                return path.rpartition("/")[2], required == "sinatra" and not bound
    return None


def _worker(draft: Draft, tree: Tree, code: Ruby) -> None:
    """`sidekiq -r <the file that loads the workers>`, where one file does."""
    framework = draft.get("framework")
    place = draft.evidence("framework") or ""
    if framework == "sidekiq":
        loading = [
            path
            for path in (*tree.matching(draft.path, "*.rb"), *tree.matching(join(draft.path, "config"), "*.rb"))
            if (source := code.source(path, always=True)) and _requires(source, "sidekiq")
        ]
        configured = [path for path in loading if "configure_server" in (tree.text(path) or "")]
        for main in (configured or loading)[:1]:
            inside = main if draft.path == "." else main.removeprefix(draft.path + "/")
            draft.offer("entrypoint", inside, main)
            draft.offer("start", f"bundle exec sidekiq -r ./{inside}", main)
        return
    command = {"karafka": "bundle exec karafka server", "resque": "QUEUE=* bundle exec rake resque:work"}.get(
        str(framework)
    )
    draft.offer("start", command, place)


def _requires(source: object, gem: str) -> bool:
    return any(
        values.name_of(call) == "require" and [values.text(node) for node in values.positional(call)] == [gem]
        for call in source.all("call")  # type: ignore[attr-defined]
    )


def _metrics(draft: Draft, code: Ruby) -> None:
    """`use Prometheus::Middleware::Exporter` serves /metrics."""
    if not draft.depends_on("prometheus-client"):
        return
    for source in code.holding(re.compile("Middleware::Exporter")):
        for call in source.all("call"):
            given = values.positional(call)
            if given and given[0].text() == "Prometheus::Middleware::Exporter":
                path = values.text(values.keywords(call).get("path")) or "/metrics"
                draft.offer("metrics", path, source.at(call))
                draft.offer("metrics_library", "ruby_client_rack", source.at(call))


ECOSYSTEM = Ecosystem("ruby", _finds, _read)
