"""Activities of time-use surveys, and the groups in which they are compared with purposes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.experiments.observed.cells import normal

__all__ = ["OTHER", "SURVEY_GROUPS", "compared_groups", "groups_of", "parent_of", "survey_group"]

OTHER = "other"
"""Group of whatever a table does not name."""

SURVEY_GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sleep and care": (
            *("sleep", "sleeping", "grooming", "groom", "personal_care", "health_related"),
            *("health_other_pc", "washing"),
        ),
        "work": ("work", "working", "paid_work", "employment", "second_job"),
        "education": ("education", "school", "study", "class", "homework"),
        "housework": (
            *("housework", "household_chores", "chores", "cooking", "household_other"),
            *("household_and_family_care", "care", "care_of_household", "care_household"),
            *("care_hh", "childcare", "care_of_others", "care_nonhousehold", "care_nonhh"),
        ),
        "meals": ("meals", "eating", "food", "meal", "eating_and_drinking"),
        "shopping and services": (
            *("shopping", "purchasing", "services", "pro_services", "household", "gov_civic"),
            "errands",
        ),
        "leisure and company": (
            *("leisure", "social", "socializing", "tv", "civic", "religion", "volunteer"),
            *("volunteering", "religion_vol", "phone", "phone_mail", "rest", "social_life"),
        ),
        "sports": ("sports", "sport", "exercise"),
        "travel": ("travel", "travelling", "commute"),
    }
)
"""Groups of activities that surveys and purposes share, with the names that activities have.

The groups are those of `PurposeSpec.survey_group`. The names are those of the American Time Use
Survey, its tabulations, and the harmonised European surveys.
"""

# Activities that are part of another; where a table has both, the part is left out.
_PARENT = MappingProxyType(
    {
        **dict.fromkeys(("sleep", "groom", "grooming", "health_related"), "personal_care"),
        **dict.fromkeys(("class", "homework"), "education"),
        "eating": "food",
        "socializing": "social",
        "tv": "leisure",
        "commute": "travel",
        "childcare": "household_and_family_care",
    }
)
_GROUP_OF = {
    normal(name): group for group, names in SURVEY_GROUPS.items() for name in (group, *names)
}


def survey_group(name: str) -> str:
    """Return the group that a name stands for; a name that is not known stands for itself.

    Examples
    --------
    >>> survey_group("care_of_others"), survey_group("Sleep and care"), survey_group("worship")
    ('housework', 'sleep and care', 'worship')
    """
    return _GROUP_OF.get(normal(name), name)


def parent_of(activity: str) -> str:
    """Return the activity that this one is part of in surveys; empty if there is none."""
    return _PARENT.get(normal(activity), "")


def groups_of(activity: str, also: Iterable[str] = ()) -> frozenset[str]:
    """Return the groups of an activity; several are joined by ``+``.

    Parameters
    ----------
    activity : str
        Such as ``"sleep"`` or ``"shopping+travel"``.
    also : iterable of str
        Further groups, such as those of purposes of one's own.

    Raises
    ------
    DataError
        If it is not known.
    """
    known = {**_GROUP_OF, **{normal(name): survey_group(name) for name in also}}
    names = [normal(part) for part in activity.split("+")]
    if unknown := [name for name in names if name not in known]:
        near = did_you_mean(unknown[0], known)
        message = (
            f"activity {unknown[0]!r:.60} is not known{near}; "
            "docs/reference/observed_tables.md lists those that are"
        )
        raise DataError(message)
    return frozenset(known[name] for name in names)


def compared_groups(sets: Sequence[frozenset[str]]) -> dict[str, str]:
    """Return under which name each group is compared, groups that a table mixes being one.

    Parameters
    ----------
    sets : sequence of frozenset of str
        Groups of each activity of a table.

    Examples
    --------
    >>> sorted(compared_groups([frozenset({"work"}), frozenset({"sports", "meals"})]).items())
    [('meals', 'meals + sports'), ('sports', 'meals + sports'), ('work', 'work')]
    """
    parts: list[frozenset[str]] = []
    for one in sets:
        mixed = [part for part in parts if part & one]
        parts = [part for part in parts if not part & one]
        parts.append(one.union(*mixed))
    order = [*SURVEY_GROUPS]
    ranked = {
        name: (order.index(name) if name in order else len(order), name)
        for name in frozenset().union(*parts)
    }
    named = {part: " + ".join(sorted(part, key=ranked.__getitem__)) for part in parts}
    return {group: named[part] for part in parts for group in part}
