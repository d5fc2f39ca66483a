"""Templates: Jinja with the delimiters `<[ x ]>`, `<% if %>`, `<# #>`, which no DevOps format uses."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        block_start_string="<%", block_end_string="%>", variable_start_string="<[", variable_end_string="]>",
        comment_start_string="<#", comment_end_string="#>", line_statement_prefix="%%", trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True, undefined=StrictUndefined, autoescape=False,  # noqa: S701 - not HTML
    )  # fmt: skip
    environment.filters["json"] = lambda value: json.dumps(value, ensure_ascii=False)
    environment.filters["quoted"] = quoted
    return environment


def quoted(value: object) -> str:
    """A YAML scalar: quoted only where YAML would read something else than this string."""
    import yaml

    text = str(value)
    dumped = (
        yaml.safe_dump(text, allow_unicode=True, width=10_000, default_style=None).removesuffix("\n...\n").rstrip("\n")
    )
    return json.dumps(text, ensure_ascii=False) if dumped.startswith("'") or "\n" in dumped else dumped


def render(package: str, name: str, **values: Any) -> str:
    """The template `templates/<name>` of a room's package, filled. An undefined name is an error (StrictUndefined)."""
    source = files(package).joinpath("templates", *name.split("/")).read_text(encoding="utf-8")
    return render_text(source, **values)


def render_text(source: str, **values: Any) -> str:
    """A template given as text, filled."""
    return _environment().from_string(source).render(**values)
