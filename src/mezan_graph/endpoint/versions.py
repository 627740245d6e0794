"""Released versions of the data set as they were published: folders that ``mezan build`` wrote.

Only what ``SHA256SUMS`` of a version lists can be had, and only as long as it has the digest that
stands there. The list is sorted, so that it is searched where it lies and never held in memory.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import re
import stat
from typing import TYPE_CHECKING, NamedTuple

from mezan_graph.endpoint.problems import Problem
from mezan_graph.filenames import file_stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

CHECKSUMS = "SHA256SUMS"
INDEX = "index.html"
PIECE = 1 << 18
"""Bytes that are read at once; what is larger is not held in memory whole."""

_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._+-]{0,99}")
_NUMBER = re.compile(r"(\d+)")
_ISSUED = re.compile(rb'/([^/>]+)> <http://purl\.org/dc/terms/issued> "(\d{4}-\d\d-\d\d)')
_DIGITS = 64
_PATH = _DIGITS + 2
"""Column of the path in a line of ``SHA256SUMS``, 0-based."""


class Version(NamedTuple):
    """A version that was released.

    Attributes:
        name: Its name, which is that of its folder.
        issued: Its date of issue, ISO 8601, where it states one.
        site: Whether it has pages.
        withdrawn: Whether it holds something that was withdrawn since; then nothing of it is given.
    """

    name: str
    issued: str | None
    site: bool
    withdrawn: bool


class File(NamedTuple):
    """A file of a version, found as it was published.

    Attributes:
        digest: Its SHA-256 in hexadecimal.
        size: Its size in bytes.
        content: Its content; ``None`` where it is too large to be held.
    """

    digest: str
    size: int
    content: bytes | None


class Versions:
    """The versions in a folder, one folder each; every method reads files and may take a while."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._proved: dict[tuple[str, str], tuple[int, int, int]] = {}

    def listed(self, withdrawn: Iterable[str] = ()) -> list[Version]:
        """Return every version, the newest first.

        Args:
            withdrawn: Slugs of what was withdrawn.
        """
        names = [each.name for each in os.scandir(self.folder) if self._known(each.name)]
        found = [
            Version(
                each,
                self._issued(each),
                self._digest(each, INDEX) is not None,
                self._gone(each, withdrawn),
            )
            for each in names
        ]
        return sorted(found, key=_age, reverse=True)

    def require(self, name: str, withdrawn: Iterable[str] = ()) -> None:
        """Make sure that a version can be given.

        Args:
            name: Its name.
            withdrawn: Slugs of what was withdrawn.

        Raises:
            Problem: There is none, or it holds something that was withdrawn.
        """
        if not self._known(name):
            raise Problem(404, "there is no such version", hint="/versions/ lists them all")
        if self._gone(name, withdrawn):
            raise Problem(
                410,
                "this version holds something that was withdrawn",
                hint="the current data set goes without it",
            )

    def holds(self, name: str, path: str) -> bool:
        """Whether a version has a file at ``path``."""
        return self._digest(name, path) is not None

    def paths(self, name: str) -> Iterator[tuple[str, str]]:
        """Yield the path and the digest of every file of a version."""
        with open(self._opened(name, CHECKSUMS), "rb") as stream:  # noqa: PTH123 - a descriptor
            for line in stream:
                yield line[_PATH:].rstrip(b"\n").decode("utf-8", "replace"), line[:_DIGITS].decode()

    def file(self, name: str, path: str) -> File:
        """Return a file of a version.

        Args:
            name: Name of the version.
            path: Path of the file, with ``/``.

        Raises:
            Problem: There is no such file, or it is not as it was published.
        """
        digest = self._digest(name, path)
        if digest is None:
            raise Problem(404, "this version has no such file")
        try:
            with open(self._opened(name, path), "rb") as stream:  # noqa: PTH123 - a descriptor
                status = os.fstat(stream.fileno())
                content = stream.read() if status.st_size <= PIECE else None
                state = (status.st_ino, status.st_size, status.st_mtime_ns)
                if content is not None:
                    same = hashlib.sha256(content).hexdigest() == digest
                elif not (same := self._proved.get((name, path)) == state):
                    same = hashlib.file_digest(stream, "sha256").hexdigest() == digest
                    self._proved[name, path] = state
        except OSError:
            same = False
        if not same and path != CHECKSUMS:
            raise Problem(500, "this file is no longer as it was published")
        return File(digest, status.st_size, content)

    def pieces(self, name: str, path: str) -> Iterator[bytes]:
        """Yield a file in pieces."""
        with open(self._opened(name, path), "rb") as stream:  # noqa: PTH123 - a descriptor
            while piece := stream.read(PIECE):
                yield piece

    def _known(self, name: str) -> bool:
        try:
            os.close(self._opened(name, CHECKSUMS))
        except OSError:
            return False
        return True

    def _gone(self, name: str, withdrawn: Iterable[str]) -> bool:
        return any(self._digest(name, f"doc/{file_stem(each)}.ttl") for each in withdrawn)

    def _digest(self, name: str, path: str) -> str | None:
        """Return the digest that stands for ``path``; ``None`` where nothing does."""
        try:
            descriptor = self._opened(name, CHECKSUMS)
        except OSError:
            return None
        with open(descriptor, "rb") as stream:  # noqa: PTH123 - a descriptor
            size = os.fstat(descriptor).st_size
            if path == CHECKSUMS:
                return hashlib.file_digest(stream, "sha256").hexdigest()
            if not size:
                return None
            with mmap.mmap(descriptor, size, prot=mmap.PROT_READ) as lines:
                return _searched(lines, path.encode("utf-8", "replace"))

    def _issued(self, name: str) -> str | None:
        try:
            for piece in self.pieces(name, "dataset.nt"):
                for version, date in _ISSUED.findall(piece):
                    if version.decode() == name:
                        return str(date.decode())
        except (OSError, UnicodeDecodeError):
            pass
        return None

    def _opened(self, name: str, path: str) -> int:
        """Open a file of a version, no part of whose path is a link.

        Raises:
            OSError: It cannot be opened, or is no plain file.
        """
        if not _NAME.fullmatch(name):
            raise FileNotFoundError(name)
        descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        *folders, last = (name, *path.split("/"))
        try:
            for each in folders:
                flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
                inner = os.open(each, flags, dir_fd=descriptor)
                os.close(descriptor)
                descriptor = inner
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            found = os.open(last, flags, dir_fd=descriptor)
        finally:
            os.close(descriptor)
        if not stat.S_ISREG(os.fstat(found).st_mode):
            os.close(found)
            raise OSError(path)
        return found


def _age(version: Version) -> tuple[str, list[tuple[int, str]]]:
    """Return by what versions are sorted: date, then name with its numbers as numbers."""
    parts = _NUMBER.split(version.name)
    return version.issued or "", [(int(p), "") if p.isdecimal() else (0, p) for p in parts]


def _searched(lines: mmap.mmap, path: bytes) -> str | None:
    """Return the digest of ``path`` in lines that are sorted by their paths."""
    low, high = 0, len(lines)
    while low < high:
        middle = (low + high) // 2
        start = max(lines.rfind(b"\n", low, middle) + 1, low)
        end = lines.find(b"\n", middle, high)
        end = high if end < 0 else end
        here = lines[start + _PATH : end]
        if here == path:
            return lines[start : start + _DIGITS].decode()
        if here < path:
            low = end + 1
        else:
            high = start
    return None
