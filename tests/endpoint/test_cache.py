"""Answers that are kept."""

from __future__ import annotations

from mezan_graph.endpoint import cache
from mezan_graph.endpoint.cache import AnswerCache

PLENTY = 1 << 20


def test_what_took_a_while_is_kept_at_once():
    kept: AnswerCache[str] = AnswerCache(PLENTY)
    kept.put("asked", "answer", 10)
    assert kept.get("asked") == "answer"


def test_what_came_quickly_is_kept_when_it_is_asked_for_again():
    kept: AnswerCache[str] = AnswerCache(PLENTY)
    kept.put("asked", "answer", 10, quick=True)
    assert kept.get("asked") is None
    kept.put("something else", "another answer", 10, quick=True)
    kept.put("asked", "answer", 10, quick=True)
    assert kept.get("asked") == "answer"
    assert kept.get("something else") is None


def test_only_so_much_is_remembered_of_what_was_asked(monkeypatch):
    monkeypatch.setattr(cache, "_MOST_ASKED", 10)
    kept: AnswerCache[int] = AnswerCache(PLENTY)
    for number in range(30):
        kept.put(number, number, 10, quick=True)
    for number in (29, 21, 5):
        kept.put(number, number, 10, quick=True)
    assert [kept.get(number) for number in (29, 21, 5)] == [29, 21, None]


def test_after_a_reload_nothing_is_known():
    kept: AnswerCache[str] = AnswerCache(PLENTY)
    kept.put("asked", "answer", 10, quick=True)
    kept.clear()
    kept.put("asked", "answer", 10, quick=True)
    assert kept.get("asked") is None


def test_the_least_recently_used_goes_first_and_what_is_large_is_not_kept():
    kept: AnswerCache[str] = AnswerCache(PLENTY)
    kept.put("large", "answer", PLENTY // 8)
    for name in map(str, range(40)):
        kept.put(name, name, 50_000)
        kept.get("0")
    assert kept.get("large") is None
    assert kept.get("1") is None
    assert kept.get("0") == "0"
    assert kept.get("39") == "39"
