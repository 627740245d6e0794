"""Files and folders are replaced whole, or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest

from mezan_graph import atomic
from mezan_graph.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path


def entries(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_file_is_replaced_and_keeps_its_permissions(tmp_path):
    target = tmp_path / "page.html"
    target.write_text("old")
    target.chmod(0o640)
    atomic.write_file(target, b"new")
    assert entries(tmp_path) == {"page.html": "new"}
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_link_is_followed_and_stays_a_link(tmp_path):
    (tmp_path / "real.ttl").write_text("old")
    (tmp_path / "link.ttl").symlink_to("real.ttl")
    atomic.write_file(tmp_path / "link.ttl", b"new")
    assert (tmp_path / "link.ttl").is_symlink()
    assert (tmp_path / "real.ttl").read_text() == "new"


def test_a_file_in_a_missing_folder_is_an_error_that_names_it(tmp_path):
    with pytest.raises(OutputError, match="make the folder first") as caught:
        atomic.write_file(tmp_path / "missing" / "out.ttl", b"")
    assert str(tmp_path / "missing" / "out.ttl") in str(caught.value)


def test_a_folder_takes_the_place_of_the_old_one(tmp_path):
    target = tmp_path / "dist"
    for name in ("first", "second"):
        with atomic.replaced_folder(target) as work:
            (work / name).write_text(name)
    assert entries(tmp_path) == {"dist/second": "second"}


def test_without_an_exchanging_rename_the_folder_is_replaced_too(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "other")
    test_a_folder_takes_the_place_of_the_old_one(tmp_path)


def test_a_failure_leaves_the_old_folder_and_nothing_else(tmp_path):
    target = tmp_path / "dist"
    target.mkdir()
    (target / "old").write_text("old")
    with pytest.raises(RuntimeError), atomic.replaced_folder(target) as work:
        (work / "half").write_text("half")
        raise RuntimeError
    assert entries(tmp_path) == {"dist/old": "old"}


def test_a_full_disk_is_an_error_that_leaves_the_old_folder(tmp_path):
    target = tmp_path / "dist"
    target.mkdir()
    (target / "old").write_text("old")
    with (
        pytest.raises(OutputError, match="free some space"),
        atomic.replaced_folder(target) as work,
    ):
        (work / "half").write_text("half")
        with open("/dev/full", "w") as full:  # noqa: PTH123
            full.write("x" * 100_000)
    assert entries(tmp_path) == {"dist/old": "old"}


def test_a_killed_process_leaves_the_old_folder_and_the_next_run_tidies_up(tmp_path):
    target = tmp_path / "dist"
    target.mkdir()
    (target / "old").write_text("old")
    script = textwrap.dedent("""
        import sys, time
        from pathlib import Path
        from mezan_graph.atomic import replaced_folder
        with replaced_folder(Path(sys.argv[1])) as work:
            (work / "half").write_text("half")
            print("ready", flush=True)
            time.sleep(60)
    """)
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(target)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert (target / "old").read_text() == "old"
    assert not (target / "half").exists()
    with atomic.replaced_folder(target) as work:
        (work / "new").write_text("new")
    assert entries(tmp_path) == {"dist/new": "new"}


def test_a_kill_between_two_renames_is_mended_by_the_next_run(tmp_path):
    (tmp_path / ".dist.previous").mkdir()
    (tmp_path / ".dist.previous" / "old").write_text("old")
    target = tmp_path / "dist"
    with pytest.raises(RuntimeError), atomic.replaced_folder(target):
        raise RuntimeError
    assert entries(tmp_path) == {"dist/old": "old"}
