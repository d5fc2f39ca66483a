"""What the commands share: their options and what they do first."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from devops_orchestrator.errors import UsageError
from devops_orchestrator.text import Text

if TYPE_CHECKING:
    from devops_orchestrator.core.repository import Repository

repository_option = click.option("-C", "path", default=".", metavar="PATH", help="The repository (default: here).")
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
lang_option = click.option("--lang", type=click.Choice(["fr", "en"]), help="Language of the answer.")
set_option = click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Give a parameter its value.")
yes_option = click.option("--yes", is_flag=True, help="Write without asking.")
dry_run_option = click.option("--dry-run", is_flag=True, help="Write nothing.")
linters_option = click.option(
    "--no-linters", "linters", is_flag=True, flag_value=False, default=True, help="Embedded checks only."
)
unsafe_option = click.option("--unsafe", is_flag=True, help="Also make the fixes that change how things run.")


def read_settings(settings: Sequence[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name:
            raise UsageError(
                Text(f"--set takes NAME=VALUE, not '{setting}'.", f"--set attend NOM=VALEUR, pas « {setting} ».")
            )
        given[name.strip()] = value
    return given


def exclude(yes: bool, dry_run: bool) -> None:
    if yes and dry_run:
        raise UsageError(Text("--yes and --dry-run exclude each other.", "--yes et --dry-run s'excluent."))


def mend_first(repository: Repository, lang: str | None) -> None:
    """Roll back what a crash left half done, and say so."""
    from devops_orchestrator.actions.undo import mend

    assert repository.root is not None
    for receipt in mend(repository.root):
        told = Text(
            f"A crash had left {receipt.id} half done: its files are as they were before.",
            f"Un arrêt brutal avait laissé {receipt.id} à moitié fait : ses fichiers sont comme avant.",
        )
        click.echo(told.to(lang or default_language()), err=True)


def default_language() -> str:
    """The language of what is not an answer to a request: DEVOPS_LANG, else the locale's."""
    for name in ("DEVOPS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "fr" if value.lower().startswith("fr") else "en"
    return "en"
