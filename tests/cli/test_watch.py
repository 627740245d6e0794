"""`mezan validate --watch`: once now, and again after every save, errors waited out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from queue import Empty, Queue

import pytest


@pytest.fixture
def watching(small):
    """A process that watches the small project, and a queue with its lines."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "mezan_graph", "validate", "--watch"],
        cwd=small,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: Queue[str] = Queue()
    stream = process.stdout
    assert stream is not None

    def read() -> None:
        for line in stream:
            lines.put(line)

    reader = threading.Thread(target=read)
    reader.start()
    yield process, lines
    process.send_signal(signal.SIGINT)
    assert process.wait(20) in {0, 130, -signal.SIGINT}
    reader.join(20)
    stream.close()


def wait_for(lines: Queue[str], text: str) -> str:
    seen = ""
    try:
        while text not in seen:
            seen += lines.get(timeout=30)
    except Empty:
        pytest.fail(f"{text!r} did not come; seen: {seen}")
    return seen


def test_every_save_is_validated_and_an_error_is_waited_out(watching, small):
    _, lines = watching
    data = small / "data" / "organizations.ttl"
    good = data.read_text()
    wait_for(lines, "nothing found")
    data.write_text(good.replace('    schema:name "Relief"@en ;\n', ""))
    seen = wait_for(lines, "1 violation")
    assert "changed: organizations.ttl" in seen
    assert "write a schema:name" in seen
    (small / "shapes" / "organization.ttl").rename(small / "shapes" / "aside.txt")
    wait_for(lines, "there are no shapes")
    (small / "shapes" / "aside.txt").rename(small / "shapes" / "organization.ttl")
    wait_for(lines, "1 violation")
    data.write_text(good)
    wait_for(lines, "nothing found")
