"""Messages between the server and its workers: a kind, a length, and that many bytes.

Payloads are JSON in UTF-8, or a piece of an answer as it is. Nothing is unpickled.
"""

from __future__ import annotations

import json
import struct
from enum import IntEnum
from functools import lru_cache
from typing import Any, NamedTuple

_HEAD = struct.Struct(">BI")
_NOTE = struct.Struct(">??d")
_WHOLE = struct.Struct(">??dI")


class Kind(IntEnum):
    """What a message is.

    ``JOB`` goes to a worker. For each one, in turn, ``HEAD``, any number of ``PIECE`` and ``END``
    come back, or ``PROBLEM`` at any point before ``END``, after which nothing of the answer counts;
    or ``WHOLE``, which is all of an answer in one message; or ``RETURNED`` where it was not begun.
    """

    JOB = 1
    HEAD = 2
    PIECE = 3
    END = 4
    PROBLEM = 5
    WHOLE = 6
    RETURNED = 7


_KINDS: tuple[Kind, ...] = (Kind.JOB, *Kind)
"""By number: to look one up is more than half of reading a short message."""


def write_job(job: dict[str, Any]) -> bytes:
    """Return a job as bytes: a line of JSON, and after it ``url`` as it is, where there is one."""
    if "url" not in job:
        return json.dumps(job).encode()
    line = {name: value for name, value in job.items() if name != "url"}
    return b"%b\n%b" % (json.dumps(line).encode(), job["url"])


def read_job(written: bytes) -> dict[str, Any]:
    """Return the job that :func:`write_job` wrote."""
    line, end, url = written.partition(b"\n")
    if not end:
        found: dict[str, Any] = json.loads(line)
        return found
    return {**_document(line), "url": url}


def pack(kind: Kind, payload: bytes) -> bytes:
    """Return one message."""
    return _HEAD.pack(kind, len(payload)) + payload


def pack_json(kind: Kind, value: Any) -> bytes:
    """Return one message whose payload is ``value`` as JSON."""
    return pack(kind, json.dumps(value).encode())


class Note(NamedTuple):
    """What a worker says of itself when a job is done.

    Attributes:
        retiring: Whether it ends now, since it has grown.
        quick: Whether the job was done so soon that the next one might have waited for it.
        processor_seconds: Processor time that it has taken since it began to live.
    """

    retiring: bool
    quick: bool
    processor_seconds: float


def pack_end(note: Note) -> bytes:
    """Return the message that ends a job."""
    return pack(Kind.END, _NOTE.pack(*note))


def pack_whole(note: Note, head: bytes, body: bytes) -> bytes:
    """Return the message that is a whole answer, ``head`` as JSON, and ends the job."""
    start = _WHOLE.pack(*note, len(head))
    length = len(start) + len(head) + len(body)
    return b"".join((_HEAD.pack(Kind.WHOLE, length), start, head, body))


def read_note(payload: bytes) -> Note:
    """Return what the last message of a job says of the worker."""
    return Note._make(_NOTE.unpack_from(payload))


def read_whole(payload: bytes) -> tuple[dict[str, Any], bytes]:
    """Return head and body of a whole answer; the head is not to be changed."""
    end = _WHOLE.size + _WHOLE.unpack_from(payload)[3]
    return _document(payload[_WHOLE.size : end]), payload[end:]


@lru_cache(256)
def _document(written: bytes) -> dict[str, Any]:
    """Return what most jobs or heads of answers have in common with others: few of them differ."""
    found: dict[str, Any] = json.loads(written)
    return found


class Reader:
    """Takes bytes as they come and gives whole messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[tuple[Kind, bytes]]:
        """Take ``data`` and return the messages that are complete with it."""
        buffer = self._buffer
        if not buffer and len(data) >= _HEAD.size:
            kind, length = _HEAD.unpack_from(data)
            if len(data) == _HEAD.size + length:
                # Most answers are one message, and come at once.
                return [(_KINDS[kind], data[_HEAD.size :])]
        buffer += data
        messages = []
        start = 0
        while len(buffer) - start >= _HEAD.size:
            kind, length = _HEAD.unpack_from(buffer, start)
            end = start + _HEAD.size + length
            if len(buffer) < end:
                break
            messages.append((_KINDS[kind], bytes(buffer[start + _HEAD.size : end])))
            start = end
        del buffer[:start]
        return messages
