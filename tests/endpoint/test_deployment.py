"""The files of docs/deployment, tried: nginx in front, the unit's and the image's commands."""

from __future__ import annotations

import importlib
import re
import shlex
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest
from tests.conftest import free_port, system_program
from tests.endpoint.conftest import Server
from tests.endpoint.test_hostile import read_to_end

DEPLOYMENT = Path(__file__).resolve().parents[2] / "docs" / "deployment"


@pytest.fixture
def behind_nginx(served, tmp_path):
    """Starts nginx with docs/deployment/nginx.conf, without TLS, in front of a server."""
    program = system_program("nginx")
    started = []

    def start(**settings):
        server = served("--no-watch", **settings)
        port = free_port()
        text = (DEPLOYMENT / "nginx.conf").read_text(encoding="utf-8")
        text = text.replace("127.0.0.1:8000", f"127.0.0.1:{server.port}")
        text = re.sub(r"^ *(?:listen|ssl_\w+|http2) .*\n", "", text, flags=re.MULTILINE)
        text = text.replace("server_name", f"listen 127.0.0.1:{port};\n    server_name")
        folders = "".join(
            f"{name}_temp_path {tmp_path}/{name};\n"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        config = tmp_path / "nginx.conf"
        config.write_text(
            f"daemon off; pid {tmp_path}/nginx.pid; error_log {tmp_path}/error.log;\n"
            f"events {{}}\nhttp {{\n{folders}{text}}}\n",
            encoding="utf-8",
        )
        process = subprocess.Popen(
            [program, "-c", str(config), "-e", str(tmp_path / "error.log")],
            stderr=subprocess.DEVNULL,
        )
        started.append(process)
        proxy = Server(f"http://127.0.0.1:{port}/", process, server.log_path, server.root)
        deadline = time.monotonic() + 10
        while True:
            try:
                assert proxy.get("health").status == 200
            except OSError:
                assert time.monotonic() < deadline, (tmp_path / "error.log").read_text()
                time.sleep(0.05)
            else:
                return proxy

    yield start
    for process in started:
        process.terminate()
        process.wait(10)


def test_nginx_passes_requests_on(behind_nginx):
    proxy = behind_nginx(proxies=1)
    redirect = proxy.get("id/al-mezan")
    assert (redirect.status, redirect.headers["Location"]) == (303, "../doc/al-mezan")
    packed = proxy.get("doc/al-mezan.ttl", accept_encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert proxy.query("ASK {}").json()["boolean"] is True
    assert proxy.request("doc/al-mezan", method="PUT", body=b"x").status == 405


def test_each_client_behind_nginx_has_its_own_limit(behind_nginx):
    proxy = behind_nginx(proxies=1, requests_per_second=1, burst=2)
    own = [proxy.get("id/al-mezan").status for _ in range(4)]
    assert 429 in own
    request = urllib.request.Request(
        f"{proxy.url}id/al-mezan", headers={"X-Forwarded-For": "203.0.113.7"}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        proxy.opener.open(request, timeout=10)
    # What a client writes into the header itself does not make it another client.
    assert refused.value.code == 429
    refused.value.close()


def test_an_answer_that_breaks_off_does_so_behind_nginx(behind_nginx):
    proxy = behind_nginx(seconds=1, requests_per_second=0, answer_mebibytes=2)
    query = b"SELECT%20*%20%7B%20?a%20?b%20?c%20.%20?d%20?e%20?f%20%7D"
    with socket.create_connection(("127.0.0.1", proxy.port)) as client:
        client.sendall(b"GET /sparql?query=" + query + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = read_to_end(client)
    assert answer.startswith(b"HTTP/1.1 200")
    assert not answer.endswith(b"0\r\n\r\n")


@pytest.mark.parametrize("name", ["mezan.service", "Containerfile"])
def test_the_commands_have_options_that_exist(name):
    text = (DEPLOYMENT / name).read_text(encoding="utf-8")
    if name == "mezan.service":
        words = shlex.split(re.search(r"^ExecStart=(.*)$", text, re.MULTILINE)[1])  # type: ignore[index]
        words = words[words.index("serve") :]
    else:
        words = re.findall(r'"([^"]+)"', re.search(r"^CMD (.*)$", text, re.MULTILINE)[1])  # type: ignore[index]
    command = importlib.import_module("mezan_graph.cli.serve").command
    known = {option for each in command.params for option in each.opts}
    assert words[0] == "serve"
    assert {word for word in words if word.startswith("-")} <= known
