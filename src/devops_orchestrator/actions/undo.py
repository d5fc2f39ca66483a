"""Taking back what was applied: the exact bytes, or a refusal. The same code mends a crash."""

from __future__ import annotations

import contextlib
from pathlib import Path

from devops_orchestrator.actions.journal import TEMPORARY, Journal, Receipt, replace_file
from devops_orchestrator.errors import RefusedError, UsageError
from devops_orchestrator.text import Text


def undo(root: Path, receipt_id: str | None = None) -> Receipt:
    """Put back the bytes of before an apply (the last one by default).

    Raises UsageError for an unknown id, RefusedError where one of its files was edited since (then none is touched).
    """
    journal = Journal(root)
    with journal.locked():
        recover(journal)
        receipts = journal.receipts()
        done = [receipt for receipt in receipts if receipt.state == "done"]
        if receipt_id is None:
            if not done:
                raise UsageError(Text("There is nothing to undo.", "Il n'y a rien à annuler."))
            receipt = done[-1]
        else:
            receipt = _named(receipts, receipt_id)
        _refuse_edited(journal, receipt, root)
        receipt = journal.mark(receipt, "undoing")
        put_back(journal, receipt)
        return journal.mark(receipt, "undone")


def _named(receipts: list[Receipt], receipt_id: str) -> Receipt:
    wanted = receipt_id.zfill(4)
    found = next((receipt for receipt in receipts if receipt.id == wanted), None)
    if found is None:
        known = ", ".join(receipt.id for receipt in receipts) or "—"
        raise UsageError(
            Text(
                f"There is no history entry '{receipt_id}'. Known: {known}.",
                f"Aucune entrée « {receipt_id} » dans l'historique. Connues : {known}.",
            )
        )
    if found.state != "done":
        raise UsageError(Text(f"{found.id} is already undone.", f"{found.id} est déjà annulée."))
    return found


def _refuse_edited(journal: Journal, receipt: Receipt, root: Path) -> None:
    edited = []
    for index, entry in enumerate(receipt.entries):
        _, after = journal.bytes_of(receipt, index)
        target = root / entry.path
        if target.is_symlink() or not target.is_file() or target.read_bytes() != after:
            edited.append(entry.path)
    if edited:
        raise RefusedError(
            Text(
                f"Edited since it was applied: {', '.join(edited)}. Nothing was undone.",
                f"Modifié depuis l'application : {', '.join(edited)}. Rien n'a été annulé.",
            )
        )


def put_back(journal: Journal, receipt: Receipt) -> list[str]:
    """Put back what still has the applied bytes; returns the paths that have neither (left alone)."""
    left = []
    for index, entry in reversed(list(enumerate(receipt.entries))):
        before, after = journal.bytes_of(receipt, index)
        target = journal.root / entry.path
        now = target.read_bytes() if target.is_file() and not target.is_symlink() else None
        if now == before:
            pass
        elif now != after:
            left.append(entry.path)
            continue
        elif before is None:
            target.unlink()
        else:
            replace_file(target, before, entry.mode_before or 0o644)
        for folder in entry.made_folders:
            with contextlib.suppress(OSError):  # not empty: somebody else's files are there now
                (journal.root / folder).rmdir()
    return left


def recover(journal: Journal) -> list[Receipt]:
    """Roll back what a crash left half done; returns the receipts that were mended."""
    mended = []
    for receipt in journal.receipts():
        if receipt.state in ("prepared", "undoing"):
            for entry in receipt.entries:
                folder = (journal.root / entry.path).parent
                for leftover in folder.glob(f"{TEMPORARY}*") if folder.is_dir() else ():
                    leftover.unlink()
            put_back(journal, receipt)
            mended.append(journal.mark(receipt, "undone" if receipt.state == "undoing" else "rolled-back"))
    return mended


def mend(root: Path) -> list[Receipt]:
    """What every command that reads or writes a repository does first: roll back a crash, if there was one."""
    journal = Journal(root)
    if not any(receipt.state in ("prepared", "undoing") for receipt in journal.receipts()):
        return []
    with journal.locked():
        return recover(journal)


def history(root: Path) -> list[Receipt]:
    """What was applied, oldest first."""
    return Journal(root).receipts()
