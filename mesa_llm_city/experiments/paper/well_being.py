"""Well-being, asked of people who have the personas of respondents (CitySim, sec. 4.5)."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.inputs import read_city, read_people
from mesa_llm_city.experiments.observed.folder import table_files
from mesa_llm_city.experiments.observed.well_being import CLASSES, WellBeing, read_well_being
from mesa_llm_city.experiments.paper.report import (
    Report,
    notes_of_map,
    nothing_to_compare_with,
)
from mesa_llm_city.experiments.paper.setting import Setting
from mesa_llm_city.experiments.paper.sheet import NAIVE, PEOPLE, RUN, entitle, new_sheet
from mesa_llm_city.experiments.paper.well_being_scores import (
    accuracy,
    boosted,
    life_columns,
    macro_f1,
    majority,
    persona_columns,
    random_classes,
)
from mesa_llm_city.experiments.run_lock import locked
from mesa_llm_city.experiments.simulate import build_model, check_model, confirm_cost, run_days
from mesa_llm_city.experiments.unfinished import keeping_answers, settle
from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.experiments.validation.measure import Family, Figure, Measure, measures_of
from mesa_llm_city.experiments.validation.provenance import Provenance
from mesa_llm_city.experiments.validation.result import Validation
from mesa_llm_city.simulation.surveys import SurveyQuestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Picture

    from mesa_llm_city.llm import LLM
    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["QUESTION", "Answered", "conduct", "mood_class", "well_being_family"]

QUESTION = SurveyQuestion(
    name="well_being",
    text="Taking everything together, how good is your life at present?",
    kind="scale",
    low=CLASSES[0],
    high=CLASSES[-1],
    labels=(
        (1, "very bad"),
        (2, "rather bad"),
        (3, "neither"),
        (4, "rather good"),
        (5, "very good"),
    ),
)
"""What people are asked; own words."""

_NAME = "well being"
_SURVEY = "well_being"
_FEWEST = 10
_RANDOM_DRAWS = 20
_ANSWERS = "answers.csv"
_MAJORITY, _RANDOM = "majority", "random"
_PERSONA, _LIFE = "boosting on persona", "boosting on persona and life"
_BY_RULE = (
    "by rules the answer is the mood of that minute, cut into five equal parts: rules know nothing "
    "of well-being, so a score like that of chance is what to expect, and is no finding"
)
_IN_PAPER = (
    "in the paper macro-F1 is 0.36 for CitySim, 0.28 for AgentSociety and 0.45 for gradient "
    "boosting, among other people asked other questions, so the figures cannot be compared"
)


class Answered(NamedTuple):
    """What respondents said of themselves, and what people with their personas answered.

    Attributes
    ----------
    person : ndarray of int64, shape (n,)
        Ids of the respondents.
    truth : ndarray of int64, shape (n,)
        Class of the respondent.
    said : ndarray of int64, shape (n,)
        Class of the simulated person; 0 if the answer is missing.
    guesses : mapping of str to ndarray of int64, shape (n,)
        Classes predicted without a survey, by name of the method.
    """

    person: Int
    truth: Int
    said: Int
    guesses: Mapping[str, Int]


def conduct(setting: Setting) -> Report:
    """Let people live for some weeks, ask them how good their life is, and score the answers."""
    if setting.run is not None:
        message = "people are asked while they live, so the experiment needs a run of its own"
        raise ConfigError(message)
    options, observed = setting.run_options(), _observed(setting)
    with locked(options.folder) if options.is_live else nullcontext():
        with keeping_answers(options) as llm:
            check_model(options, llm, setting.progress)
            city = read_city(options)
            model = build_model(options, city, read_people(options, city), llm)
            confirm_cost(model, options, setting.progress)
            if observed is not None:
                _check_people(model, observed)
            run_days(model, options.days, setting.progress)
            report = _report(setting, model, observed, llm)
        if options.is_live:
            options.folder.mkdir(parents=True, exist_ok=True)
            settle(options, options.folder)
    return report


def mood_class(agent: CityAgent) -> int:
    """Return the mood of a person, from -1 to 1, as one of five classes of equal width.

    It stands in for an answer where rules decide; it is no theory of well-being.
    """
    share = (agent.mood + 1.0) / 2.0
    return 1 + min(int(share * len(CLASSES)), len(CLASSES) - 1)


def well_being_family(answered: Answered, bootstrap: Bootstrap, *, seed: int) -> Family:
    """Return macro-F1 and accuracy of the answers, and of what is predicted without them.

    Parameters
    ----------
    answered : Answered
        Classes of n people.
    bootstrap : Bootstrap
        Resamples of these people.
    seed : int
        Seed of random guesses.
    """
    n = len(answered.person)
    random = [random_classes(seed, answered.person, draw) for draw in range(_RANDOM_DRAWS)]
    methods = {_MAJORITY: [majority(answered.truth)], _RANDOM: random} | {
        name: [guess] for name, guess in answered.guesses.items()
    }

    def scores(said: list[Int], count: Float) -> Float:
        pairs = [
            (macro_f1(answered.truth, one, count), accuracy(answered.truth, one, count))
            for one in said
        ]
        mean: Float = np.array(pairs, dtype=np.float64).mean(axis=0)
        return mean

    def estimated(name: str, said: list[Int], naive: Mapping[str, Float]) -> list[Measure]:
        figures = [
            Figure(f"{name}: {what}", n, "respondents", better="higher")
            for what in ("macro-F1", "accuracy")
        ]
        return [*measures_of(figures, bootstrap.estimate(partial(scores, said)), naive)]

    everybody = np.ones(n)
    naive = {name: scores(said, everybody) for name, said in methods.items()}
    f1, right = estimated("survey", [answered.said], naive)
    # The harder of the two that know nothing comes first: it gives the verdict.
    measures = [replace(f1, naive={_RANDOM: f1.naive[_RANDOM], **f1.naive}), right]
    for name, said in methods.items():
        measures += estimated(name, said, {})
    table = np.zeros((len(CLASSES), len(CLASSES) + 1))
    np.add.at(table, (answered.truth - 1, answered.said), 1.0)
    missing = int((answered.said == 0).sum())
    return Family(
        name=_NAME,
        measures=tuple(measures),
        details={
            "methods": ["survey", *methods],
            "classes": list(CLASSES),
            "answered_by_true_class": table[:, 1:].astype(int).tolist(),
            "missing_by_true_class": table[:, 0].astype(int).tolist(),
        },
        notes=(
            f"{missing:,} of {n:,} people gave no answer, which counts as wrong",
            "boosting is trained and tested on different fifths of the respondents",
        ),
    )


def _observed(setting: Setting) -> WellBeing | None:
    if setting.data is None:
        return None
    return read_well_being(table_files(setting.data, setting.experiment.tables)[_SURVEY])


def _check_people(model: CityModel, observed: WellBeing) -> None:
    known = sum(one in model.residents.by_id for one in observed.person.tolist())
    if known < _FEWEST:
        message = (
            f"{observed.source.file} is about {known} of the people of the run; give the table of "
            f"the respondents with --people, whose ids are those of {observed.source.file}"
        )
        raise ConfigError(message)


def _report(
    setting: Setting, model: CityModel, observed: WellBeing | None, llm: LLM | None
) -> Report:
    setting.progress.say("asking everybody")
    rule = mood_class if llm is None else None
    answers = model.survey(QUESTION, rule=rule, llm=llm, name=_SURVEY)
    setting.folder.mkdir(parents=True, exist_ok=True)
    answers.to_csv(setting.folder / _ANSWERS, index=False)
    said = answers.set_index("person")["answer"].fillna(0.0).astype("int64")
    notes = [_BY_RULE if llm is None else "answers are those of the language model to one question"]
    if observed is None:
        family = _shares_alone(np.asarray(said, dtype=np.int64), draws=setting.draws)
        notes.append(nothing_to_compare_with(_SURVEY))
    else:
        people = model.residents.by_id
        kept = np.array([one in people for one in observed.person.tolist()])
        ids, truth = observed.person[kept], observed.level[kept]
        answered = Answered(
            ids, truth, said.loc[ids.tolist()].to_numpy(dtype=np.int64), _guesses(model, ids, truth)
        )
        bootstrap = Bootstrap(len(ids), draws=setting.draws)
        family = well_being_family(answered, bootstrap, seed=model.run_seed)
        notes += [_IN_PAPER, *_notes_of_people(len(people), len(observed.person), len(ids))]
        if not answered.guesses:
            notes.append("gradient boosting is left out, since scikit-learn is not installed")
    sources = () if observed is None else (observed.source,)
    return Report(
        experiment=setting.experiment,
        validation=Validation(
            provenance=Provenance.of_model(model, sources),
            families=(family,),
            draws=setting.draws,
        ),
        drawing=_draw,
        notes=(*notes, *notes_of_map(model.city.notes, model.city.lacking)),
    )


def _guesses(model: CityModel, ids: Int, truth: Int) -> dict[str, Int]:
    """Return what gradient boosting predicts, from the persona alone and from life as well."""
    persona = persona_columns([model.residents.by_id[one].persona for one in ids.tolist()])
    known = {_PERSONA: persona, _LIFE: np.hstack([persona, life_columns(model, ids)])}
    found = {name: boosted(one, truth, seed=model.run_seed) for name, one in known.items()}
    return {name: one for name, one in found.items() if one is not None}


def _notes_of_people(lived: int, answered: int, both: int) -> Iterator[str]:
    if both < lived:
        yield f"{lived - both:,} of {lived:,} people have no well-being in the table"
    if both < answered:
        yield f"{answered - both:,} of {answered:,} respondents are not among the people of the run"


def _shares_alone(said: Int, *, draws: int) -> Family:
    """Return the share of each answer, where there is nothing to compare with."""
    figures = [
        Figure(f"class {one}: share of answers", len(said), "people", unit="%") for one in CLASSES
    ]
    is_class = said[:, np.newaxis] == np.array(CLASSES)
    found = Bootstrap(len(said), draws=draws).estimate(
        lambda count: 100.0 * (count @ is_class) / count.sum()
    )
    return Family(name=_NAME, measures=tuple(measures_of(figures, found, {})))


def _draw(report: Report) -> Picture:
    """Draw macro-F1 of all methods, and how answers are spread over the classes."""
    family = report.family(_NAME)
    sheet = new_sheet(report, width_in=12.0, height_in=4.2)
    if "methods" not in family.details:
        axes = sheet.subplots()
        axes.bar(CLASSES, [one.value for one in family.measures], color=RUN)
        axes.set(xlabel="class, 1 lowest to 5 highest", ylabel="share of answers, in %")
        entitle(axes, "Answers of simulated people")
        return sheet
    scores, spread, table = sheet.subplots(1, 3, width_ratios=(1.5, 1.0, 1.0))
    _draw_scores(scores, family, is_rule=_BY_RULE in report.notes)
    _draw_spread(spread, family)
    _draw_table(table, family)
    return sheet


def _draw_scores(axes: Axes, family: Family, *, is_rule: bool) -> None:
    names = ["mood, by rule" if is_rule else "survey", *family.details["methods"][1:]]
    found = [one for one in family.measures if one.name.endswith("macro-F1")]
    rows = np.arange(len(names))[::-1]
    values = np.array([one.value for one in found])
    half = np.nan_to_num([(one.interval[1] - one.interval[0]) / 2.0 for one in found])
    axes.barh(rows, values, xerr=half, color=[RUN, *[NAIVE] * (len(names) - 1)], height=0.6)
    axes.set_yticks(rows, names)
    axes.set_xlabel("macro-F1 over the classes; bars end at 95 % intervals")
    axes.set_xlim(0.0, 1.1 * float((values + half).max()))
    entitle(axes, "Who predicts the class of respondents")


def _draw_spread(axes: Axes, family: Family) -> None:
    table = np.array(family.details["answered_by_true_class"], dtype=np.float64)
    missing = np.array(family.details["missing_by_true_class"], dtype=np.float64)
    at, total = np.array(CLASSES), float(table.sum() + missing.sum())
    axes.bar(at - 0.2, 100.0 * (table.sum(axis=1) + missing) / total, 0.4, color=PEOPLE)
    axes.bar(at + 0.2, 100.0 * table.sum(axis=0) / total, 0.4, color=RUN)
    axes.set_xlabel("class; red: respondents, blue: simulated people")
    axes.set_ylabel("share, in %")
    entitle(axes, "Answers")


def _draw_table(axes: Axes, family: Family) -> None:
    table = np.array(family.details["answered_by_true_class"], dtype=np.float64)
    totals = np.maximum(table.sum(axis=1, keepdims=True), 1.0)
    shares = 100.0 * table / totals
    axes.imshow(shares, cmap="Blues", vmin=0.0, vmax=100.0, origin="lower")
    for row, column in np.ndindex(*shares.shape):
        dark = "white" if shares[row, column] > 60.0 else "black"
        axes.text(column, row, f"{shares[row, column]:.0f}", ha="center", va="center", color=dark)
    axes.set_xticks(range(len(CLASSES)), [str(one) for one in CLASSES])
    axes.set_yticks(range(len(CLASSES)), [str(one) for one in CLASSES])
    axes.set(xlabel="class of the simulated person", ylabel="class of the respondent")
    entitle(axes, "Answers by class, in %")
