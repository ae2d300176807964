"""Questions for reflection: about frequent, clearly rated, and known activities."""

from __future__ import annotations

from mesa_llm_city.mind import (
    Insight,
    InsightKind,
    InsightMemory,
    Memory,
    MemoryEntry,
    select_questions,
)


def days(**times: int) -> Memory:
    memory = Memory()
    for key, count in times.items():
        for minute in range(count):
            memory.add(MemoryEntry(minute, 7, key, "-"))
    return memory


def asked(memory: Memory, thoughts: InsightMemory | None = None, day: int = 0) -> list[str]:
    questions = select_questions(
        memory.columns(), thoughts or InsightMemory(), at_min=1440 * day, prior_ratings=2.0
    )
    return [one.text for one in questions]


def habit(subject: str, strength: float) -> Insight:
    return Insight(0, InsightKind.HABIT, subject, f"often {subject}", strength, evidence=(1,))


def test_without_scores_or_insights_the_three_most_frequent_keys_are_asked_about() -> None:
    assert asked(days(work=3, meal=5, sport=2, rest=1)) == [
        "When, and how regularly, does the person do this: meal?",
        "What does the person like or dislike about this: work?",
        "What does this say about the person: sport?",
    ]


def test_known_habits_are_asked_about_less() -> None:
    thoughts = InsightMemory()
    thoughts.keep([habit("meal", 0.8)])
    first, _, third = asked(days(work=3, meal=5), thoughts)
    assert first == "When, and how regularly, does the person do this: work?"
    assert third == "Is it still true of the person: often meal?"


def test_activities_with_the_clearest_scores_are_asked_about() -> None:
    memory = days(work=3)
    for key, score in (("sport", 0.6), ("sport", 0.6), ("errand", 0.1), ("errand", 0.1)):
        memory.add(MemoryEntry(9, 7, key, "-", score))
    assert "What does the person like or dislike about this: errand?" in asked(memory)


def test_earlier_insights_are_asked_about_in_turn() -> None:
    thoughts = InsightMemory()
    thoughts.keep([habit("meal", 0.8), habit("sport", 0.8)])
    thoughts.note("it rains", subject="train", minute=0)
    told = [asked(days(work=1), thoughts, day)[-1] for day in range(3)]
    assert [one.rpartition(" ")[2] for one in told] == ["meal?", "sport?", "meal?"]


def test_an_empty_memory_gives_no_questions() -> None:
    assert asked(Memory()) == []
