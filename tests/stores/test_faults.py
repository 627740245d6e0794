"""Faults, one by one, on every store: the live graph is the old one or the new one, whole.

After each the error says which, and the next run finishes.
"""

# Servers and stores carry what a test gives them, and versions are there where it says so.
# mypy: disable-error-code="union-attr, attr-defined"
from __future__ import annotations

import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from tests.stores import proxy as fate
from tests.stores.conftest import IMPATIENT, LIVE, people
from tests.stores.servers import SERVERS
from tests.stores.test_push import graphs, options, triples

from mezan_graph.errors import RemoteError
from mezan_graph.push.naming import Names
from mezan_graph.push.pushing import push
from mezan_graph.push.staging import Options

STAGING = Names(LIVE).space


def is_upload(request):
    """A chunk on its way into the staging graph; not the literals of the probe."""
    kind = request.headers.get("Content-Type", "")
    return "n-triples" in kind and b"urn:x-mezan:literal" not in request.body


def is_swap(request):
    """The update that makes the new version live."""
    if "sparql-update" not in request.headers.get("Content-Type", ""):
        return False
    moved = b"MOVE GRAPH <" + STAGING.encode() in request.body
    return moved or (
        f"{{ GRAPH <{LIVE}> {{ ?s ?p ?o }} }} WHERE".encode() in request.body
        or b"COPY GRAPH <" + STAGING.encode() in request.body
    )


def is_query(request):
    return request.headers.get("Content-Type", "").startswith("application/x-www-form")


def is_reading(request):
    """The triples of the staging graph are read back."""
    return (request.method == "GET" and "x-mezan" in request.path) or b"CONSTRUCT" in request.body


@pytest.fixture
def versions(clean, payload):
    """An old version, live, and a new one."""
    old, new = payload(people(40)), payload(people(45, 2001))
    push(clean, {LIVE: old}, options())
    return old, new


def is_whole(store, versions):
    """Which of the versions is live: 0 or 1; fails where it is neither."""
    found = triples(store)
    return [list(version.all_lines()) for version in versions].index(found)


def finishes(store, versions):
    """The next run brings the new version, and leaves nothing behind."""
    receipt = push(store, {LIVE: versions[1]}, options())
    assert triples(store) == list(versions[1].all_lines())
    names = Names(LIVE)
    kept = names.version(versions[0].manifest.sha256[:32])
    # Who is killed after the last step leaves its lock; it is void, as its process is dead.
    assert graphs(store) - {names.lock} == {LIVE, names.ledger, kept}
    assert receipt.graphs[0].previous.sha256 == versions[0].manifest.sha256
    assert not push(store, {LIVE: versions[1]}, options()).written


BOTH = ["fuseki", "rdf4j"]


def on_stores(faults, essential):
    """Every fault on a store with transactions and on one without; the essential ones on all."""
    return [
        pytest.param(kind, fault, id=f"{kind}-{fault}")
        for fault in faults
        for kind in SERVERS
        if kind in {"oxigraph", "virtuoso"} or kind in essential.get(fault, ())
    ]


@pytest.fixture
def server(request, running):
    """The server that the parameter ``kind`` names."""
    return running(request.getfixturevalue("kind"))


PASSING = {
    "429 with Retry-After": (is_upload, fate.answers(429, Retry_After="1"), {}),
    "503 while it starts": (is_upload, fate.answers(503), {"times": 2}),
    "the connection breaks before an upload": (is_upload, fate.cut_before, {}),
    "the connection breaks within an upload": (is_upload, fate.cut_upload, {"skip": 1}),
    "the connection breaks after an upload": (is_upload, fate.cut_after, {"skip": 1}),
    "an upload arrives twice": (is_upload, fate.twice, {"times": 9}),
    "a chunk is swallowed": (is_upload, fate.swallowed, {"skip": 1}),
    "half a chunk is stored": (
        is_upload,
        fate.changed(lambda body: b"".join(body.splitlines(keepends=True)[::2])),
        {"skip": 1},
    ),
    "another chunk is stored": (
        is_upload,
        fate.changed(lambda body: body.replace(b"2001", b"2101")),
        {},
    ),
    "the answer to a query is cut": (is_query, fate.cut_answer, {"skip": 3}),
    "the answer to the swap is lost": (is_swap, fate.cut_after, {}),
}
"""Faults that a push gets over by itself."""


