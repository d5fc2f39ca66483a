"""The main job, as a new user sees it: a bundled application, one request in French, its files, and the way back."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
DEVOPS = Path(sys.executable).parent / "devops"
REQUEST = "Configurer GitHub Actions pour mon projet"


def run(*command: str, cwd: Path) -> None:
    """Show a command, then run it."""
    shown = " ".join(f'"{word}"' if " " in word else word for word in command)
    print(f"\n\033[1m$ {shown}\033[0m", flush=True)
    executable = str(DEVOPS) if command[0] == "devops" else command[0]
    subprocess.run([executable, *command[1:]], cwd=cwd, check=True)


def main() -> None:
    """Run the demonstration in a scratch folder, which is left there to look at."""
    folder = Path(tempfile.mkdtemp(prefix="devops-demo-")) / "shop"
    shutil.copytree(ROOT / "examples" / "fastapi", folder)
    for words in (
        ["init", "-q", "-b", "main"],
        ["remote", "add", "origin", "https://github.com/acme/shop.git"],
        ["add", "-A"],
        ["-c", "user.name=demo", "-c", "user.email=demo@example.com", "commit", "-q", "-m", "The application"],
    ):
        subprocess.run(["git", *words], cwd=folder, check=True)
    run("devops", "inspect", cwd=folder)
    run("devops", REQUEST, "--yes", cwd=folder)
    run("git", "status", "--short", cwd=folder)
    run("devops", "history", cwd=folder)
    print(f"\nThe application and its new files are in {folder}")


if __name__ == "__main__":
    main()
