"""Writing and taking back: exact bytes, refusals, and a process killed at every step."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devops_orchestrator.actions import journal as journal_module
from devops_orchestrator.actions.apply import apply
from devops_orchestrator.actions.undo import history, mend, undo
from devops_orchestrator.core.change import Change
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.errors import RefusedError, UsageError


def tree(root: Path) -> dict[str, bytes]:
    """Every file of the user: the state folder is ours."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.relative_to(root).as_posix().startswith((".devops/", ".git/"))
    }


def folders(root: Path) -> set[str]:
    return {p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_dir() and ".devops" not in p.parts}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "Dockerfile").write_bytes("FROM x ✓\r\n".encode())
    (tmp_path / "run.sh").write_bytes(b"#!/bin/sh\n")
    (tmp_path / "run.sh").chmod(0o755)
    return tmp_path


CHANGES = (
    Change("Dockerfile", "FROM x ✓\r\n", "FROM y ✓\r\nUSER 1\r\n"),
    Change("run.sh", "#!/bin/sh\n", "#!/bin/sh\nset -e\n"),
    Change(".github/workflows/ci.yml", None, "on: push\n"),
    Change("same.txt", "a", "a"),
)


def test_what_is_applied_is_written_and_undone_exactly(root: Path) -> None:
    before, folders_before = tree(root), folders(root)
    assert apply(root, CHANGES, request="r", agents=("containers/docker",)) == "0001"
    assert (root / "Dockerfile").read_bytes() == "FROM y ✓\r\nUSER 1\r\n".encode()
    assert (root / ".github/workflows/ci.yml").read_bytes() == b"on: push\n"
    assert (root / "run.sh").stat().st_mode & 0o777 == 0o755
    assert [(r.id, r.state, r.request) for r in history(root)] == [("0001", "done", "r")]
    undo(root)
    assert tree(root) == before
    assert folders(root) == folders_before
    assert (root / "run.sh").stat().st_mode & 0o777 == 0o755


def test_the_state_is_inside_the_git_folder_where_there_is_one(root: Path) -> None:
    (root / ".git").mkdir()
    apply(root, CHANGES)
    assert (root / ".git/devops-orchestrator/history/0001/receipt.json").exists()
    assert not (root / ".devops").exists()


def test_nothing_to_write_leaves_no_receipt(root: Path) -> None:
    assert apply(root, [Change("same.txt", "a", "a")]) is None
    assert history(root) == []


def test_a_file_that_moved_is_refused_and_nothing_is_written(root: Path) -> None:
    (root / "run.sh").write_text("edited\n")
    before = tree(root)
    with pytest.raises(RefusedError, match="changed since"):
        apply(root, CHANGES)
    assert tree(root) == before


def test_a_file_that_appeared_meanwhile_is_refused(root: Path) -> None:
    with pytest.raises(RefusedError):
        apply(root, [Change("run.sh", None, "new")])


@pytest.mark.parametrize("path", ["../out", "/etc/x", "a/../../out", ".git/config", "", "a\0b"])
def test_paths_that_leave_the_root_are_refused(root: Path, path: str) -> None:
    with pytest.raises(RefusedError):
        apply(root, [Change(path, None, "x")])


