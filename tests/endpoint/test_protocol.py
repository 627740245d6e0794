"""The query operation of the SPARQL 1.1 Protocol, read out of requests."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mezan_graph.endpoint.problems import Problem
from mezan_graph.endpoint.protocol import (
    DIRECT,
    FORM,
    UPDATE,
    Operation,
    lone_query,
    read_operation,
)

_READ = "% %% = == =41 + & ; %0A %0a %4 %41 %3D %E2%82%AC %E2%82 %FF %00 %zz _ A ? #"
PIECES = st.sampled_from([*_READ.split(), "\n", "\r", "=\n", "%\n", " ", "\t", "\xe9"])
"""What the two ways of reading an escape might take for something else."""


@pytest.mark.parametrize(
    ("request_parts", "operation"),
    [
        (("GET", "query=ASK%20%7B%7D", "", b""), Operation("ASK {}")),
        (("HEAD", "query=ASK+%7B%7D", "", b""), Operation("ASK {}")),
        (("POST", "", FORM, b"query=ASK+%7B%7D"), Operation("ASK {}")),
        (("POST", "", f"{FORM}; charset=UTF-8", b"query=ASK+%7B%7D"), Operation("ASK {}")),
        (("POST", "", DIRECT, "ASK { ?س ?p 1 }".encode()), Operation("ASK { ?س ?p 1 }")),
        (
            ("POST", "default-graph-uri=http%3A%2F%2Fa%2F&named-graph-uri=x", DIRECT, b"ASK {}"),
            Operation("ASK {}", ("http://a/",), ("x",)),
        ),
        (
            (
                "GET",
                "query=ASK{}&default-graph-uri=a&default-graph-uri=b&format=csv&raw=1",
                "",
                b"",
            ),
            Operation("ASK{}", ("a", "b"), (), "csv", raw=True),
        ),
        (("GET", "", "", b""), None),
        (("GET", "format=turtle", "", b""), None),
        (("POST", "", FORM, b"query=ASK{}&format="), Operation("ASK{}")),
    ],
)
def test_an_operation_is_read(request_parts, operation):
    assert read_operation(*request_parts) == operation


@pytest.mark.parametrize(
    ("request_parts", "status"),
    [
        (("PUT", "query=ASK{}", "", b""), 405),
        (("DELETE", "", "", b""), 405),
        (("PATCH", "", UPDATE, b""), 405),
        (("GET", "query=ASK{}&query=ASK{}", "", b""), 400),
        (("GET", "default-graph-uri=http://a/", "", b""), 400),
        (("POST", "query=ASK{}", DIRECT, b"ASK{}"), 400),
        (("POST", "", "text/plain", b"ASK{}"), 415),
        (("POST", "", "", b"query=ASK{}"), 415),
        (("POST", "", f"{DIRECT}; charset=UTF-16", b"ASK{}"), 415),
        (("POST", "", DIRECT, b"ASK { \xff }"), 400),
        (("GET", "query=%FF", "", b""), 400),
        (("POST", "", FORM, b"default-graph-uri=a"), 400),
        (("GET", "update=CLEAR%20ALL", "", b""), 403),
        (("POST", "", FORM, b"update=CLEAR+ALL"), 403),
        (("POST", "", UPDATE, b"CLEAR ALL"), 403),
        (("GET", "&".join(f"a{n}=1" for n in range(500)), "", b""), 400),
    ],
)
def test_everything_else_is_refused(request_parts, status):
    with pytest.raises(Problem) as refused:
        read_operation(*request_parts)
    assert refused.value.status == status


def test_a_refused_method_is_told_which_ones_there_are():
    with pytest.raises(Problem) as refused:
        read_operation("PUT", "", "", b"")
    assert "GET" in refused.value.headers["Allow"]


@given(st.lists(PIECES).map("".join))
@example("SELECT+*+%7B+%3Chttp%3A%2F%2Fa%2F%3Fb%3Dc%3E+?p+?o+%7D")
def test_a_query_that_is_alone_is_read_as_any_other(value):
    query_string = f"query={value}"
    found = lone_query(query_string.encode("latin-1"))
    if found is not None:
        assert read_operation("GET", query_string, "", b"") == Operation(found)


def test_what_is_usual_needs_no_other_way():
    written = b"query=ASK+%7B%20%3Fs+%3Chttps%3A%2F%2Fexample.org%2F%C3%A9%3Fa%3Db%3E+?o%7D+%23=&"
    assert lone_query(written[:-1]) == "ASK { ?s <https://example.org/é?a=b> ?o} #="
    assert lone_query(written) is None
