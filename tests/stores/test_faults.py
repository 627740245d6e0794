"""Faults, one by one, on every store: the live graph is the old one or the new one, whole.

After each the error says which, and the next run finishes.
"""

# Servers and stores carry what a test gives them, and versions are there where it says so.
# mypy: disable-error-code="union-attr, attr-defined"
from __future__ import annotations

import multiprocessing
import os
import re
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from tests.stores import proxy as fate
from tests.stores import sending
from tests.stores.conftest import IMPATIENT, LIVE, people
from tests.stores.servers import STORES
from tests.stores.test_push import graphs, options, triples

from mezan_graph.errors import RemoteError
from mezan_graph.push.naming import Names
from mezan_graph.push.pushing import push, roll_back
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
    moves = (f"{how} GRAPH <{STAGING}".encode() for how in ("MOVE", "COPY", "ADD"))
    return (
        any(move in request.body for move in moves)
        or f"{{ GRAPH <{LIVE}> {{ ?s ?p ?o }} }} WHERE".encode() in request.body
    )


def commits_swap():
    """The COMMIT of the transaction that fills a graph or makes a version live, as RDF4J has it."""
    begun = set()

    def matches(request):
        path, _, parameters = request.path.partition("?")
        if is_swap(request) or "action=ADD" in parameters:
            begun.add(path)
        return "action=COMMIT" in parameters and path in begun

    return matches


def going_live(kind):
    """What makes the new version live in a kind of store."""
    return commits_swap() if kind == "rdf4j" else is_swap


def is_query(request):
    return request.headers.get("Content-Type", "").startswith("application/x-www-form")


def is_reading(request):
    """The triples of the staging graph are read back."""
    pages = b"CONSTRUCT" in request.body or request.headers.get("Accept") == "text/turtle"
    return (request.method == "GET" and "x-mezan" in request.path) or pages


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


OTHERS = [kind for kind in STORES if kind != "oxigraph"]


def on_stores(faults, elsewhere):
    """Every fault on Oxigraph; on the others those after which the store itself decides."""
    return [
        pytest.param(kind, fault, id=f"{kind}-{fault}")
        for fault in faults
        for kind in ("oxigraph", *elsewhere.get(fault, ()))
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
        PASSING,
        {
            "the connection breaks within an upload": OTHERS,
            "the answer to a query is cut": ["virtuoso"],
            "the answer to the swap is lost": OTHERS,
        },
    ),
)
def test_a_fault_that_passes(kind, fault, clean, versions, proxy, server, connect):
    matches, action, when = PASSING[fault]
    if kind.startswith("rdf4j") and matches is is_swap:
        matches = commits_swap()
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
    on_stores(
        FINAL,
        {
            "2xx that stores half": OTHERS,
            "the swap is refused": OTHERS,
            "reading back breaks": ["virtuoso"],
        },
    ),
)
def test_a_fault_that_ends_a_push(kind, fault, clean, versions, proxy, server, connect):
    matches, action, when, message = FINAL[fault]
    if matches is is_swap:
        matches = going_live(kind)
    proxy.on(matches, action, **when)
    with pytest.raises(RemoteError) as caught:
        push(connect(server, proxy, chunk_bytes=4000), {LIVE: versions[1]}, options())
    assert message in caught.value.message
    assert "old one, whole" in caught.value.message or "untouched" in caught.value.message
    assert caught.value.hint
    assert is_whole(clean, versions) == 0
    finishes(clean, versions)


@pytest.mark.parametrize("kind", ["virtuoso"])
def test_an_upload_that_deadlocks_is_sent_again(kind, clean, versions, proxy, server, connect):
    proxy.on(is_upload, fate.deadlock, times=2)
    push(connect(server, proxy, chunk_bytes=4000), {LIVE: versions[1]}, options())
    assert is_whole(clean, versions) == 1
    finishes(clean, versions)


@pytest.mark.parametrize("kind", ["virtuoso"])
def test_an_upload_that_deadlocks_every_time(kind, clean, versions, proxy, server, connect):
    proxy.on(is_upload, fate.deadlock, times=999)
    with pytest.raises(RemoteError, match="500.*untouched"):
        push(connect(server, proxy, chunk_bytes=4000), {LIVE: versions[1]}, options())
    assert is_whole(clean, versions) == 0
    finishes(clean, versions)


@pytest.mark.parametrize("kind", ["virtuoso"])
def test_a_chunk_is_refused_while_others_arrive(kind, clean, versions, proxy, server, connect):
    """Where chunks are sent side by side, as many triples as the first has are not the first."""
    (_, first), *_ = versions[1].chunks(4000)
    begin = next(versions[1].all_lines())
    proxy.on(lambda request: is_upload(request) and begin in request.body, fate.answers(403))
    with pytest.raises(RemoteError, match="403.*untouched"):
        push(connect(server, proxy, chunk_bytes=4000), {LIVE: versions[1]}, options())
    staged = Names(LIVE).version(versions[1].manifest.sha256[:32])
    assert first.triples <= clean.count(staged) <= versions[1].manifest.triples - first.triples
    proxy.log.clear()
    push(connect(server, proxy, chunk_bytes=4000), {LIVE: versions[1]}, options())
    assert not any(map(is_tidying, proxy.log))
    assert is_whole(clean, versions) == 1
    finishes(clean, versions)


def is_tidying(request):
    """The staging graph, or the version before the last, is dropped."""
    kind = request.headers.get("Content-Type", "")
    version = rf"DROP SILENT GRAPH <{STAGING}[0-9a-f]".encode()
    return "sparql-update" in kind and re.search(version, request.body) is not None


