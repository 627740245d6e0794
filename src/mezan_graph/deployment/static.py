"""A built site looked at on this machine: files, negotiation and headers as the hosts give them.

The site stands at the path that it is hosted at, so that its links are tried as they will be. Only
GET and HEAD are answered, only files below the folder are read, and nothing with a leading dot but
``.well-known/``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from mezan_graph.endpoint.negotiation import choose, choose_language, matches
from mezan_graph.errors import SourceError, UsageError
from mezan_graph.filenames import file_stem
from mezan_graph.site.headers import (
    EVERYWHERE,
    NAMED_TYPES,
    TYPES,
    UNLISTED,
    VARY,
    general_links,
    links,
    with_charset,
)
from mezan_graph.site.routes import (
    HTML,
    NEGOTIATED,
    OFFERED,
    ONTOLOGY,
    SIBLINGS,
    hosted_path,
    routes,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mezan_graph.project import Project

_NEGOTIATED = re.compile(rf"(?:{NEGOTIATED})\Z")
_ENTITY = re.compile(r"(?:[A-Za-z-]+/)?((?:doc|concept)/[^/.]+)\.(?:html|ttl|jsonld|nt)\Z")
_UNSAFE = re.compile(r"[\x00-\x1f\\]")
_SUFFIXES = {HTML: ".html"} | {each.media_type: each.suffix for each in SIBLINGS}


class Asked(NamedTuple):
    """The headers of a request that count: ``Accept``, ``Accept-Language``, ``If-None-Match``."""

    accept: str | None = None
    language: str | None = None
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered.

    Attributes:
        status: HTTP status code.
        headers: Headers besides those of every answer.
        file: What is sent, if anything.
    """

    status: HTTPStatus
    headers: dict[str, str] = field(default_factory=dict)
    file: Path | None = None


class StaticSite:
    """A built site in a folder.

    Attributes:
        root: URL path that it stands at, ending in ``/``.
    """

    def __init__(self, project: Project, folder: Path) -> None:
        """Open the site of ``project`` in ``folder``.

        Raises:
            SourceError: There is no site in the folder.
        """
        self.root = hosted_path(project)
        self._project = project
        self._folder = folder.resolve()
        if not (self._folder / "index.html").is_file():
            raise SourceError("holds no site", place=folder, hint="mezan build --site makes one")
        self._routes = routes(ontology=(self._folder / ONTOLOGY).is_file())

    def reply(self, target: str, asked: Asked) -> Reply:
        """Return the answer to a GET of ``target``, path and query as they were sent."""
        raw = urlsplit(target).path
        if raw == "/" != self.root:
            return Reply(HTTPStatus.FOUND, {"Location": self.root})
        if not raw.startswith(self.root):
            return self._missing()
        path = unquote(raw.removeprefix(self.root))
        if _NEGOTIATED.match(path):
            return self._negotiated(path, asked)
        file = self._file(path)
        if file is None:
            return self._missing()
        return self._sent(file, path, asked)

    def _file(self, path: str) -> Path | None:
        """Return the file at ``path``, ``None`` where there is none that may be sent."""
        parts = (path or "index.html").split("/")
        if not parts[-1]:
            parts[-1] = "index.html"
        allowed = parts[1:] if parts[0] == ".well-known" else parts
        if any(not each or each[0] == "." or _UNSAFE.search(each) for each in allowed):
            return None
        file = self._folder.joinpath(*parts).resolve()
        # A link must not lead out of the folder, either.
        return file if file.is_relative_to(self._folder) and file.is_file() else None

    def _missing(self) -> Reply:
        headers = {"Content-Type": with_charset(HTML)}
        return Reply(HTTPStatus.NOT_FOUND, headers, self._file("404.html"))

    def _sent(self, file: Path, path: str, asked: Asked) -> Reply:
        status = file.stat()
        found = {
            "Content-Type": with_charset(self._media_type(file)),
            "ETag": f'"{status.st_mtime_ns:x}-{status.st_size:x}"',
            "Link": self._links(path),
        }
        language = path.partition("/")[0]
        if language in self._project.languages:
            found["Content-Language"] = language
            found["Link"] += f', <{self._project.site}{quote(path, safe="/~")}>; rel="canonical"'
        if file.suffix in UNLISTED:
            found["X-Robots-Tag"] = "noindex"
        if matches(asked.etag, found["ETag"]):
            return Reply(HTTPStatus.NOT_MODIFIED, found)
        return Reply(HTTPStatus.OK, found, file)

    def _media_type(self, file: Path) -> str:
        name = file.relative_to(self._folder).as_posix()
        return NAMED_TYPES.get(name) or TYPES.get(file.suffix, "application/octet-stream")

    def _links(self, path: str) -> str:
        match = _ENTITY.match(path)
        if match is None:
            return general_links(self._project, self.root)
        return links(self._project, match[1], self.root)

    def _negotiated(self, path: str, asked: Asked) -> Reply:
        media_type = choose(asked.accept, OFFERED)
        language = choose_language(asked.language, self._project.languages)
        if path.startswith("id/"):
            stem = self._stem("doc", path.removeprefix("id/"))
            return self._missing() if stem is None else self._redirect(HTTPStatus.SEE_OTHER, stem)
        if media_type is None:
            return Reply(HTTPStatus.NOT_ACCEPTABLE, {"Vary": VARY})
        suffix = _SUFFIXES[media_type]
        if path.startswith("doc/"):
            if media_type == HTML:
                return self._redirect(HTTPStatus.FOUND, f"{language}/{path}.html")
            file = self._file(path + suffix)
            if file is None:
                return self._missing()
            reply = self._sent(file, path + suffix, asked)
            where = self.root + quote(path + suffix, safe="/~")
            reply.headers.update({"Vary": VARY, "Content-Location": where})
            return reply
        to = self._target(path, language, suffix)
        return self._missing() if to is None else self._redirect(HTTPStatus.SEE_OTHER, to)

    def _target(self, path: str, language: str, suffix: str) -> str | None:
        """Return the path that a name leads to with 303."""
        if path.startswith("concept/"):
            stem = self._stem("concept", path.removeprefix("concept/"))
            if stem is None:
                return None
            return f"{language}/{stem}.html" if suffix == ".html" else stem + suffix
        for route in self._routes:
            match = re.fullmatch(route.pattern, path)
            if match is not None:
                if suffix == ".html":
                    return f"{language}/{route.page}"
                return route.files[suffix].format(*match.groups())
        return None

    def _stem(self, folder: str, local: str) -> str | None:
        """Return the stem of the files of an entity; its name may be percent-encoded in its IRI."""
        for name in (local, quote(local, safe="/~:@!$&'()*+,;=")):
            stem = f"{folder}/{file_stem(name)}"
            if self._file(f"{stem}.ttl") is not None:
                return stem
        return None

    def _redirect(self, status: HTTPStatus, path: str) -> Reply:
        return Reply(status, {"Location": self.root + quote(path, safe="/~"), "Vary": VARY})