@pytest.mark.parametrize(
    ("kind", "fault"),
    on_stores(
        PASSING, {"half a chunk is stored": BOTH, "the answer to the swap is lost": ["fuseki"]}
    ),
)
def test_a_fault_that_passes(kind, fault, clean, versions, proxy, server, connect):
    matches, action, when = PASSING[fault]
    proxy.on(matches, action, **when)
    push(connect(server, proxy, chunk_bytes=4000), {LIVE: versions[1]}, options())
    assert any(rule.seen > rule.skip for rule in proxy.rules)
    assert is_whole(clean, versions) == 1
    finishes(clean, versions)


ALWAYS = {"times": 999}
OLD = "the live graph is"
FINAL = {
    "401": (is_upload, fate.answers(401), ALWAYS, "401"),
    "403": (is_upload, fate.answers(403), ALWAYS, "403"),
    "404": (is_upload, fate.answers(404), ALWAYS, "404"),
    "413": (is_upload, fate.answers(413), ALWAYS, "413"),
    "415": (is_upload, fate.answers(415), ALWAYS, "415"),
    "429 for ever": (is_upload, fate.answers(429, Retry_After="1"), ALWAYS, "429"),
    "503 for ever": (is_upload, fate.answers(503), ALWAYS, "503"),
    "500 after half an import": (is_upload, fate.partial_failure, {"skip": 1}, "500"),
    "2xx that stores nothing": (is_upload, fate.swallowed, ALWAYS, "holds something else"),
    "2xx that stores half": (
        is_upload,
        fate.changed(lambda body: body[: body.index(b"\n", len(body) // 2) + 1]),
        ALWAYS,
        "holds something else",
    ),
    "2xx that stores something else": (
        is_upload,
        fate.changed(lambda body: body.replace(b"person-0003", b"person-9999")),
        ALWAYS,
        "holds something else",
    ),
    "the connection breaks every time": (is_upload, fate.cut_before, ALWAYS, "connection broke"),
    "the swap is refused": (is_swap, fate.answers(500), ALWAYS, "old one, whole"),
    "the swap never arrives": (is_swap, fate.cut_before, ALWAYS, "old one, whole"),
    "reading back breaks": (is_reading, fate.cut_answer, ALWAYS, "connection broke"),
}
"""Faults that end a push."""


@pytest.mark.parametrize(
    ("kind", "fault"),
    on_stores(FINAL, dict.fromkeys(["2xx that stores half", "the swap is refused"], BOTH)),
)
def test_a_fault_that_ends_a_push(kind, fault, clean, versions, proxy, server, connect):
    matches, action, when, message = FINAL[fault]
    proxy.on(matches, action, **when)
    with pytest.raises(RemoteError) as caught:
        push(connect(server, proxy, chunk_bytes=4000), {LIVE: versions[1]}, options())
    assert message in caught.value.message
    assert "old one, whole" in caught.value.message or "untouched" in caught.value.message
    assert caught.value.hint
    assert is_whole(clean, versions) == 0
    finishes(clean, versions)


@pytest.mark.parametrize("kind", list(SERVERS))
@pytest.mark.parametrize("forwarded", [False, True])
@pytest.mark.parametrize("matches", [is_upload, is_swap], ids=["upload", "swap"])
def test_a_timeout(kind, matches, forwarded, clean, versions, proxy, server, connect):
    """Nobody knows what became of the request: it is looked up."""
    proxy.on(matches, fate.late(0.8, forwarded=forwarded))
    patience = type(IMPATIENT)(seconds=0.4, tries=3, pause=0.02)
    store = connect(server, proxy, chunk_bytes=4000, patience=patience)
    with suppress(RemoteError):
        push(store, {LIVE: versions[1]}, options())
    is_whole(clean, versions)
    finishes(clean, versions)


@pytest.mark.parametrize("kind", ["oxigraph"])
def test_nobody_listens(kind, clean, versions, proxy, server, connect, unused_port):
    proxy.port = unused_port
    with pytest.raises(RemoteError, match="cannot be reached: Connection refused"):
        push(connect(server, proxy), {LIVE: versions[1]}, options())
    assert is_whole(clean, versions) == 0


RUN = """
import sys, pathlib, dataclasses
from mezan_graph.push import payload
payload.BUCKET = 10
from mezan_graph.push.credentials import Credentials
from mezan_graph.push.http import Http
from mezan_graph.push.pushing import push
from mezan_graph.push.refusals import Patience
from mezan_graph.push.stores import open_store
url, kind, user, password, live, path = sys.argv[1:]
store = open_store(Http(url, Credentials(user or None, password), patience=Patience(30)), kind)
store.capabilities = dataclasses.replace(store.capabilities, chunk_bytes=4000)
lines = pathlib.Path(path).read_bytes().splitlines()
push(store, {live: payload.write_payload(lines, pathlib.Path(path + ".copy"))})
"""


def start_push(server, port, made):
    """Push in a process of its own."""
    url = server.url.replace(str(server.port), str(port))
    who = server.credentials
    return subprocess.Popen(
        [sys.executable, "-c", RUN, url, server.kind, who.user or "", who.password, LIVE,
         str(made.path)],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


STEPS = [
    pytest.param(kind, step, moment, id=f"{kind}-{step}-{moment}")
    for kind in SERVERS
    for step in range(0, 44, 3 if kind in {"oxigraph", "virtuoso"} else 12)
    for moment in ("before", "after")
]


@pytest.mark.parametrize(("kind", "step", "moment"), STEPS)
def test_we_are_killed_at_a_step(kind, step, moment, clean, versions, proxy, server):
    """Signal 9 at one request: before it reaches the store, or when the store has done it."""
    process = None

    def kill():
        process.kill()
        process.wait()

    action = fate.first(kill, fate.cut_before) if moment == "before" else fate.after(kill)
    proxy.on(lambda _: True, action, skip=step)
    process = start_push(server, proxy.port, versions[1])
    assert process.wait(60) in {-9, 0}
    is_whole(clean, versions)
    finishes(clean, versions)


@pytest.fixture(params=list(SERVERS))
def mortal(request, tmp_path):
    """A server that a test may kill."""
    server = SERVERS[request.param](tmp_path / "server")
    server.start()
    yield server
    server.kill()


@pytest.mark.parametrize("when", ["upload", "swap"])
def test_the_store_is_killed_in_the_middle(when, mortal, connect, payload):
    """Signal 9 to the server; it comes back after some seconds, or the next run finds it."""
    store = connect(mortal)
    old, new = payload(people(400)), payload(people(450, 2001))
    push(store, {LIVE: old}, options())
    with fate.Proxy(mortal.port) as proxy:
        matches = is_upload if when == "upload" else is_swap

        def kill(handler, request):
            threading.Timer(0.005, mortal.kill).start()
            try:
                handler.forward(request)
            finally:
                time.sleep(0.1)
                handler.cut()

        proxy.on(matches, kill)
        through = connect(mortal, proxy, chunk_bytes=20_000)
        with pytest.raises(RemoteError):
            push(through, {LIVE: new}, options())
    mortal.start()
    store = connect(mortal)
    is_whole(store, (old, new))
    finishes(store, (old, new))


@pytest.mark.parametrize("kind", ["oxigraph", "fuseki"])
def test_the_store_starts_again_in_the_middle(kind, tmp_path, connect, payload):
    """The push waits for it and goes on."""
    server = SERVERS[kind](tmp_path / "server")
    server.start()
    try:
        old, new = payload(people(40)), payload(people(45, 2001))
        push(connect(server), {LIVE: old}, options())
        with fate.Proxy(server.port) as proxy:

            def restart():
                server.kill()
                server.start()

            proxy.on(is_upload, fate.first(restart, fate.cut_before), skip=1)
            patient = type(IMPATIENT)(seconds=60, tries=6, pause=0.5)
            store = connect(server, proxy, chunk_bytes=4000, patience=patient)
            push(store, {LIVE: new}, Options())
        assert is_whole(connect(server), (old, new)) == 1
    finally:
        server.kill()


def test_the_disk_is_full(tmp_path, connect, payload):
    """A server that may write no file beyond a size, as on a full disk."""
    import resource

    server = SERVERS["oxigraph"](tmp_path / "server")
    server.start()
    old, new = payload(people(40)), payload(people(30_000, 2001))
    try:
        push(connect(server), {LIVE: old}, options())
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (200_000, 200_000))
        with pytest.raises(RemoteError) as caught:
            push(connect(server, chunk_bytes=200_000), {LIVE: new}, options())
        assert caught.value.exit_code == 4
        server.kill()
        server.start()
        store = connect(server, chunk_bytes=1_000_000)
        assert is_whole(store, (old,)) == 0
        assert Path(server.folder).exists()
        push(store, {LIVE: new}, options())
        assert store.count(LIVE) == new.manifest.triples
    finally:
        server.kill()
