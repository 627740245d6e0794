"""What a store made of what was sent: same value or not, term by term."""

from __future__ import annotations

import pytest

from mezan_graph.push import comparison
from mezan_graph.push.comparison import Differences, Rewrite, verdict

XSD = b"http://www.w3.org/2001/XMLSchema#"


def literal(text, datatype):
    return b'"%s"^^<%s%s>' % (text.encode(), XSD, datatype.encode())


@pytest.mark.parametrize(
    ("sent", "stored", "expected"),
    [
        (literal("01", "integer"), literal("1", "integer"), "form"),
        (literal("1.50", "decimal"), literal("1.5", "decimal"), "form"),
        (literal("7", "nonNegativeInteger"), literal("7", "integer"), "value"),
        (literal("true", "boolean"), literal("1", "boolean"), "form"),
        (literal("true", "boolean"), literal("1", "integer"), "other"),
        (literal("1", "double"), literal("1", "decimal"), "other"),
        (literal("PT24H", "duration"), literal("P1D", "duration"), "form"),
        (literal("P1Y", "duration"), literal("12", "duration"), "other"),
        (literal("P1M", "duration"), literal("P30D", "duration"), "other"),
        (literal("notint", "integer"), literal("0", "integer"), "other"),
        (literal("2020-01-01T00:00:00Z", "dateTime"),
         literal("2020-01-01T00:00:00.000Z", "dateTime"), "form"),
        (literal("2020-01-01T00:00:00", "dateTime"),
         literal("2020-01-01T00:00:00Z", "dateTime"), "other"),
        (literal("0.1234567890123456789", "decimal"), literal("0.123456789", "decimal"), "other"),
        (b'"x"@en-gb', b'"x"@en-GB', "form"),
        (b'"x"@en', b'"x"', "other"),
        (b'"x"@en', b'"y"@en', "other"),
        (b'"e\xcc\x81"', b'"\xc3\xa9"', "other"),
        (b"<x:a>", b"<x:b>", "other"),
        (b'"156X"^^<x:edtf>', b'"156x"^^<x:edtf>', "other"),
    ],
)  # fmt: skip
def test_verdicts(sent, stored, expected):
    assert verdict(sent, stored) == expected


@pytest.mark.parametrize(
    ("policy", "passing"), [("none", ""), ("form", "form"), ("value", "form value")]
)
def test_policies(policy, passing):
    rewrites = [Rewrite('"a"', '"b"', each) for each in ("form", "value", "other")]
    assert [each.verdict for each in rewrites if each.passes(policy)] == passing.split()


def compared(sent, stored, **options):
    found = Differences()
    found.compare(sent, stored, **options)
    return found


def line(value, subject="s"):
    return b"<x:%s> <x:p> %s ." % (subject.encode(), value)


ONE, TWO = literal("1", "integer"), literal("2", "integer")


def test_the_same_triples_differ_in_nothing():
    found = compared([line(ONE), line(TWO)], [line(TWO), line(ONE)])
    assert not found
    assert not found.rewrites


def test_forms_of_several_values_are_paired_by_value():
    sent = [line(literal("01", "integer")), line(literal("02", "integer"))]
    found = compared(sent, [line(TWO), line(ONE)])
    assert {(each.sent[1:3], each.stored[1:2]) for each in found.rewrites} == {
        ("01", "1"),
        ("02", "2"),
    }
    assert not found


def test_two_forms_that_became_one():
    found = compared([line(ONE), line(literal("01", "integer"))], [line(ONE)])
    assert sum(found.rewrites.values()) == 1
    assert not found


def test_another_value_is_a_rewrite_of_one_version_and_a_difference_of_two():
    sent, stored = [line(literal("notint", "integer"))], [line(literal("0", "integer"))]
    assert [each.verdict for each in compared(sent, stored).rewrites] == ["other"]
    found = compared(sent, stored, same_version=False)
    assert (found.missing, found.extra) == (sent, stored)


def test_missing_and_extra():
    found = compared([line(b"<x:a>")], [line(b"<x:b>"), line(ONE, "t")])
    assert (found.missing_count, found.extra_count) == (1, 2)
    assert found.whole


def test_only_so_many_lines_are_kept(monkeypatch):
    monkeypatch.setattr(comparison, "KEPT", 2)
    found = compared([line(b"<x:%d>" % number) for number in range(5)], [])
    assert (found.missing_count, len(found.missing), found.whole) == (5, 2, False)
