"""Ruby: Bundler; Rails, Sinatra, Rack, Sidekiq."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from devops_orchestrator.project import images, services, tasks, versions
from devops_orchestrator.project.code import facts
from devops_orchestrator.project.code.facts import Read, Route, Value, normal
from devops_orchestrator.project.code.syntax import Source, Sources, children
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.ecosystems.ecosystem import Context, Ecosystem, with_manifest
from devops_orchestrator.project.tree import Tree, join

Node = Any
_WORDS = re.compile(r"ENV|get |port|adapter|gem |ruby ")
_FRAMEWORKS = (
    ("rails", "rails"),
    ("hanami", "hanami"),
    ("sinatra", "sinatra"),
    ("roda", "roda"),
    ("grape", "grape"),
    ("jekyll", "jekyll"),
    ("rack", "rack"),
)
_NOT_OURS = {"RAILS_ENV", "RACK_ENV", "BUNDLE_GEMFILE", "PATH", "HOME", "CI"}


def _finds(tree: Tree) -> list[str]:
    return with_manifest(tree, "Gemfile")


def _read(draft: Draft, context: Context) -> bool:
    tree = context.tree
    path = join(draft.path, "Gemfile")
    code = Ruby(tree, draft.files)
    _gemfile(draft, code, path)
    draft.offer("manifest", path, path)
    draft.offer("language", "ruby", path)
    draft.offer("package_manager", "bundler", path)
    lock = tree.first(draft.path, "Gemfile.lock")
    draft.offer("lockfile", lock, lock or "")
    draft.offer("install", "bundle install", lock or path)
    versions.pin_files(draft, tree, "ruby", ".ruby-version")
    for entry in draft.candidates.pop("_ruby", []):
        versions.offer(draft, "ruby", versions.least(str(entry.value)), entry.evidence)
    versions.tool_files(draft, tree, "ruby")
    services.from_packages(draft, services.RUBY)
    for gem, framework in _FRAMEWORKS:
        if gem in draft.dependencies and gem not in draft.dev_dependencies:
            draft.offer("framework", framework, draft.place(gem))
    framework = draft.get("framework")
    if framework == "jekyll":
        draft.kind = "static"
        draft.offer("build", "bundle exec jekyll build", draft.place("jekyll"))
        draft.offer("port", 4000, convention("Jekyll's development server"))
        return True
    draft.kind = (
        "service"
        if framework or tree.has(draft.path, "config.ru")
        else "worker"
        if draft.depends_on("sidekiq", "resque")
        else "library"
    )
    seen = code.seen()
    facts.give(draft, seen)
    if draft.kind == "service":
        images.from_dockerfile(draft, tree, images.dockerfile_of(tree, draft.path, alone=len(context.folders) == 1))
    _commands(draft, tree, framework)
    tasks.procfile(draft, tree)
    tasks.offer(draft, tree, "test", "lint")
    versions.last_resorts(draft, tree, "ruby")
    return True


def _gemfile(draft: Draft, code: Ruby, path: str) -> None:
    source = code.source(path, always=True) if path in code.paths else None
    text = code.tree.text(path) if source is None else None
    if source is None and text is not None:
        source = Source(path, text, "ruby")
    for call in source.all("call") if source else ():
        method = call.field("method")
        name = method.text() if method is not None else ""
        arguments = list(children(call.field("arguments")))
        strings = [a.text().strip("'\"") for a in arguments if a.kind() == "string"]
        if name == "gem" and strings and source:
            draft.dependencies[strings[0]] = strings[1] if len(strings) > 1 else ""
            draft.places[strings[0]] = source.at(call)
            above = call.parent()
            while above is not None and not above.text().startswith("group "):
                above = above.parent()
            if above is not None and re.match(r"group\s+(:development|:test)", above.text()):
                draft.dev_dependencies.add(strings[0])
        elif name == "ruby" and strings and source:
            draft.offer("_ruby", strings[0], source.at(call))


def _commands(draft: Draft, tree: Tree, framework: str | None) -> None:
    manifest = str(draft.get("manifest"))
    rails = framework == "rails"
    if rails and tree.has(draft.path, "bin/rails"):
        runner = join(draft.path, "bin/rails")
        if any(path.startswith(join(draft.path, "spec/")) for path in draft.files) and draft.depends_on(
            "rspec-rails", "rspec"
        ):
            draft.offer("test", "bundle exec rspec", draft.place("rspec-rails"))
        draft.offer("test", "bin/rails test" if any("/test/" in f"/{p}" for p in draft.files) else None, runner)
        draft.offer(
            "build",
            "bin/rails assets:precompile"
            if draft.depends_on("propshaft", "sprockets-rails", "importmap-rails")
            else None,
            runner,
        )
        draft.offer("migrate", "bin/rails db:prepare", runner)
        command = draft.traits.get("image_command", "")
        draft.offer("start", command or None, draft.evidence("image_command") or "")
        draft.offer("start", "bin/rails server -b 0.0.0.0", runner)
        draft.offer("port", 3000, convention("Rails's default port"))
    else:
        if draft.depends_on("rspec"):
            draft.offer("test", "bundle exec rspec", draft.place("rspec"))
        if tree.has(draft.path, "Rakefile") and any("/test/" in f"/{p}" for p in draft.files):
            draft.offer("test", "bundle exec rake test", join(draft.path, "Rakefile"))
        if tree.has(draft.path, "config.ru"):
            port = 9292
            server = "puma" if draft.depends_on("puma") else "rackup"
            draft.offer("port", port, convention("Rack's default port"))
            draft.offer(
                "start",
                f"bundle exec {server} -p {draft.get('port')}" + (" -o 0.0.0.0" if server == "rackup" else ""),
                join(draft.path, "config.ru"),
            )
        elif framework == "sinatra":
            draft.offer("port", 4567, convention("Sinatra's default port"))
            main = next((p for p in ("app.rb", "main.rb", "server.rb") if tree.has(draft.path, p)), None)
            draft.offer("start", f"bundle exec ruby {main} -o 0.0.0.0" if main else None, main or manifest)
    rubocop = next((gem for gem in draft.dependencies if gem.startswith("rubocop")), None)
    if rubocop:
        draft.offer(
            "lint",
            "bin/rubocop" if tree.has(draft.path, "bin/rubocop") else "bundle exec rubocop",
            draft.place(rubocop),
        )
    elif draft.depends_on("standard"):
        draft.offer("lint", "bundle exec standardrb", draft.place("standard"))


class Ruby(Sources):
    """The sources of one application."""

    def __init__(self, tree: Tree, files: tuple[str, ...]) -> None:
        super().__init__(
            tree, files, {".rb": "ruby", ".ru": "ruby"}, _WORDS, lambda p: bool(re.search(r"(^|/)(test|spec)/", p)),
            lambda p: 0 if re.search(r"(^|/)config/(routes|puma|application|environments/production)\.rb$|config\.ru$", p) else 1,
        )  # fmt: skip

    def seen(self) -> facts.Seen:
        """Routes, the port of puma, environment variables."""
        found = facts.Seen()
        for source in self.sources:
            for call in source.all("call"):
                found.routes += self._route(source, call)
                found.reads += self._fetch(source, call)
                found.ports += self._port(source, call)
            for node in source.all("element_reference"):
                named = re.fullmatch(r"ENV\[['\"](\w+)['\"]\]", node.text())
                if named and named[1] not in _NOT_OURS:
                    found.reads.append(Read(named[1], source.at(node), False))  # nil where it is absent
        return found

    def _route(self, source: Source, call: Node) -> Iterator[Route]:
        method = call.field("method")
        arguments = list(children(call.field("arguments")))
        if method is not None and method.text() == "get" and arguments:
            found = re.match(r"['\"]([^'\"]+)['\"]", arguments[0].text())
            if found and (source.path.endswith("routes.rb") or found[1].startswith("/")):
                yield Route(normal(found[1]), source.at(call))

    def _fetch(self, source: Source, call: Node) -> Iterator[Read]:
        found = re.match(r"ENV\.fetch\(\s*['\"](\w+)['\"]\s*(,)?", call.text())
        if found and found[1] not in _NOT_OURS:
            block = call.text().rstrip().endswith(("}", "end"))
            yield Read(found[1], source.at(call), not found[2] and not block)

    def _port(self, source: Source, call: Node) -> Iterator[tuple[Value, str]]:
        method = call.field("method")
        if source.path.endswith("puma.rb") and method is not None and method.text() == "port":
            text = call.text()
            number = re.search(r"\b(\d{4,5})\b", text)
            named = re.search(r"ENV(?:\.fetch\(|\[)\s*['\"](\w+)", text)
            yield Value(int(number[1]) if number else None, named[1] if named else None), source.at(call)


ECOSYSTEM = Ecosystem("ruby", _finds, _read)
