"""The static server: what the real hosts answer, and nothing from outside of the folder."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from http import HTTPStatus

import httpx
import pytest

from mezan_graph.deployment.static import Asked, StaticSite
from mezan_graph.errors import SourceError


@pytest.fixture(scope="module")
def static(hosted, made_site) -> StaticSite:
    return StaticSite(hosted, made_site / "g")


@pytest.fixture(scope="module")
def nginx(start_nginx, made_site):
    with httpx.Client(base_url=start_nginx(made_site), timeout=10) as client:
        client.headers.clear()
        yield client


ASKED = [
    Asked(),
    Asked("text/html", "ar"),
    Asked("text/turtle"),
    Asked("application/ld+json;q=0.9, text/html;q=0.8", "en"),
    Asked("application/n-triples"),
    Asked("image/png"),
]


@pytest.mark.parametrize(
    "path",
    [
        "id/al-mezan", "doc/al-mezan", "concept/funding-core", "dataset/al-mezan", "graph/links",
        "def", "shapes", "id/Q42", "id/q42", "id/a%20b", "doc/nobody",
        "en/doc/al-mezan.html", "doc/al-mezan.jsonld", "dump.nq.gz", "void.ttl", "nothing", "",
    ],
)  # fmt: skip
@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_it_answers_as_nginx_does(static, nginx, path, asked):
    names = {"Accept": asked.accept, "Accept-Language": asked.language}
    expected = nginx.get(path, headers={name: each for name, each in names.items() if each})
    reply = static.reply(f"/g/{path}", asked)
    assert reply.status == expected.status_code
    assert reply.headers.get("Location") == expected.headers.get("Location")
    if reply.status == HTTPStatus.OK:
        for name in ("Content-Type", "Content-Language", "Content-Location", "X-Robots-Tag"):
            assert reply.headers.get(name) == expected.headers.get(name), name
        assert reply.headers["Link"] == ", ".join(expected.headers.get_list("Link"))
        assert reply.file.read_bytes() == expected.content


@pytest.mark.parametrize(
    "target",
    [
        "/g/../secret", "/g/%2e%2e/secret", "/g/..%2fsecret", "/g/doc/..%5c..%5csecret",
        "/g//etc/passwd", "/g/.htaccess", "/g/.well-known/.hidden", "/g/.well-known/../../secret",
        "/g/link", "/g/linked/secret", "/g/id/..%2f..%2fsecret", "/g/doc/%2e%2e%2f%2e%2e%2fsecret",
        "/g/a%00b", "/elsewhere/index.html", "//g/index.html",
    ],
)  # fmt: skip
def test_nothing_outside_of_the_folder_is_sent(hosted, tmp_path, target):
    site = tmp_path / "site"
    (site / ".well-known").mkdir(parents=True)
    (tmp_path / "secret").write_text("secret")
    for name in ("index.html", ".htaccess", ".well-known/.hidden"):
        (site / name).write_text("secret")
    (site / "link").symlink_to(tmp_path / "secret")
    (site / "linked").symlink_to(tmp_path)
    reply = StaticSite(hosted, site).reply(target, Asked("text/turtle"))
    assert (reply.status, reply.file) == (404, None)


def test_a_file_that_has_not_changed_is_not_sent_again(static):
    first = static.reply("/g/void.ttl", Asked())
    again = static.reply("/g/void.ttl", Asked(etag=first.headers["ETag"]))
    assert (again.status, again.file) == (304, None)


def test_a_folder_without_a_site_is_refused(hosted, tmp_path):
    with pytest.raises(SourceError, match="holds no site"):
        StaticSite(hosted, tmp_path)


@pytest.fixture
def serving(copied, made_site):
    """``mezan serve --static`` in a process of its own; its URL."""
    command = [sys.executable, "-m", "mezan_graph", "-C", str(copied), "serve"]
    process = subprocess.Popen(
        [*command, "--static", str(made_site / "g"), "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert process.stderr is not None
    url = process.stderr.readline().strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/mezan-graph/", url), process.stderr.read()
    yield url
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0
    process.stderr.close()


def test_mezan_serve_static_shows_the_site_at_its_path(serving):
    host = httpx.URL(serving)
    with httpx.Client(timeout=10) as client:
        home = client.get(f"http://127.0.0.1:{host.port}/", follow_redirects=True)
        assert str(home.url) == serving
        data = client.get(f"{serving}id/al-mezan", headers={"Accept": "text/turtle"})
        assert data.status_code == 303
        page = client.head(f"{serving}en/doc/al-mezan.html")
        assert (page.status_code, page.content) == (200, b"")
        assert int(page.headers["Content-Length"]) > 0
        assert client.post(serving).status_code == 501
    with socket.create_connection(("127.0.0.1", host.port), timeout=10) as raw:
        raw.sendall(
            b"GET /mezan-graph/../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
        assert raw.recv(100).startswith(b"HTTP/1.1 404 ")
