"""Questions are asked a little ahead, and answered in their order."""

from __future__ import annotations

import time

from mezan_graph.push.ahead import answers


def test_answers_come_in_the_order_of_the_questions() -> None:
    def slowly(seconds: float) -> float:
        time.sleep(seconds)
        return seconds

    questions = [0.03, 0.0, 0.02, 0.0, 0.01]
    assert list(answers(slowly, questions)) == questions
    assert list(answers(slowly, [])) == []


def test_few_are_asked_ahead() -> None:
    """So that memory is bounded however many there are."""
    asked: list[int] = []

    def ask(number: int) -> int:
        asked.append(number)
        return number

    found = answers(ask, range(100))
    assert [next(found), next(found)] == [0, 1]
    assert len(asked) < 8
