"""Serving a project until told to stop: start, reload, end."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import hashlib
import itertools
import os
import signal
import socket
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from mezan_graph.endpoint.access_log import AccessLog
from mezan_graph.endpoint.service import Service
from mezan_graph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mezan_graph.endpoint.distant.store import Address
    from mezan_graph.project import Project
    from mezan_graph.service_limits import ServiceLimits


_BACKLOG = 2048
_COLLECTION_SECONDS = 1.0
_WHOLE_COLLECTION = 600
"""Collections after which everything is looked through, in place of what is new."""
_WAITING_WORKERS = 16
"""Queries at once where workers only wait for a store, unless the project says how many."""


def serve(
    project: Project,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    limits: ServiceLimits | None = None,
    elsewhere: Address | None = None,
    checked: bool = True,
    watch: bool = True,
    versions: Path | None = None,
    log: AccessLog | None = None,
    ready: Callable[[str], object] = lambda _: None,
) -> None:
    """Serve ``project`` over HTTP until the process gets SIGINT or SIGTERM.

    SIGHUP loads the project anew.

    Args:
        project: What to serve; its folder is read again at each reload.
        host: Address to listen on.
        port: Port to listen on; 0 for any that is free.
        limits: What the service bears; by default as the project says.
        elsewhere: The store that has the data; by default the data of the project is loaded.
        checked: Whether only data that conforms to its shapes is served, where it is loaded.
        watch: Whether a change below the project's folder is a reload.
        versions: Folder of the released versions, one folder each as ``mezan build`` writes it.
        log: Where requests and events are logged.
        ready: Called with the URL when the first request can be answered.

    Raises:
        UsageError: The address cannot be listened on.
        FindingsError: The data does not conform.
        InputError: A file of the project cannot be read.
        RemoteError: The store cannot be asked.
    """
    borne = limits or project.serve
    if elsewhere is not None and not borne.workers:
        borne = borne._replace(workers=_WAITING_WORKERS)
    listening = _listening(host, port)
    shown = f"[{host}]" if ":" in host else host
    url = f"http://{shown}:{listening.getsockname()[1]}/"
    with listening, _process_file(project.root), asyncio.Runner(loop_factory=_loop) as runner:
        runner.run(
            _serve(
                project,
                listening,
                borne,
                log or AccessLog(),
                elsewhere,
                checked=checked,
                watch=watch,
                versions=versions,
                ready=lambda: ready(url),
            )
        )


def _loop() -> asyncio.AbstractEventLoop:
    """Return an event loop, which is uvloop's where there is one for the platform."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


async def _serve(
    project: Project,
    listening: socket.socket,
    limits: ServiceLimits,
    log: AccessLog,
    elsewhere: Address | None,
    *,
    checked: bool,
    watch: bool,
    versions: Path | None,
    ready: Callable[[], object],
) -> None:
    service = Service(project.root, limits, checked=checked, report=log.event, elsewhere=elsewhere)
    first = asyncio.create_task(service.load())
    await asyncio.sleep(0)
    # The nursery loads the graph meanwhile.
    from mezan_graph.endpoint.application import Application
    from mezan_graph.endpoint.listening import serve as serve_connections
    from mezan_graph.endpoint.versions import Versions

    service.versions = None if versions is None else Versions(versions)
    await first
    loop = asyncio.get_running_loop()
    tasks: set[asyncio.Task[None]] = set()

    def reload() -> None:
        task = loop.create_task(service.reload())
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    loop.add_signal_handler(signal.SIGHUP, reload)
    collecting = asyncio.create_task(_collect())
    watching = asyncio.create_task(_watch(project, reload)) if watch else None
    try:
        await serve_connections(Application(service, log), listening, limits, ready)
    finally:
        collecting.cancel()
        if watching is not None:
            watching.cancel()
        service.close()


async def _collect() -> None:
    """Look for cycles among new objects only, and not in the middle of a request.

    Answers that are kept are many and hold no cycles. Looked through as often as Python does by
    default, they cost a server of light queries a tenth of its time and the slowest requests more.
    """
    gc.disable()
    for number in itertools.count(1):
        if not number % _WHOLE_COLLECTION:
            gc.unfreeze()
        gc.collect()
        gc.freeze()
        await asyncio.sleep(_COLLECTION_SECONDS)


async def _watch(project: Project, reload: Callable[[], object]) -> None:
    from watchfiles import awatch

    async for _ in awatch(*_watched(project)):
        reload()


def _watched(project: Project) -> list[Path]:
    inside = [each for each in project.folders.values() if each.is_dir()]
    return [*inside, project.root / "mezan.toml"]


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        made = socket.socket(family, kind, protocol)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Head and body of an answer are two writes; the second must not wait for the first.
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        made.bind(address)
        made.listen(_BACKLOG)
    except OSError as error:
        raise UsageError(
            f"cannot listen on {host} port {port}: {error.strerror or error}",
            hint="choose another one with --port, or --port 0 for any that is free",
        ) from None
    made.setblocking(False)
    return made


def _process_files(root: Path) -> tuple[Path, str]:
    folder = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    digest = hashlib.sha256(os.fsencode(root)).hexdigest()[:16]
    return folder, f"mezan-{os.getuid()}-{digest}-"


@contextlib.contextmanager
def _process_file(root: Path) -> Iterator[None]:
    """Leave a note of this process for :func:`reload_servers`, as long as it lasts."""
    folder, prefix = _process_files(root)
    path = folder / f"{prefix}{os.getpid()}"
    try:
        path.unlink(missing_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError:
        yield
        return
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def reload_servers(project: Project) -> list[int]:
    """Have every server of ``project`` that this user runs on this machine load it anew.

    Returns:
        The ids of the processes that were told.
    """
    folder, prefix = _process_files(project.root)
    told = []
    for path in sorted(folder.glob(f"{prefix}*")):
        number = path.name.removeprefix(prefix)
        status = path.lstat()
        # Whoever may write into the folder could else have us signal a process of ours.
        if status.st_uid != os.getuid() or not stat.S_ISREG(status.st_mode):
            continue
        try:
            os.kill(int(number), signal.SIGHUP)
        except (ProcessLookupError, ValueError):
            path.unlink(missing_ok=True)
        else:
            told.append(int(number))
    return told
