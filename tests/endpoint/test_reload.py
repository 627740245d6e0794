"""The graph swapped while the server runs: whole, in time, and only where it conforms."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from tests.endpoint.conftest import STARTING, settles

NAMES = "SELECT ?name { id:ford-foundation schema:name ?name }"
LONG = """
SELECT ?name { id:ford-foundation schema:name ?name . ?a ?b ?c . ?d ?e ?f } LIMIT 200000
"""


def watches(server, folder):
    """Whether the server is told when ``folder`` changes, as the kernel has it."""
    wanted = f" ino:{folder.stat().st_ino:x} "
    files = Path(f"/proc/{server.process.pid}/fdinfo").iterdir()
    return any(wanted in each.read_text() for each in files)


def renamed(root, new):
    path = root / "data" / "organizations.ttl"
    text = path.read_text(encoding="utf-8")
    changed = text.replace('"The Ford Foundation"@en', f'"{new}"@en')
    assert changed != text
    path.write_text(changed, encoding="utf-8")


def name(server):
    return server.query(NAMES).json()["results"]["bindings"][0]["name"]["value"]


def test_mezan_reload_swaps_the_graph(served):
    server = served("--no-watch")
    before = name(server)
    etag = server.get("doc/ford-foundation.ttl").headers["ETag"]
    renamed(server.root, "Renamed")
    assert name(server) == before
    subprocess.run(
        [sys.executable, "-m", "mezan_graph", "-C", str(server.root), "reload"], check=True
    )
    server.wait_for("reloaded")
    assert name(server) == "Renamed"
    assert server.get("doc/ford-foundation.ttl", if_none_match=etag).status == 200
    old = server.metric("mezan_reloads")
    assert old == 1


def test_a_changed_file_is_a_reload(served):
    server = served()
    settles(lambda: watches(server, server.root / "data"))
    renamed(server.root, "Changed")
    server.wait_for("reloaded")
    assert name(server) == "Changed"


def test_what_does_not_conform_is_not_swapped_in(served):
    server = served("--no-watch")
    before = name(server)
    path = server.root / "data" / "organizations.ttl"
    good = path.read_text(encoding="utf-8")
    for broken in (good + "\nid:al-mezan schema:name 5 .\n", good + "\nthis is no Turtle"):
        path.write_text(broken, encoding="utf-8")
        count = sum(each["event"] == "reload failed" for each in server.log())
        server.process.send_signal(signal.SIGHUP)
        failure = server.wait_for("reload failed", count + 1)
        assert "organizations.ttl" in failure["detail"]
        assert name(server) == before
        assert server.get("health").json()["reload_failed"] is True
    path.write_text(good, encoding="utf-8")
    server.process.send_signal(signal.SIGHUP)
    server.wait_for("reloaded")
    assert server.get("health").json()["reload_failed"] is False


def test_no_request_is_lost_while_the_graph_is_swapped(served):
    server = served("--no-watch", "--quiet", requests_per_second=0)
    stop = threading.Event()

    def ask():
        statuses: list[int] = []
        while not stop.is_set():
            statuses.append(server.query(f"{NAMES} # {len(statuses)}").status)
        return statuses

    with ThreadPoolExecutor() as executor:
        running = [executor.submit(ask) for _ in range(6)]
        for count in range(1, 4):
            server.process.send_signal(signal.SIGHUP)
            server.wait_for("reloaded", count)
        stop.set()
        statuses = [status for each in running for status in each.result()]
    assert set(statuses) == {200}
    assert len(statuses) > 50


def test_requests_in_flight_are_answered_by_the_old_graph(served):
    server = served("--no-watch", seconds=600, idle_seconds=600)
    # The answer is more than all buffers hold: it goes on only when somebody reads it.
    connection = HTTPConnection("127.0.0.1", server.port, timeout=STARTING)
    with contextlib.closing(connection):
        connection.request("GET", f"/sparql?{urlencode({'query': LONG})}")
        reply = connection.getresponse()
        processes = set(server.descendants())
        renamed(server.root, "Renamed")
        server.process.send_signal(signal.SIGHUP)
        server.wait_for("reloaded")
        assert name(server) == "Renamed"
        rows = json.loads(reply.read())["results"]["bindings"]
    assert [reply.status, len(rows)] == [200, 200_000]
    assert {each["name"]["value"] for each in rows} == {"The Ford Foundation"}
    settles(lambda: not processes & set(server.descendants()))


def test_data_that_does_not_conform_is_not_served(start_server, copied):
    with (copied / "data" / "organizations.ttl").open("a", encoding="utf-8") as stream:
        stream.write("\nid:al-mezan schema:name 5 .\n")
    server = start_server(copied, wait=False)
    assert server.process.wait(STARTING) == 1
    assert "organizations.ttl" in server.log_path.read_text()
    assert start_server(copied, "--unchecked").get("health").status == 200


def test_a_port_that_is_taken_is_said(start_server, copied, server):
    taken = start_server(copied, "--port", str(server.port), wait=False)
    assert taken.process.wait(STARTING) == 2
    assert "--port" in taken.log_path.read_text()


def test_the_server_ends_with_all_its_processes(served):
    server = served()
    settles(lambda: len(server.descendants()) > 2)
    processes = server.descendants()
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(STARTING) == 0
    settles(lambda: not any(alive(each) for each in processes))


def test_a_server_that_is_killed_takes_its_processes_with_it(served):
    server = served()
    processes = server.descendants()
    server.process.kill()
    server.process.wait(STARTING)
    settles(lambda: not any(alive(each) for each in processes))


def test_a_server_that_is_ended_while_it_loads_leaves_nothing(start_server, copied):
    server = start_server(copied, wait=False)
    settles(server.descendants)
    processes = server.descendants()
    server.process.send_signal(signal.SIGTERM)
    server.process.wait(STARTING)
    settles(lambda: not any(alive(each) for each in processes))


def alive(process):
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
