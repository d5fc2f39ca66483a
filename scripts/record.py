"""Record the terminal picture of the README: the main job on a bundled application, as it really runs."""

from __future__ import annotations

import io
import os
import pty
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parent.parent
DEVOPS = str(Path(sys.executable).parent / "devops")
REQUEST = "Configurer GitHub Actions pour mon projet"
HEAD, TAIL = 34, 16  # lines kept of the long diff


def played(folder: Path) -> str:
    """What a terminal shows, with the answer `o` to the question."""
    main, side = pty.openpty()
    process = subprocess.Popen([DEVOPS, REQUEST], cwd=folder, stdin=side, stdout=side, stderr=side, close_fds=True)
    os.close(side)
    shown = b""
    while True:
        try:
            part = os.read(main, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
        if b"[o/N]" in part:
            os.write(main, b"o\n")
    process.wait()
    return shown.decode("utf-8", "replace").replace("\r\n", "\n")


def main() -> None:
    """Write docs/demo.svg."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "shop"
        shutil.copytree(ROOT / "examples" / "fastapi", folder)
        subprocess.run(["git", "init", "-q", "-b", "main"], cwd=folder, check=True)
        subprocess.run(["git", "remote", "add", "origin", "https://github.com/acme/shop.git"], cwd=folder, check=True)
        lines = played(folder).rstrip("\n").split("\n")
    if len(lines) > HEAD + TAIL:
        lines = [*lines[:HEAD], f"\x1b[2m          … {len(lines) - HEAD - TAIL} more lines\x1b[0m", *lines[-TAIL:]]
    console = Console(record=True, width=112, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(f'\x1b[1m$ devops "{REQUEST}"\x1b[0m'))
    for line in lines:
        console.print(Text.from_ansi(line), overflow="ellipsis", no_wrap=True)
    svg = console.export_svg(title="devops", font_aspect_ratio=0.61)
    # The font comes from the reader's machine: a picture in a README fetches nothing.
    start, end = svg.find("@font-face"), svg.rfind("@font-face")
    if start >= 0:
        close = svg.index("}", end) + 1
        svg = svg[:start] + svg[close:]
    (ROOT / "docs" / "demo.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
