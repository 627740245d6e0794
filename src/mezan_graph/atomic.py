"""Files and folders replaced whole: a reader sees the old content or the new, never a mixture.

A new file or folder is written beside its target, so that both are on one file system, and takes
the target's place in one step. A failure or a kill at any point leaves the target as it was.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mezan_graph.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def write_file(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` whole, keeping the permissions of a file that is there.

    Raises:
        OutputError: The file cannot be written; one that was there is untouched.
    """
    path = path.resolve()
    temporary: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise cannot_write(path, error) from None


@contextmanager
def replaced_folder(target: Path) -> Iterator[Path]:
    """Give a new folder to write into, and put it in the place of ``target`` at the end.

    Where the block raises, the new folder is removed and ``target`` is untouched. What a killed
    run left beside ``target`` is removed first.

    Raises:
        OutputError: The folder cannot be written.
    """
    target = target.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(target)
        work = target.parent / f".{target.name}.{os.getpid()}.building"
        work.mkdir()
    except OSError as error:
        raise cannot_write(target, error) from None
    try:
        yield work
        _swap(work, target)
    except OSError as error:
        raise cannot_write(target, error) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)


def cannot_write(path: Path, error: OSError) -> OutputError:
    """Return the error for ``path`` that could not be written."""
    hints = {
        errno.ENOSPC: "free some space; nothing was changed",
        errno.EACCES: "choose another place with -o, or change its permissions",
        errno.EROFS: "choose another place with -o",
        errno.ENOENT: "make the folder first",
        errno.ENOTDIR: "a part of the path is a file",
    }
    reason = error.strerror or str(error)
    return OutputError(f"cannot be written: {reason}", place=path, hint=hints.get(error.errno or 0))


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def _swap(work: Path, target: Path) -> None:
    if not target.exists():
        work.replace(target)
    elif not _exchange(work, target):
        # Without an exchanging rename there is a moment with no target; the old one survives a
        # kill under this name, and _remove_leftovers puts it back.
        aside = target.parent / f".{target.name}.previous"
        target.replace(aside)
        work.replace(target)
        shutil.rmtree(aside, ignore_errors=True)


def _exchange(work: Path, target: Path) -> bool:
    """Exchange two folders in one step where the operating system can (Linux's renameat2)."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    names = os.fsencode(work), os.fsencode(target)
    result: int = renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE)
    return result == 0


def _remove_leftovers(target: Path) -> None:
    aside = target.parent / f".{target.name}.previous"
    if aside.exists():
        if target.exists():
            shutil.rmtree(aside)
        else:
            aside.replace(target)
    for work in target.parent.glob(f".{target.name}.*.building"):
        owner = work.name.rsplit(".", 2)[-2]
        if owner.isdecimal() and not _alive(int(owner)):
            shutil.rmtree(work, ignore_errors=True)


def _alive(process: int) -> bool:
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
