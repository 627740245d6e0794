"""Heads of requests that were read before."""

from __future__ import annotations

import pytest

from mezan_graph.endpoint.heads import Heads

HEADERS = [(b"host", b"a"), (b"accept", b"text/csv"), (b"accept", b"text/plain")]
REST = b"Host: a\r\nAccept: text/csv\r\nAccept: text/plain\r\n\r\n"
LINE = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\n"


def scope(**members):
    return {"method": "GET", "http_version": "1.1", "headers": HEADERS} | members


def test_a_head_is_known_by_its_bytes():
    heads = Heads()
    assert heads.read(LINE + REST) is None
    heads.keep(b"GET / HTTP/1.1\r\n" + REST, scope())
    path, query_string, known = heads.read(LINE + REST) or pytest.fail("unknown")
    assert (path, query_string, known.headers) == ("/sparql", b"query=ASK%7B%7D", HEADERS)
    assert known.joined == {"host": "a", "accept": "text/csv, text/plain"}
    assert heads.read(LINE + REST.replace(b"csv", b"tsv")) is None
    assert heads.read(LINE + REST + LINE + REST) is None


@pytest.mark.parametrize(
    "line",
    [
        *(b"POST / HTTP/1.1", b"HEAD / HTTP/1.1", b"GET / HTTP/1.0", b"GET  / HTTP/1.1", b"GET /"),
        *(
            b"GET /a%2Fb HTTP/1.1",
            b"GET http://b/ HTTP/1.1",
            b"GET /#a HTTP/1.1",
            b"GET * HTTP/1.1",
        ),
        *(b"GET /?a b HTTP/1.1", b"GET /?\xff HTTP/1.1", b'GET /?"<> HTTP/1.1', b" GET / HTTP/1.1"),
    ],
)
def test_a_line_that_could_be_read_otherwise_is_left_to_the_parser(line):
    heads = Heads()
    heads.keep(b"GET / HTTP/1.1\r\n" + REST, scope())
    assert heads.read(line + b"\r\n" + REST) is None


@pytest.mark.parametrize(
    "other",
    [
        {"method": "POST"},
        {"http_version": "1.0"},
        *({"headers": [*HEADERS, (name, b"x")]} for name in (b"content-length", b"connection")),
        *({"headers": [*HEADERS, (name, b"x")]} for name in (b"transfer-encoding", b"expect")),
        {"headers": [*HEADERS, (b"upgrade", b"x")]},
    ],
)
def test_a_request_with_more_than_its_head_is_not_kept(other):
    heads = Heads()
    heads.keep(LINE + REST, scope(**other))
    assert heads.read(LINE + REST) is None


def test_only_so_many_heads_and_only_short_ones_are_kept():
    heads = Heads()
    large = b"A: " + b"x" * 5000 + b"\r\n\r\n"
    heads.keep(LINE + large, scope())
    assert heads.read(LINE + large) is None
    rests = [b"A: %d\r\n\r\n" % number for number in range(2000)]
    for rest in rests:
        heads.keep(LINE + rest, scope())
    assert 0 < sum(heads.read(LINE + rest) is not None for rest in rests) <= 512