@pytest.mark.parametrize("kind", ["oxigraph"])
@pytest.mark.parametrize("action", [fate.answers(500), fate.cut_before, fate.cut_after])
def test_the_staging_graph_cannot_be_dropped(kind, action, clean, versions, proxy, server, connect):
    """It is dropped when the live graph is proved; the next push does it."""
    proxy.on(is_tidying, action, times=999)
    with pytest.raises(RemoteError, match="the live graph is the new one, whole"):
        push(connect(server, proxy, chunk_bytes=4000), {LIVE: versions[1]}, options())
    assert is_whole(clean, versions) == 1
    finishes(clean, versions)


@pytest.mark.parametrize("kind", ["oxigraph"])
def test_back_before_the_staging_graph_is_dropped(kind, clean, versions, proxy, server, connect):
    proxy.on(is_tidying, fate.answers(500), times=999)
    with pytest.raises(RemoteError):
        push(connect(server, proxy), {LIVE: versions[1]}, options())
    assert roll_back(clean, [LIVE], options()).graphs[0].previous.sha256 == (
        versions[1].manifest.sha256
    )
    assert is_whole(clean, versions) == 0
    finishes(clean, versions)


@pytest.mark.parametrize("forwarded", [False, True])
@pytest.mark.parametrize(
    ("kind", "matches"),
    [
        pytest.param("oxigraph", is_upload, id="oxigraph-upload"),
        *(pytest.param(kind, is_swap, id=f"{kind}-swap") for kind in STORES),
    ],
)
def test_a_timeout(kind, matches, forwarded, clean, versions, proxy, server, connect):
    """Nobody knows what became of the request: it is looked up."""
    if matches is is_swap:
        matches = going_live(kind)
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


@pytest.fixture(scope="module")
def processes():
    """Processes that are made from one without threads, in which everything is imported."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([sending.__name__])
    return context


def killed(processes, server, proxy, step, moment, made):
    """Push in a process that gets signal 9 at one request; whether it lived that long."""
    started = threading.Event()

    def kill():
        assert started.wait(60)
        os.kill(process.pid, signal.SIGKILL)

    action = fate.first(kill, fate.cut_before) if moment == "before" else fate.after(kill)
    proxy.rules.clear()
    proxy.on(lambda _: True, action, skip=step)
    url = server.url.replace(str(server.port), str(proxy.port))
    process = processes.Process(
        target=sending.send,
        args=(url, server.kind, server.credentials, dict(server.changes), LIVE, str(made.path)),
    )
    process.start()
    started.set()
    process.join(60)
    assert process.exitcode in {-9, 0}
    return process.exitcode == -9


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("kind", list(STORES))
def test_we_are_killed_at_a_step(kind, moment, clean, payload, proxy, server, connect, processes):
    """Signal 9 at one request: before it reaches the store, or when the store has done it.

    At every request of a push on Oxigraph, on the others at those around the swap. Three versions
    take turns, so that each push finds a live one and a kept one.
    """
    turns = [payload(people(count, 2000 + count)) for count in (40, 41, 42)]
    push(clean, {LIVE: turns[0]}, options())
    push(connect(server, proxy, chunk_bytes=4000), {LIVE: turns[1]}, options())
    matches = going_live(kind)
    swaps = [number for number, request in enumerate(proxy.log) if matches(request)]
    start = 0 if kind == "oxigraph" else swaps[0] - 2
    end = len(proxy.log) + 20 if kind == "oxigraph" else swaps[-1] + 4
    for turn, step in enumerate(range(start, end), 1):
        versions = turns[turn % 3], turns[(turn + 1) % 3]
        lived = not killed(processes, server, proxy, step, moment, versions[1])
        assert is_whole(clean, versions) >= lived
        finishes(clean, versions)
        if lived:
            assert step > swaps[-1]
            break
    else:
        assert kind != "oxigraph"


@pytest.mark.parametrize(
    ("kind", "matches"),
    [
        pytest.param("oxigraph", is_upload, id="oxigraph-upload"),
        *(pytest.param(kind, is_swap, id=f"{kind}-swap") for kind in STORES),
    ],
)
def test_the_store_is_killed_in_the_middle(kind, matches, clean, payload, proxy, server, connect):
    """Signal 9 to the server; the next run finds it."""
    versions = payload(people(400)), payload(people(450, 2001))
    push(clean, {LIVE: versions[0]}, options())

    def kill(handler, request):
        killer = threading.Timer(0.005, server.kill)
        killer.start()
        try:
            handler.forward(request)
        finally:
            killer.join()
            handler.cut()

    proxy.on(going_live(kind) if matches is is_swap else matches, kill)
    try:
        with pytest.raises(RemoteError):
            push(connect(server, proxy, chunk_bytes=20_000), {LIVE: versions[1]}, options())
    finally:
        server.start()
    is_whole(clean, versions)
    finishes(clean, versions)


@pytest.mark.parametrize("kind", ["oxigraph"])
def test_the_store_starts_again_in_the_middle(kind, clean, versions, proxy, server, connect):
    """The push waits for it and goes on."""
    gone = threading.Event()

    def end():
        server.kill()
        gone.set()

    proxy.on(is_upload, fate.first(end, fate.cut_before), skip=1)
    patient = type(IMPATIENT)(seconds=60, tries=8, pause=0.2)
    store = connect(server, proxy, chunk_bytes=4000, patience=patient)
    with ThreadPoolExecutor(1) as pool:
        pushed = pool.submit(push, store, {LIVE: versions[1]}, Options())
        assert gone.wait(60)
        server.start()
        assert pushed.result().written
    assert is_whole(clean, versions) == 1


def test_the_disk_is_full(tmp_path, connect, payload):
    """A server that may write no file beyond a size, as on a full disk."""
    import resource

    server = STORES["oxigraph"](tmp_path / "server")
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
