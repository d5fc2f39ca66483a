"""The only writer: inside the root, through no link, atomic, refusing a file that moved, with a receipt."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from devops_orchestrator.actions.journal import Entry, Journal, replace_file
from devops_orchestrator.actions.undo import recover
from devops_orchestrator.core.change import Change
from devops_orchestrator.errors import RefusedError
from devops_orchestrator.text import Text


def apply(root: Path, changes: Iterable[Change], *, request: str = "", agents: tuple[str, ...] = ()) -> str | None:
    """Write changes; returns the history id, or None where there was nothing to write.

    Raises RefusedError, with nothing written: a path that leaves the root or goes through a link, a file that is no
    longer what it was when it was read, a folder that cannot be written. A crash in the middle is rolled back by the
    next command.
    """
    wanted = [change for change in changes if change.kind != "unchanged"]
    if not wanted:
        return None
    journal = Journal(root)
    with journal.locked():
        recover(journal)
        entries = [_entry(root, change) for change in wanted]
        receipt = journal.prepare(request, agents, entries)
        try:
            for entry, _, after in entries:
                target = root / entry.path
                target.parent.mkdir(parents=True, exist_ok=True)
                replace_file(target, after, entry.mode_after)
        except OSError as error:
            recover(journal)
            raise RefusedError(
                Text(
                    f"{error.filename or root} cannot be written ({error.strerror}): everything was put back.",
                    f"Impossible d'écrire {error.filename or root} ({error.strerror}) : tout a été remis en l'état.",
                )
            ) from None
        journal.mark(receipt, "done")
        return receipt.id


def _entry(root: Path, change: Change) -> tuple[Entry, bytes | None, bytes]:
    target = safe_path(root, change.path)
    before: bytes | None = None
    mode: int | None = None
    if target.exists():
        before, mode = target.read_bytes(), stat.S_IMODE(target.stat().st_mode)
    encoding = _unmoved(change, before)
    made = []
    folder = target.parent
    while not folder.exists():
        made.append(folder.relative_to(root).as_posix())
        folder = folder.parent
    after = change.after.encode(encoding)
    new_mode = mode if mode is not None else (0o755 if after.startswith(b"#!") else 0o644)
    return Entry(change.path, mode, new_mode, tuple(made)), before, after


def _unmoved(change: Change, now: bytes | None) -> str:
    """The file's encoding. Raises RefusedError where the file is not what was read."""
    if now is None and change.before is None:
        return "utf-8"
    if now is not None and change.before is not None:
        for encoding in ("utf-8", "latin-1", "utf-16-le", "utf-16-be"):
            try:
                if change.before.encode(encoding) == now:
                    change.after.encode(encoding)
                    return encoding
            except UnicodeEncodeError:
                continue
    raise RefusedError(
        Text(
            f"{change.path} changed since it was read: nothing was written. Run the request again.",
            f"{change.path} a changé depuis sa lecture : rien n'a été écrit. Relancez la demande.",
        )
    )


def safe_path(root: Path, path: str) -> Path:
    """The absolute path of a file to write. Raises RefusedError where it leaves the root or goes through a link."""
    pure = PurePosixPath(path)
    if pure.is_absolute() or not pure.parts or ".." in pure.parts or pure.parts[0] == ".git" or "\0" in path:
        raise RefusedError(
            Text(f"{path} is not a path inside the repository.", f"{path} n'est pas un chemin du dépôt.")
        )
    current = root
    for part in pure.parts:
        current = current / part
        if os.path.islink(current):  # noqa: PTH114
            raise RefusedError(
                Text(
                    f"{current.relative_to(root)} is a symbolic link: devops writes through no link.",
                    f"{current.relative_to(root)} est un lien symbolique : devops n'écrit jamais à travers un lien.",
                )
            )
    if current.is_dir():
        raise RefusedError(Text(f"{path} is a folder.", f"{path} est un dossier."))
    return current
