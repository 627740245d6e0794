"""Messages between the server and its workers: a kind, a length, and that many bytes.

Payloads are JSON in UTF-8, or a piece of an answer as it is. Nothing is unpickled.
"""

from __future__ import annotations

import json
import struct
from enum import IntEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket

_HEAD = struct.Struct(">BI")
_LENGTH = struct.Struct(">I")


class Kind(IntEnum):
    """What a message is.

    ``JOB`` goes to a worker; ``HEAD``, any number of ``PIECE`` and ``END`` come back, or
    ``PROBLEM`` at any point, after which nothing of the answer counts. ``WHOLE`` is all of an
    answer in one message.
    """

    JOB = 1
    HEAD = 2
    PIECE = 3
    END = 4
    PROBLEM = 5
    WHOLE = 6


def pack(kind: Kind, payload: bytes) -> bytes:
    """Return one message."""
    return _HEAD.pack(kind, len(payload)) + payload


def pack_json(kind: Kind, value: Any) -> bytes:
    """Return one message whose payload is ``value`` as JSON."""
    return pack(kind, json.dumps(value).encode())


def pack_whole(head: dict[str, Any], body: bytes) -> bytes:
    """Return the message that is a whole answer."""
    first = json.dumps(head).encode()
    return pack(Kind.WHOLE, _LENGTH.pack(len(first)) + first + body)


def read_whole(payload: bytes) -> tuple[dict[str, Any], bytes]:
    """Return head and body of a whole answer."""
    end = _LENGTH.size + _LENGTH.unpack_from(payload)[0]
    return json.loads(payload[_LENGTH.size : end]), payload[end:]


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
                return [(Kind(kind), data[_HEAD.size :])]
        buffer += data
        messages = []
        start = 0
        while len(buffer) - start >= _HEAD.size:
            kind, length = _HEAD.unpack_from(buffer, start)
            end = start + _HEAD.size + length
            if len(buffer) < end:
                break
            messages.append((Kind(kind), bytes(buffer[start + _HEAD.size : end])))
            start = end
        del buffer[:start]
        return messages


def read_message(connection: socket.socket) -> tuple[Kind, bytes] | None:
    """Wait for one message; ``None`` where the other side has closed the connection."""
    head = _exactly(connection, _HEAD.size)
    if head is None:
        return None
    kind, length = _HEAD.unpack(head)
    payload = _exactly(connection, length)
    return None if payload is None else (Kind(kind), payload)


def _exactly(connection: socket.socket, size: int) -> bytes | None:
    data = connection.recv(size, 0)
    if len(data) == size:
        return data
    parts = bytearray(data)
    while len(parts) < size:
        data = connection.recv(size - len(parts))
        if not data:
            return None
        parts += data
    return bytes(parts)
