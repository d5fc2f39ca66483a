"""Write the folder of a new specialist: the shape of a room, to be filled. `make test` then names what it lacks."""

from __future__ import annotations

import re
import sys
from pathlib import Path

DOMAINS = Path(__file__).parent.parent / "src" / "devops_orchestrator" / "domains"

FILES = {
    "__init__.py": '''"""{title}."""

from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.domains.{domain}.{module}.params import {stem}Params
from devops_orchestrator.domains.{domain}.{module}.rules import RULES
from devops_orchestrator.text import Text, same

SPECIALIST = Specialist(
    id="{id}",
    title=same("{title}"),
    summary=Text(en="", fr=""),
    params={stem}Params,
    kinds=(),
    rules=RULES,
    examples=(),
)
''',
    "params.py": '''"""The parameters of {id}."""

from devops_orchestrator.core.params import Name, Params


class {stem}Params(Params):
    """What a request may say."""

    name: Name = None
''',
    "rules.py": '''"""The rules of {id}."""

from devops_orchestrator.core.rule import Rule

RULES: tuple[Rule, ...] = ()
''',
    "requests.yaml": "words: {{both: [], fr: [], en: []}}\nexamples:\n  fr: {{create: [], improve: [], review: [], answer: []}}\n"
    "  en: {{create: [], improve: [], review: [], answer: []}}\n",
    "guide.en.md": "# {title}\n\n## When\n\n## Choices\n\n## Troubleshooting\n\n## Rules\n",
    "guide.fr.md": "# {title}\n\n## Quand\n\n## Choix\n\n## Dépannage\n\n## Règles\n",
}


def main() -> None:
    """`new_specialist.py domain/name`."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    if not re.fullmatch(r"[a-z]+/[a-z][a-z0-9-]*", wanted) or not (DOMAINS / wanted.split("/")[0]).is_dir():
        known = ", ".join(sorted(path.name for path in DOMAINS.iterdir() if (path / "__init__.py").exists()))
        sys.exit(f"usage: make new-specialist ID=domain/name, with a domain of: {known}")
    domain, name = wanted.split("/")
    module = name.replace("-", "_")
    folder = DOMAINS / domain / module
    if folder.exists():
        sys.exit(f"{wanted} is there already")
    folder.mkdir()
    title = name.replace("-", " ").capitalize()
    stem = "".join(part.capitalize() for part in name.split("-"))
    for file, text in FILES.items():
        filled = text.format(id=wanted, domain=domain, module=module, title=title, stem=stem)
        (folder / file).write_text(filled, encoding="utf-8")
    print(f'{folder}: fill it, then add "{name}" to `specialists` in domains/{domain}/__init__.py')


if __name__ == "__main__":
    main()
