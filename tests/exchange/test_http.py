"""Requests to a server that misbehaves: authentication, redirects, TLS, patience."""

# Servers and stores carry what a test gives them, and versions are there where it says so.
# mypy: disable-error-code="attr-defined, method-assign, var-annotated"
from __future__ import annotations

import base64
import datetime as dt
import email.utils
import hashlib
import re
import shutil
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from mezan_graph.errors import RemoteError, UnknownOutcomeError, UsageError
from mezan_graph.exchange.credentials import Credentials
from mezan_graph.exchange.http import Http
from mezan_graph.exchange.refusals import Patience, retry_after

NONCE = "abc"
NOBODY, ANN = Credentials(), Credentials("ann", "hunter2")


class Handler(BaseHTTPRequestHandler):
    """Answers each path in its own way, and keeps what it was asked."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        said = self.headers.get("Authorization", "")
        self.server.asked.append((self.path, said, body))
        getattr(self, self.path[1:].partition("?")[0].replace("-", "_"), self.ok)()

    do_GET = do_POST  # noqa: N815 - the library's name

    def answer(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"said\x1b")

    def ok(self) -> None:
        self.answer(200)

    def basic(self) -> None:
        wanted = "Basic " + base64.b64encode(b"ann:hunter2").decode()
        given = self.headers.get("Authorization")
        self.answer(200) if given == wanted else self.answer(401, WWW_Authenticate="Basic realm=x")

    def digest(self) -> None:
        given = dict(re.findall(r'(\w+)="?([^",]+)"?', self.headers.get("Authorization", "")))

        def md5(text):
            return hashlib.md5(text.encode()).hexdigest()

        if given:
            secret = md5("ann:x:hunter2")
            middle = f"{NONCE}:{given['nc']}:{given['cnonce']}:auth"
            expected = md5(f"{secret}:{middle}:{md5(f'{self.command}:{self.path}')}")
            if given["response"] == expected:
                self.answer(200)
                return
        self.answer(401, WWW_Authenticate=f'Digest realm="x", nonce="{NONCE}", qop="auth"')

    def busy(self) -> None:
        times = sum(path == "/busy" for path, _, _ in self.server.asked)
        self.answer(429 if times < 3 else 200, Retry_After="7")

    def always_busy(self) -> None:
        self.answer(503)

    def no(self) -> None:
        self.answer(403)

    def here(self) -> None:
        self.answer(307, Location="/ok?again=1")

    def loop(self) -> None:
        self.answer(307, Location="/loop")

    def found(self) -> None:
        self.answer(302, Location="/ok")

    def elsewhere(self) -> None:
        self.answer(307, Location=f"http://localhost:{self.server.server_port}/ok")

    def cut(self) -> None:
        self.close_connection = True
        self.connection.close()


@pytest.fixture
def server():
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    httpd.handle_error = lambda *_: None
    httpd.asked = []
    thread = threading.Thread(target=httpd.serve_forever, args=(0.02,))
    thread.start()
    httpd.url = f"http://127.0.0.1:{httpd.server_port}"
    yield httpd
    httpd.shutdown()
    httpd.server_close()
    thread.join()


@pytest.fixture
def http():
    """Opens a connection that notes its pauses in place of waiting."""
    opened = []

    def open_(url, credentials=NOBODY, **options):
        pauses = []
        made = Http(
            url,
            credentials,
            patience=Patience(seconds=2, tries=4, pause=1, longest=60),
            sleep=pauses.append,
            **options,
        )
        made.pauses = pauses
        opened.append(made)
        return made

    yield open_
    for each in opened:
        each.close()


@pytest.mark.parametrize("scheme", ["basic", "digest"])
def test_the_scheme_that_the_server_asks_for(server, http, scheme):
    made = http(server.url, ANN)
    for _ in range(2):
        assert made.request("POST", f"{server.url}/{scheme}", content=b"body").status_code == 200
    assert {body for _, _, body in server.asked} == {b"body"}
    # Once the scheme is known, the first request carries the answer.
    assert server.asked[-1][1]


def test_a_wrong_password_is_final_and_not_told(server, http):
    made = http(server.url, Credentials("ann", "hunter3"))
    with pytest.raises(RemoteError) as caught:
        made.request("GET", f"{server.url}/basic")
    assert "HTTP 401" in caught.value.message
    assert "hunter" not in str(caught.value)
    assert made.pauses == []


def test_a_token(server, http):
    http(server.url, Credentials(token="t0k")).request("GET", f"{server.url}/ok")
    assert server.asked[0][1] == "Bearer t0k"


def test_nothing_is_told_to_another_host(server, http):
    made = http(server.url, Credentials(token="t0k"))
    with pytest.raises(RemoteError, match="another host; nothing was sent") as caught:
        made.request("GET", f"{server.url}/elsewhere?key=hunter2")
    assert len(server.asked) == 1
    assert "t0k" not in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_redirects_on_the_same_host(server, http):
    made = http(server.url)
    made.request("POST", f"{server.url}/here", params={"a": "b"}, content=b"body")
    assert [(path, body) for path, _, body in server.asked] == [
        ("/here?a=b", b"body"),
        ("/ok?again=1", b"body"),
    ]
    with pytest.raises(RemoteError, match="circle"):
        made.request("GET", f"{server.url}/loop")
    with pytest.raises(RemoteError, match="drops it"):
        made.request("POST", f"{server.url}/found", content=b"body")
    assert made.request("GET", f"{server.url}/found").status_code == 200


def test_it_waits_as_long_as_it_is_asked_to(server, http):
    made = http(server.url)
    assert made.request("GET", f"{server.url}/busy").status_code == 200
    assert made.pauses == [7, 7]


def test_it_gives_up_in_the_end(server, http):
    made = http(server.url)
    with pytest.raises(RemoteError, match=r"HTTP 503 .*said\\x1b"):
        made.request("GET", f"{server.url}/always-busy")
    assert made.pauses == [1, 2, 4]


def test_a_refusal_is_final(server, http):
    made = http(server.url)
    with pytest.raises(RemoteError, match="HTTP 403") as caught:
        made.request("GET", f"{server.url}/no")
    assert caught.value.hint == "this user may not write there"
    assert made.pauses == []


def test_what_may_not_be_repeated_is_not(server, http):
    made = http(server.url)
    with pytest.raises(UnknownOutcomeError, match="connection broke"):
        made.request("POST", f"{server.url}/cut", repeatable=False)
    assert made.pauses == []
    with pytest.raises(UnknownOutcomeError):
        made.request("POST", f"{server.url}/cut")
    assert len(made.pauses) == 3


def test_an_unknown_host_is_final(http):
    made = http("http://nowhere.invalid/")
    with pytest.raises(RemoteError, match="cannot be reached"):
        made.request("GET", "http://nowhere.invalid/")
    assert made.pauses == []


@pytest.mark.parametrize(
    ("said", "seconds"), [("7", 7), ("", 0), ("soon", 0), ("Sun, 06 Nov 1994 08:49:37 GMT", 0)]
)
def test_retry_after(said, seconds):
    assert retry_after(said) == seconds


def test_retry_after_a_date():
    moment = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=100)
    assert 90 < retry_after(email.utils.format_datetime(moment, usegmt=True)) <= 100


def test_a_private_authority_must_be_named(tmp_path, server, http):
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    url = server.url.replace("http:", "https:")
    with pytest.raises(RemoteError, match="its certificate is not trusted"):
        http(url).request("GET", f"{url}/ok")
    assert http(url, authority=certificate).request("GET", f"{url}/ok").status_code == 200
    with pytest.raises(UsageError, match="holds no certificates"):
        http(url, authority=key)
