"""How Ruby code is tested, checked and built: RSpec, Minitest, Rake's tasks, RuboCop, Standard, Sorbet, Steep."""

from __future__ import annotations

import re

from devops_orchestrator.project.code import ruby_values as values
from devops_orchestrator.project.code.ruby import Ruby
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.gemfile import Lock
from devops_orchestrator.project.tree import Tree, join

_RSPEC = ("rspec-rails", "rspec", "rspec-core")
_RUBOCOP = ("rubocop", "rubocop-rails-omakase", "rubocop-rails", "rubocop-rspec", "rubocop-performance", "rubocop-minitest", "rubocop-rake",
            "rubocop-capybara", "rubocop-factory_bot", "rubocop-discourse", "rubocop-shopify", "rubocop-github", "standard-rails")  # fmt: skip
# What hooks into `assets:precompile`.
_ASSETS = ("propshaft", "sprockets-rails", "sprockets", "importmap-rails", "cssbundling-rails", "jsbundling-rails", "tailwindcss-rails",
           "dartsass-rails", "vite_rails", "shakapacker", "webpacker", "sass-rails", "sassc-rails", "coffee-rails", "turbolinks")  # fmt: skip
_BUNDLERS = ("jsbundling-rails", "cssbundling-rails", "vite_rails", "shakapacker", "webpacker", "importmap-rails")


def commands(draft: Draft, tree: Tree, code: Ruby, lock: Lock) -> None:
    """Test, lint, type check and build commands."""
    _tests(draft, tree, code)
    lint = draft.depends_on(*_RUBOCOP)
    standard = draft.depends_on("standard")
    if lint and not (standard and not tree.has(draft.path, ".rubocop.yml")):
        command = "bin/rubocop" if tree.has(draft.path, "bin/rubocop") else "bundle exec rubocop"
        draft.offer("lint", command, draft.place(lint))
    if standard:
        draft.offer("lint", "bundle exec standardrb", draft.place("standard"))
    if draft.depends_on("sorbet", "sorbet-static", "sorbet-static-and-runtime") and tree.has(
        draft.path, "sorbet/config"
    ):
        draft.offer("typecheck", "bundle exec srb tc", join(draft.path, "sorbet/config"))
    if draft.depends_on("steep") and tree.has(draft.path, "Steepfile"):
        draft.offer("typecheck", "bundle exec steep check", join(draft.path, "Steepfile"))
    if draft.framework_is("rails") and draft.kind == "service":
        _assets(draft, tree, lock)


def _tests(draft: Draft, tree: Tree, code: Ruby) -> None:
    _of_tools(draft, tree, code)
    script = tree.first(draft.path, "bin/test")
    draft.offer("test", "bin/test" if script else None, script or "")


def _of_tools(draft: Draft, tree: Tree, code: Ruby) -> None:
    rspec = draft.depends_on(*_RSPEC)
    if rspec and any(path.endswith("_spec.rb") for path in tree.below(join(draft.path, "spec"))):
        draft.offer("test", "bundle exec rspec", draft.place(rspec))
    tests = [path for path in tree.below(join(draft.path, "test")) if re.search(r"(_test|/test_\w+)\.rb$", path)]
    if not tests:
        return
    rails = tree.first(draft.path, "bin/rails")
    if draft.framework_is("rails") and rails and draft.kind == "service":
        draft.offer("test", "bin/rails test", rails)
        return
    task = _rake_task(code)
    if task:
        draft.offer("test", f"bundle exec rake {task[0]}", task[1])
    elif len(tests) == 1 and draft.depends_on("minitest", "test-unit"):
        inside = tests[0] if draft.path == "." else tests[0].removeprefix(draft.path + "/")
        draft.offer("test", f"bundle exec ruby -Itest {inside}", tests[0])


def _rake_task(code: Ruby) -> tuple[str, str] | None:
    """(task, place) of the Rakefile's `Rake::TestTask.new(:test)`, or of `task :test`."""
    source = code.file("Rakefile", "rakefile", "Rakefile.rb")
    for call in source.all("call") if source else ():
        receiver = call.field("receiver")
        given = values.positional(call)
        first = values.text(given[0]) if given else None
        if (
            values.name_of(call) in ("new", "create")
            and receiver is not None
            and receiver.text().endswith("TestTask")
            and source
        ):
            return first or "test", source.at(call)
        named = next((key for key, _ in values.pairs(call.field("arguments")) if key), None)
        if values.name_of(call) == "task" and receiver is None and "test" in (first, named) and source:
            return "test", source.at(call)
    return None


def _assets(draft: Draft, tree: Tree, lock: Lock) -> None:
    runner = tree.first(draft.path, "bin/rails")
    gem = draft.depends_on(*_ASSETS)
    locked = next((name for name in ("propshaft", "sprockets-rails") if name in lock.gems), None)
    # Rails brought sprockets-rails itself up to version 6; without a folder of assets there is nothing to build.
    if runner and (gem or (locked and tree.below(join(draft.path, "app/assets")))):
        draft.offer("build", "bin/rails assets:precompile", draft.place(gem) if gem else runner)
    draft.trait("asset_bundler", draft.depends_on(*_BUNDLERS), draft.place(draft.depends_on(*_BUNDLERS) or ""))
