"""A function that keeps its latest answer."""

from __future__ import annotations

from mesa_llm_city.core.latest import keeps_latest


def test_the_same_objects_are_asked_about_once() -> None:
    asked: list[tuple[list[int], int]] = []

    def total(numbers: list[int], more: int) -> int:
        asked.append((numbers, more))
        return sum(numbers) + more

    known, some, equal = keeps_latest(total), [1, 2], [1, 2]
    assert [known(some, 3), known(some, 3), known(equal, 3), known(some, 4)] == [6, 6, 6, 7]
    assert len(asked) == 3
    assert asked[1][0] is equal
    assert known.__name__ == "total"


def test_arguments_by_name_are_answered_too() -> None:
    known = keeps_latest(lambda text, times: text * times)
    assert [known("a", 2), known("a", times=3), known("a", 2)] == ["aa", "aaa", "aa"]