class _Handler(BaseHTTPRequestHandler):
    """Answers requests from the :class:`StaticSite` of its server."""

    protocol_version = "HTTP/1.1"
    server_version = "mezan-graph"
    sys_version = ""
    timeout = 30
    server: _Server

    def do_GET(self) -> None:
        """Answer with the body."""
        self._answer(body=True)

    def do_HEAD(self) -> None:
        """Answer without the body."""
        self._answer(body=False)

    def _answer(self, *, body: bool) -> None:
        asked = Asked(
            *(self.headers.get(name) for name in ("Accept", "Accept-Language", "If-None-Match"))
        )
        reply = self.server.site.reply(self.path, asked)
        content = reply.file.read_bytes() if reply.file is not None else b""
        self.send_response(reply.status)
        for name, value in (EVERYWHERE | reply.headers).items():
            self.send_header(name, value)
        if reply.status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if body and reply.status != HTTPStatus.NOT_MODIFIED:
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base
        """Log nothing: somebody looks at pages."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], site: StaticSite) -> None:
        self.site = site
        super().__init__(address, _Handler)


def serve_static(
    project: Project,
    folder: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    ready: Callable[[str], object] = lambda _url: None,
) -> None:
    """Serve the built site in ``folder`` until the process is interrupted.

    Args:
        project: Whose site it is: languages and where it is hosted.
        folder: The built site.
        host: Address to listen on.
        port: Port to listen on; 0 for any that is free.
        ready: Called with the URL of the site when it can be asked for.

    Raises:
        SourceError: There is no site in the folder.
        UsageError: The address cannot be listened on.
    """
    site = StaticSite(project, folder)
    try:
        server = _Server((host, port), site)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"cannot listen on {host}:{port}: {reason}", hint="try --port 0") from None
    with server:
        shown = f"[{host}]" if ":" in host else host
        ready(f"http://{shown}:{server.server_address[1]}{site.root}")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return
