"""The journal: a receipt and the bytes of before and after for every apply, on disk before the first file is touched.

`<git dir>/devops-orchestrator/history/0001/` holds `receipt.json`, `before/N` and `after/N`; without git the state is in
`.devops/`, which ignores itself. A receipt's state: prepared → done → undoing → undone; rolled-back after a crash.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from devops_orchestrator.errors import RefusedError
from devops_orchestrator.text import Text

TEMPORARY = ".devops-orchestrator-tmp-"  # what a crash may leave beside a file; the next command clears it


@dataclass(frozen=True)
class Entry:
    """One file of a receipt; modes are permission bits, None where the file was not there."""

    path: str
    mode_before: int | None
    mode_after: int
    made_folders: tuple[str, ...] = ()


@dataclass(frozen=True)
class Receipt:
    """One apply."""

    id: str
    state: str
    request: str
    agents: tuple[str, ...]
    at: str
    entries: tuple[Entry, ...]


class Journal:
    """The journal of one repository."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.state = state_folder(root)
        self.folder = self.state / "history"

    def receipts(self) -> list[Receipt]:
        """All receipts, oldest first."""
        if not self.folder.is_dir():
            return []
        found = []
        for folder in sorted(self.folder.iterdir()):
            try:
                found.append(_receipt(json.loads((folder / "receipt.json").read_text(encoding="utf-8"))))
            except (OSError, ValueError, TypeError, KeyError):
                continue  # a folder whose receipt was never completed: nothing of the user was touched yet
        return found

    def prepare(
        self, request: str, agents: tuple[str, ...], entries: list[tuple[Entry, bytes | None, bytes]]
    ) -> Receipt:
        """Put the receipt and the bytes of an apply on disk, whole."""
        make_state(self.state)
        self.folder.mkdir(parents=True, exist_ok=True)
        number = max((int(f.name) for f in self.folder.iterdir() if f.name.isdigit()), default=0) + 1
        now = datetime.now(UTC).isoformat(timespec="seconds")
        receipt = Receipt(f"{number:04d}", "prepared", request, agents, now, tuple(entry for entry, _, _ in entries))
        folder = self.folder / receipt.id
        (folder / "before").mkdir(parents=True)
        (folder / "after").mkdir()
        for index, (_, before, after) in enumerate(entries):
            if before is not None:
                write_through(folder / "before" / str(index), before)
            write_through(folder / "after" / str(index), after)
        self.mark(receipt, "prepared")
        return receipt

    def mark(self, receipt: Receipt, state: str) -> Receipt:
        """Set a receipt's state, atomically."""
        marked = replace(receipt, state=state)
        data = json.dumps(asdict(marked), ensure_ascii=False, indent=1).encode()
        replace_file(self.folder / receipt.id / "receipt.json", data, 0o644)
        return marked

    def bytes_of(self, receipt: Receipt, index: int) -> tuple[bytes | None, bytes]:
        """(before, after) of a receipt's file."""
        folder = self.folder / receipt.id
        before = folder / "before" / str(index)
        return (before.read_bytes() if before.exists() else None), (folder / "after" / str(index)).read_bytes()

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Only one process writes at a time. Raises RefusedError where another one does."""
        make_state(self.state)
        with (self.state / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise RefusedError(
                    Text(
                        "Another devops command is writing in this repository. Run it again in a moment.",
                        "Une autre commande devops écrit dans ce dépôt. Relancez dans un instant.",
                    )
                ) from None
            yield


def _receipt(data: dict[str, object]) -> Receipt:
    entries = data.pop("entries")
    assert isinstance(entries, list)
    made = tuple(Entry(**{**entry, "made_folders": tuple(entry["made_folders"])}) for entry in entries)
    agents = data.pop("agents")
    assert isinstance(agents, list)
    return Receipt(**data, agents=tuple(agents), entries=made)  # type: ignore[arg-type]


def state_folder(root: Path) -> Path:
    """Where the journal and the escalations of a repository live."""
    git = root / ".git"
    if git.is_dir() and not git.is_symlink():
        return git / "devops-orchestrator"
    return root / ".devops"


def make_state(state: Path) -> None:
    """Make the state folder. Raises RefusedError where it cannot be written."""
    try:
        state.mkdir(parents=True, exist_ok=True)
        if state.name == ".devops" and not (state / ".gitignore").exists():
            (state / ".gitignore").write_text("*\n", encoding="utf-8")
    except OSError as error:
        raise RefusedError(
            Text(
                f"{state} cannot be written ({error.strerror}): nothing was changed.",
                f"Impossible d'écrire dans {state} ({error.strerror}) : rien n'a été modifié.",
            )
        ) from None


def write_through(path: Path, data: bytes) -> None:
    """Write a file and wait until it is on disk."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace_file(path: Path, data: bytes, mode: int) -> None:
    """Put `data` in the place of a file, atomically: a reader sees the old bytes or the new ones."""
    descriptor, temporary = tempfile.mkstemp(prefix=TEMPORARY, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)  # noqa: PTH101
        os.replace(temporary, path)  # noqa: PTH105
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108
        raise
