"""Sites: which generator, where its pages go, and when a site is not the application."""

from __future__ import annotations

import json

import pytest

from devops_orchestrator.core.project import Component
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.project import read


def first(files: dict[str, str]) -> Component:
    return read(Repository.of(files)).components[0]


@pytest.mark.parametrize(
    ("files", "framework", "output"),
    [
        ({"hugo.yaml": "baseURL: /\n", "content/a.md": ""}, "hugo", "public"),
        ({"config.toml": 'baseURL = "/"\npublishdir = "docs"\n', "content/a.md": ""}, "hugo", "docs"),
        ({"config/_default/config.yaml": "title: x\n", "content/a.md": ""}, "hugo", "public"),
        (
            {"config.toml": 'base_url = "/"\noutput_dir = "out"\n', "content/a.md": "", "templates/a.html": ""},
            "zola",
            "out",
        ),
        ({"_config.yml": "title: x\n", "index.md": ""}, "jekyll", "_site"),
        ({"mkdocs.yml": "site_name: x\n", "docs/index.md": ""}, "mkdocs", "site"),
        ({"index.html": ""}, None, "."),
        ({"src/index.html": "", "src/a.css": ""}, None, "."),
    ],
)
def test_generator_and_output(files: dict[str, str], framework: str | None, output: str) -> None:
    found = first(files)
    assert (found.language, found.kind, found.framework, found.output) == ("static", "static", framework, output)


def test_a_configuration_of_something_else_is_no_site() -> None:
    assert read(Repository.of({"config.toml": "[server]\nport = 1\n", "content/a.md": ""})).components == ()


@pytest.mark.parametrize(
    ("files", "version"),
    [
        ({".hvm": "v0.140.0\n"}, "0.140.0"),
        ({"netlify.toml": '[context.production.environment]\nHUGO_VERSION = "0.141.0"\n'}, "0.141.0"),
        ({".github/workflows/a.yml": "jobs:\n  a:\n    env:\n      HUGO_VERSION: 0.142.0\n    steps: []\n"}, "0.142.0"),
        (
            {
                ".github/workflows/a.yml": "jobs:\n  a:\n    steps:\n      - uses: peaceiris/actions-hugo@v3\n        with:\n          hugo-version: '0.143.0'\n"
            },
            "0.143.0",
        ),
    ],
)
def test_version_of_hugo(files: dict[str, str], version: str) -> None:
    found = first({"hugo.toml": "", "content/a.md": "", **files})
    assert found.runtime is not None and (found.runtime.name, found.runtime.version) == ("hugo", version)


def test_a_site_goes_before_its_tools() -> None:
    package = json.dumps({"name": "x", "scripts": {"build": "hugo --gc"}, "devDependencies": {"postcss": "8"}})
    found = first({"hugo.toml": "", "content/a.md": "", "package.json": package, "go.mod": "module x\n\ngo 1.24\n"})
    assert (found.language, found.framework, found.build) == ("static", "hugo", "npm run build")
    assert found.package_manager == "npm"


def test_the_pages_of_a_library_are_not_the_library() -> None:
    files = {
        "mkdocs.yml": "site_name: x\n",
        "pyproject.toml": '[project]\nname = "x"\n',
        "src/x/__init__.py": "",
        "docs/index.md": "",
    }
    found = first(files)
    assert (found.language, found.framework) == ("python", None)


def test_a_theme_of_hugo_is_a_library() -> None:
    found = first({"theme.toml": 'name = "x"\n', "layouts/index.html": "", "go.mod": "module x\n\ngo 1.24\n"})
    assert (found.language, found.framework, found.kind, found.build) == ("static", "hugo", "library", None)


def test_github_pages_of_a_gemfile() -> None:
    found = first(
        {"Gemfile": 'gem "github-pages", group: :jekyll_plugins\n', "_config.yml": "title: x\n", "index.md": ""}
    )
    assert (found.framework, found.package_manager, found.build) == ("jekyll", "bundler", "bundle exec jekyll build")