def test_nothing_is_written_through_a_link(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (root / "k8s").symlink_to(outside)
    (root / "link.yml").symlink_to(outside / "target.yml")
    for path in ("k8s/a.yml", "link.yml"):
        with pytest.raises(RefusedError, match="symbolic link"):
            apply(root, [Change(path, None, "x")])
    assert list(outside.iterdir()) == []


def test_undo_refuses_what_was_edited_since(root: Path) -> None:
    apply(root, CHANGES)
    (root / ".github/workflows/ci.yml").write_text("mine\n")
    before = tree(root)
    with pytest.raises(RefusedError, match="Edited since"):
        undo(root)
    assert tree(root) == before


def test_undo_of_an_unknown_or_undone_entry_says_so(root: Path) -> None:
    with pytest.raises(UsageError, match="nothing to undo"):
        undo(root)
    apply(root, CHANGES)
    with pytest.raises(UsageError, match="no history entry '7'"):
        undo(root, "7")
    undo(root, "1")
    with pytest.raises(UsageError, match="already undone"):
        undo(root, "1")


def test_a_latin_1_file_stays_latin_1(root: Path) -> None:
    (root / "old.yml").write_bytes("# caf\xe9\na: 1\n".encode("latin-1"))
    apply(root, [Change("old.yml", "# caf\xe9\na: 1\n", "# caf\xe9\na: 2\n")])
    assert (root / "old.yml").read_bytes() == "# caf\xe9\na: 2\n".encode("latin-1")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_utf_16_file_stays_utf_16(root: Path, encoding: str) -> None:
    (root / "old.yml").write_bytes("\ufeffa: 1\r\n".encode(encoding))
    read = Repository.at(root).read("old.yml")
    assert read == "\ufeffa: 1\r\n"
    apply(root, [Change("old.yml", read, read.replace("1", "2"))])
    assert (root / "old.yml").read_bytes() == "\ufeffa: 2\r\n".encode(encoding)


def test_two_writers_exclude_each_other(root: Path) -> None:
    with journal_module.Journal(root).locked(), pytest.raises(RefusedError, match="Another devops command"):
        apply(root, CHANGES)


PRIMITIVES = ("fsync", "replace", "mkdir", "unlink", "rmdir", "chmod")


def killed_at(step: int, action: object) -> bool:
    """Run `action` in a child that dies before its `step`-th system call that writes; True if it died."""
    child = os.fork()
    if child == 0:
        count = 0

        def guarded(real):  # type: ignore[no-untyped-def]
            def call(*args, **kwargs):  # type: ignore[no-untyped-def]
                nonlocal count
                count += 1
                if count == step:
                    os._exit(9)
                return real(*args, **kwargs)

            return call

        for name in PRIMITIVES:
            setattr(os, name, guarded(getattr(os, name)))
        try:
            action()  # type: ignore[operator]
        except BaseException:
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, 9), code
    return code == 9


def test_a_kill_at_every_step_of_writing_loses_nothing(tmp_path: Path) -> None:
    step = 0
    while True:
        step += 1
        root = tmp_path / str(step)
        root.mkdir()
        (root / "Dockerfile").write_bytes("FROM x ✓\r\n".encode())
        (root / "run.sh").write_bytes(b"#!/bin/sh\n")
        before, folders_before = tree(root), folders(root)
        died = killed_at(step, lambda root=root: apply(root, CHANGES))
        mend(root)
        if not died:
            break
        done = [receipt for receipt in history(root) if receipt.state == "done"]
        assert tree(root) == before or done, f"step {step}"
        if not done:
            assert folders(root) == folders_before, f"step {step}"
            assert apply(root, CHANGES) is not None
        undo(root)
        assert tree(root) == before, f"step {step}"
    assert step > 20  # the kills really happened, one for each system call


def test_a_kill_at_every_step_of_undoing_loses_nothing(tmp_path: Path) -> None:
    step = 0
    while True:
        step += 1
        root = tmp_path / str(step)
        root.mkdir()
        (root / "Dockerfile").write_bytes("FROM x ✓\r\n".encode())
        (root / "run.sh").write_bytes(b"#!/bin/sh\n")
        before = tree(root)
        apply(root, CHANGES)
        after = tree(root)
        died = killed_at(step, lambda root=root: undo(root))
        mend(root)
        assert tree(root) in (before, after), f"step {step}"
        if tree(root) == after:
            undo(root)
        assert tree(root) == before, f"step {step}"
        if not died:
            break
    assert step > 5


def test_mending_clears_our_own_leftovers_only(root: Path) -> None:
    mine = root / ".devops-notes"
    mine.write_text("the user's own")
    before = tree(root)
    for step in range(1, 30):
        killed_at(step, lambda: apply(root, CHANGES))
        if any("devops-orchestrator-tmp" in path for path in tree(root)):
            break
    else:
        pytest.fail("no kill left a temporary file beside the user's")
    mend(root)
    assert tree(root) == before
    assert mine.exists()


@settings(max_examples=60, deadline=None)
@given(before=st.one_of(st.none(), st.text()), after=st.text())
def test_any_text_comes_back_to_the_byte(
    tmp_path_factory: pytest.TempPathFactory, before: str | None, after: str
) -> None:
    root = tmp_path_factory.mktemp("any")
    try:
        after.encode()
        data = before.encode() if before is not None else None
    except UnicodeEncodeError:
        return
    if data is not None:
        (root / "f.txt").write_bytes(data)
    kept = tree(root)
    if apply(root, [Change("f.txt", before, after)]) is not None:
        assert (root / "f.txt").read_bytes() == after.encode()
        undo(root)
    assert tree(root) == kept
