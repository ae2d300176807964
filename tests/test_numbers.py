"""Numbers that shape behaviour are parameters: no other module keeps one of its own.

The walk looks at assignments at the top of modules. Those that may stay are listed below with
the reason; a new one either goes to `mesa_llm_city/parameters/` or into that list.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import mesa_llm_city

ROOT = Path(mesa_llm_city.__file__).parent

# Rooms whose numbers are not about people: how a model is asked, run, shown or trained.
ELSEWHERE = (
    "cli/",  # exit codes and widths of tables
    "city/land/",  # how a map is drawn, of which nobody in the city knows
    "core/tables/",  # samples and shares from which the form of a file is recognised
    "experiments/",  # sizes of pictures and of what an interview lists
    "llm/",  # settings of clients, engine, store and budget, which are options of a run
    "migration/effects/",  # levels of intervals, and sizes in memory
    "migration/evaluation/",  # bins and intervals of measures
    "migration/flows/",  # solvers, and bounds that a run without policy is told by
    "migration/models/",  # training of models, which have options of their own
    "migration/policy/",  # levels of intervals
    "migration/survey/",  # checks of survey tables, and the truth of a made-up survey
    "models/",  # runnable models
    "parameters/",  # the parameters themselves
    "prompts/",  # awkward texts that prompts are tried with, and lengths of texts
    "ui/",  # sizes and times of the page
)

STAY = {
    "a unit, the calendar or a physical constant": {
        "mind/mood_loops.py": {"LN_2"},
        "city/balance.py": {"_DAYS", "_WEEKDAYS"},
        "city/notebook_card.py": {"_KM2"},
        "simulation/notebook_card.py": {"_MIB"},
        "city/hurricane.py": {"_KM_H_PER_KNOT", "_MM_H_PER_INCH_DAY"},
        "economy/money.py": {"_CENTS"},
        "economy/schedules.py": {"_MONTHS"},
        "economy/spending_prompt.py": {"_PERCENT"},
        "simulation/economy/payday.py": {"_MONTHS"},
        "economy/work.py": {"WEEKS_PER_MONTH"},
        "economy/work_prompt.py": {"_PERCENT"},
        "city/candidates.py": {"_HALF_DIAGONAL"},
        "city/projection.py": {"M_PER_DEGREE"},
        "city/loading/street_kinds.py": {"_MILE_KM", "_UNITS_KM_H"},
        "city/loading/street_lengths.py": {"_UNITS_M"},
        "city/weather.py": {"_DAY_H", "_MID_MONTH", "_MONTHS", "_YEAR_DAYS"},
        "city/opening_times.py": {"_DAY"},
        "core/clock.py": {"DAY_MIN", "HOUR_MIN", "HOUR_S", "WEEK_DAYS"},
        "simulation/interventions/targets.py": {"_LAT", "_LON"},
        "core/dates.py": {"FIRST_YEAR", "LAST_YEAR"},
        "core/hours_spelling.py": {"_NOON"},
        "core/hours_text.py": {"_A_MONDAY", "_FIRST", "_LAST"},
        "core/local_calendar.py": {"_FIRST_YEAR", "_LAST_YEAR"},
        "core/opening_hours.py": {"ALWAYS", "_SUNDAY"},
        "core/sampled_clock.py": {"MOST_DAYS_PER_YEAR", "_GOLDEN", "_YEAR_DAYS"},
        "simulation/migration/decision_dates.py": {"_DAYS"},
        "population/columns/person_arrays.py": {"_TWO_DAYS"},
        "population/synthesis/anchors.py": {"_KM"},
        "population/synthesis/cell_choice.py": {"_KM"},
        "simulation/demography/room.py": {"_KM"},
        "simulation/demography/yearly.py": {"_PER", "_YEAR_DAYS"},
    },
    "the resolution of time, of a scale or of a code": {
        "citizen/place_setting.py": {"_NOTHING", "_NO_EVENTS"},
        "city/candidate_loops.py": {"INDEX", "INDEX_BITS", "RANK_BITS"},
        "city/choice_loops.py": {
            "AREA",
            "ATTRACTION",
            "HOURS",
            "KIND",
            "ZONE",
            "_LAST_BIT",
            "_LINE",
            "_NUMBERS",
        },
        "city/network_loops.py": {"_NONE", "_NOT_WAITING"},
        "core/shares.py": {"CODES"},
        "mind/mood_loops.py": {"FEELING_CODES"},
        "mind/belief_loops.py": {"LATEST_MIN", "VISIT_BITS"},
        "crowd/due_loops.py": {"ARRIVES", "BEGINS", "ENDS", "KINDS", "LISTENS", "STAYS"},
        "crowd/learning_loops.py": {
            *("NO_END", "STAY_ENDS", "VISIT_ENDS", "_ASPECTS", "_SATISFACTION"),
        },
        "crowd/day_loops.py": {"NO_ROOM", "NO_WAY"},
        "crowd/doing_loops.py": {"_CODES", "_TURNS"},
        "crowd/outing_loops.py": {"OTHER_DAY"},
        "core/held.py": {"_WORD_BYTES"},
        "mobility/mode_loops.py": {"NO_CHOICE"},
        "crowd/plan_loops.py": {"LATEST"},
        "crowd/plan_row_loops.py": {"AT_HOME", "AT_WORK", "ELSEWHERE", "NO_ROOM"},
        "crowd/talk_loops.py": {"_ONE_IN_DRAWS"},
        "crowd/travel_loops.py": {"NO_WAY_AT"},
        "crowd/wish_loops.py": {"_LAST_BIT"},
        "mind/need_row_loops.py": {"NO_NEED"},
        "mobility/day_loops.py": {"_DRAWS"},
        "mobility/place_weight_loops.py": {"_AREA_BITS", "_POSITION", "_POSITION_BITS"},
        "mobility/wanted_loops.py": {"DRAWS"},
        "population/schedules/free_time.py": {"NO_HOBBY"},
        "population/time_use/day_loops.py": {"_MEAN", "_QUANTILE", "_SD"},
        "simulation/records/numbered_names.py": {"_UNMET"},
        "social/similarity_loops.py": {"_ONE"},
        "crowd/acquainted.py": {"APART", "_WORD_BITS"},
        "crowd/blocks.py": {"FREE", "NOWHERE"},
        "crowd/deliveries.py": {"NOT_LEAVING", "NO_SENDER"},
        "crowd/fleeing.py": {"GOES_ON"},
        "crowd/heard.py": {"NOT_HEARD"},
        "crowd/hearing.py": {"NOT_FLEEING", "_TRUST"},
        "crowd/passing_on.py": {"_NO_ROW", "_ROUND_MIN"},
        "mind/warning.py": {"NO_CHILD"},
        "mind/warning_columns.py": {"HEED_DRAWS"},
        "crowd/interruption_loops.py": {"NEVER"},
        "crowd/state.py": {"NOT_BEGUN", "NOT_TRAVELLING", "NO_REFUGE"},
        "mind/perception_loops.py": {"NO_REACTION"},
        "mobility/mode_columns.py": {"NOT_PARKED"},
        "simulation/crowd/crowd.py": {"NOBODYS", "_FIRST_ID", "_LAST_ID"},
        "city/candidates.py": {"_OFFSET"},
        "core/place_slots.py": {"NO_PLACE"},
        "core/ragged.py": {"_FIRST", "_KEY_BITS"},
        "mind/beliefs.py": {"_ONLY"},
        "mobility/place_weights.py": {"LEAST_UNIT_M"},
        "mobility/schedule.py": {"BLOCK_MIN"},
        "population/schedules/daily_hours.py": {"TWENTIETHS", "_STEP_MIN"},
        "simulation/model.py": {"_MEETING_WINDOW_MIN"},
        "simulation/interventions/schedule.py": {"NEVER", "_BEGIN", "_END"},
        "citizen/closures.py": {"UNTIL_OPENED"},
        "mind/goal_columns.py": {"NEVER"},
        "mind/insight_rows.py": {"NO_ROWS", "_NO_TIME"},
        "mind/memory_rows.py": {"_LONGEST_MIN", "_MOST_OTHERS", "_NOBODY", "_UNRATED"},
        "population/schedules/night_loops.py": {"GROUPS", "ROUNDED_MIN", "_STEP_MIN"},
        "population/synthesis/household_roles.py": {"RANKS"},
        "population/time_use/cells.py": {"CHILD_UP_TO", "SMALL_UP_TO"},
        "population/columns/person_arrays.py": {"COLUMNS"},
        "population/people_columns.py": {"NOBODY"},
        "population/schedules/habits.py": {"_RANGES"},
        "population/outsiders/making.py": {"_FIRST_ID"},
        "simulation/demography/lives.py": {"_FIRST_ID", "_LAST_ID"},
        "population/time_use/duty.py": {"DRAWS"},
        "population/time_use/traits.py": {"NUMBERS"},
        "mobility/day_addresses.py": {"FILLING_DRAWS"},
        "mobility/wanted_outings.py": {"WISH_DRAWS"},
        "mobility/day_filling.py": {
            *("_AFTER", "_MEALS_OUT", "_MEAL_TIMES", "_SERVICE"),
        },
        "mobility/fitting_loops.py": {"BEFORE", "BITS", "GIVEN_UP", "MASK", "NONE"},
        "mobility/free_pieces.py": {"MOST_PIECES", "_NOWHERE", "_SIGN", "_SLOT_BITS"},
        "mobility/mandatory.py": {
            *("AFTER_WAKE", "BED", "ERRANDS", "HOUSEWORK", "MEALS_OUT", "PLAN_DRAWS"),
        },
        "mobility/open_days.py": {
            *("AT_HOME", "AT_WORK", "SOMEWHERE"),
            *("_MASK", "_NONE"),
        },
        "mobility/plan_blocks.py": {"NO_PLACE", "UNUSED", "_BLANK"},
        "mobility/purpose_codes.py": {"FREE"},
        "mobility/wish_columns.py": {"UNSAID"},
        "citizen/opinion.py": {"UNNUMBERED"},
        "policies/policy.py": {"NO_ROW"},
        "social/media/exposures.py": {
            *("_FILTER_BITS", "_ONE", "_POST_BITS", "_POST_MASK", "_WORD_BITS", "_WORD_SHIFT"),
        },
        "social/media/hearing.py": {"_DRAWS"},
        "social/media/post_columns.py": {"GIVEN", "_DERIVED"},
        "social/media/posts.py": {"_SMALLEST"},
        "social/audience_columns.py": {"NEVER"},
        "social/post.py": {"NOBODY", "NO_POST"},
        "social/ties.py": {"_ROW"},
        "social/company.py": {"_FEW_ROWS", "_ID_BITS", "_ID_MASK"},
        "social/tie_slots.py": {"NOBODY", "_MINUTES"},
        "social/contact_columns.py": {"CONTACT_DRAWS", "_NO_CHANNEL"},
        "social/first_ties.py": {"_NO_GROUP"},
    },
    "the middle or the end of the scale of a trait or of a reply": {
        "population/schedules/night_loops.py": {"_EVEN_LEVEL"},
        "population/time_use/trait_loops.py": {"_EVEN_LEVEL"},
        "mind/mood_columns.py": {"_LEVELS"},
        "social/community/contribution_prompt.py": {"_FULL"},
        "mind/appraisal_prompt.py": {"_BEST_MOOD", "_FULL"},
        "mind/goals_prompt.py": {"_FULL"},
        "social/sharing_policy.py": {"_FARTHEST"},
        "mind/heed_prompt.py": {"_BELIEVED_FROM", "_BEST_MOOD", "_FULL"},
        "mind/memory_words.py": {"_NEUTRAL"},
        "social/media/recommenders/post_vectors.py": {"_LEVELS"},
        "mind/mood.py": {"_MEDIUM"},
        "mind/needs_prompt.py": {"_FULL"},
        "mind/perception_prompt.py": {"_BEST_MOOD", "_FULL"},
        "mobility/place_prompt.py": {"_BEST_MOOD", "_FULL"},
        "population/schedules/free_time.py": {"_EVEN_LEVEL"},
        "social/awareness_formulas.py": {"_SUREST"},
        "social/awareness_prompt.py": {"_NOTHING_KNOWN"},
        "population/time_use/traits.py": {"_EVEN_LEVEL", "_PER_LEVEL"},
        "social/contact.py": {"_MEDIUM"},
        "social/media/feed_prompt.py": {"_FULL"},
        "social/post_facts.py": {"_FULL"},
    },
    "the length of a text or list in a prompt or message": {
        "city/loading/assemble.py": {"_KINDS_SHOWN", "_TAGS_SHOWN"},
        "migration/card.py": {"_MOST_EFFECTS"},
        "city/loading/audit.py": {"_ROWS_SHOWN"},
        "city/loading/build.py": {"_KINDS_SHOWN"},
        "city/loading/hours.py": {"_LONGEST_SHOWN", "_SHOWN"},
        "city/loading/street_tables.py": {"_KINDS_SHOWN"},
        "city/loading/vector.py": {"_SHOWN"},
        "population/columns/persona_read.py": {"_SHOWN"},
        "population/table/reader.py": {"_HEADERS_SHOWN"},
        "core/errors.py": {"_KEPT"},
        "mind/goals.py": {"_LONGEST"},
        "mind/mood.py": {"_LONGEST"},
        "mind/question_selection.py": {"_TEXT_LENGTH"},
        "mind/reflection_prompt.py": {"_ENTRY_LENGTH", "_NAME_LENGTH", "_TEXT_LENGTH", "_TOPICS"},
        "city/weather.py": {"_DEFECTS_SHOWN"},
        "population/synthesis/fitting.py": {"_SHOWN"},
        "population/table/defects.py": {"_SAMPLES", "_SHOWN"},
        "population/table/home_zones.py": {"_SHOWN"},
        "simulation/interview_context.py": {
            *("_MOST_BLOCKS", "_MOST_INSIGHTS", "_MOST_MEMORIES", "_MOST_PEOPLE", "_MOST_PLACES"),
            "_RECENCY_WEIGHT",
        },
        "city/notebook_card.py": {"_MOST_DOTS", "_MOST_KINDS", "_MOST_STATIONS"},
        "core/html_card.py": {"_HEIGHT", "_WIDTH"},
        "population/notebook_card.py": {"_DECADE", "_MOST_SHOWN"},
        "simulation/notebook_card.py": {"_LONGEST", "_MOST_PURPOSES"},
        "simulation/surveys/asking.py": {"_REASON_LENGTH"},
        "simulation/surveys/coding.py": {"_MOST_CATEGORIES", "_REASON_LENGTH"},
        "simulation/surveys/question.py": {
            *("_LONGEST_LABEL", "_LONGEST_TEXT", "_MOST_OPTIONS", "_WIDEST_SCALE"),
        },
        "simulation/place_query.py": {"_SHOWN"},
        "simulation/query.py": {"_SHOWN"},
        "simulation/interventions/targets.py": {"_SHOWN"},
        "social/awareness_prompt.py": {"_ENTRY_LENGTH", "_TOPICS"},
        "social/community/contribution_prompt.py": {"_TEXT_LENGTH"},
        "social/community/design.py": {"_Line", "_Word"},
        "social/conversation_prompt.py": {"_MEMORY_LENGTH", "_TEXT_LENGTH"},
        "social/media/edge_list.py": {"_SHOWN"},
        "social/media/feed_prompt.py": {"_TEXT_LENGTH"},
        "social/news_memory.py": {"_TEXT_LENGTH"},
        "social/sharing_prompt.py": {"_TEXT_LENGTH"},
        "social/prompt_facts.py": {"_THOUGHT_LENGTH"},
    },
    "the value of a parameter that leaves a mechanism out": {
        "citizen/presets.py": {"_SET"},
    },
    "a numerical guard or a plausibility check of input": {
        "economy/money.py": {"MOST_CURRENCY"},
        "city/loading/audit.py": {"_BLANK_SHARE", "_FEWEST_OF_FILE", "_FILE_SHARE"},
        "city/attraction.py": {"_HALF_STEP"},
        "city/balance.py": {"_DECIMALS"},
        "city/loading/geometry.py": {"_BEYOND_DEGREES"},
        "city/loading/positions.py": {"_FAR_M"},
        "city/loading/residences.py": {"_FILLED", "_NO_AREA_M2"},
        "city/loading/street_lengths.py": {"_JUDGED_FROM_M", "_LONGEST", "_SHORTEST", "_TOO_SHORT"},
        "city/network.py": {"_SHORTEST_M"},
        "simulation/interventions/times.py": {"LAST_MIN"},
        "simulation/registration.py": {"MOST_HOUSEHOLDS"},
        "city/weather.py": {
            "COLDEST_C",
            "HEAVIEST_MM_H",
            "HIGHEST_WARNING",
            "STRONGEST_KM_H",
            "WARMEST_C",
        },
        "simulation/interventions/set.py": {"_WEATHER"},
        "core/hours_text.py": {"_LONGEST"},
        "core/draw_loops.py": {
            "_BLOCK",
            "_DISCARDED",
            "_FAR",
            "_FAR_BOTTOM",
            "_FAR_TOP",
            "_HALF_STEP",
            "_INNER_BOTTOM",
            "_INNER_TOP",
            "_LAST",
            "_NEAR_BOTTOM",
            "_NEAR_TOP",
            "_OUTER_BOTTOM",
            "_OUTER_TOP",
            "_OUTMOST_BOTTOM",
            "_OUTMOST_TOP",
            "_ROOT_OF_HALF",
            "_UNIT",
        },
        "core/inverse_draws.py": {"_HALF_STEP", "_LAST"},
        "core/normal_pieces.py": {"COUNT", "MIDDLE"},
        "core/kernels.py": {"_CHECKED", "_SPACING"},
        "core/secrets.py": {"_LEAST_CHARS", "_LEAST_NAMED_CHARS"},
        "core/suggestions.py": {"_ALIKE"},
        "mind/needs.py": {"STEADY"},
        "mobility/fitting_loops.py": {"_UNDER_HALF"},
        "mobility/wanted_loops.py": {"LEAST_CHANCE"},
        "mobility/free_time_loops.py": {"_PARTS", "_ROUNDING"},
        "crowd/wish_loops.py": {"_ROUNDING"},
        "mind/need_loops.py": {"_SURELY"},
        "mobility/free_time_columns.py": {"_CERTAIN_WEIGHT", "_LEAST_WEIGHT"},
        "population/time_use/files.py": {"_HIGHEST"},
        "population/time_use/row.py": {"_CERTAIN"},
        "population/time_use/table.py": {"_FILLED_MIN", "_LEAST_MIN"},
        "population/categories.py": {"MAX_AGE"},
        "population/table/earnings.py": {
            *("_FEW", "_HIGHEST_MEDIAN", "_HIGHEST_MEDIAN_OF_FEW", "_USUAL_MEDIAN"),
        },
        "population/table/keys.py": {"_FEW_SHARE", "_LARGEST"},
        "population/synthesis/cell_assignment.py": {"_BLOCKS"},
        "population/synthesis/cell_choice.py": {"_FLATTEST", "_SIDES"},
        "population/synthesis/fitting.py": {"_NOTICED"},
        "population/synthesis/household_draw.py": {"_NEXT_TO_NO_ODDS"},
    },
    "the definition of the random generator": {
        "core/philox.py": {
            *("_BLOCK", "_FIRST_ROUNDS", "_HALF", "_LOW", "_ROUNDS"),
            *("_KEY_STEP_0", "_KEY_STEP_1", "_MULTIPLIER_0", "_MULTIPLIER_1"),
        },
        "core/streams.py": {"_BLOCK", "_DISCARDED", "_UNIT", "_WORD"},
        "simulation/records/person_sample.py": {
            *("_FACTOR_1", "_FACTOR_2", "_SHIFT_1", "_SHIFT_2", "_SHIFT_3", "_STEP", "_WORD"),
        },
    },
    "a size in memory, which changes no result": {
        "citizen/world.py": {"_MOST_KEPT"},
        "mobility/planner.py": {"_MOST_KEPT"},
        "city/candidate_loops.py": {"_BUCKET_PLACES", "_FEW"},
        "crowd/life.py": {"_AT_ONCE"},
        "crowd/company_loops.py": {"_LEAST_ROOM"},
        "crowd/day_loops.py": {"_AT_ONCE"},
        "crowd/looped_places.py": {"_NOBODY"},
        "crowd/plan_store.py": {"OTHERS", "_FEW", "_SLACK"},
        "crowd/planning.py": {"_AT_ONCE"},
        "mobility/day_loops.py": {"_MOST_BLOCKS"},
        "population/columns/own_words.py": {"_AT_ONCE"},
        "simulation/records/hourly_aggregates.py": {"_WAITING"},
        "economy/payment_log.py": {"_BATCHES", "_NONE"},
        "migration/decision.py": {"_CHECKED_ROWS"},
        "mobility/open_days.py": {"_FEW_ROWS", "_FIRST_BLOCKS", "_FIRST_PIECES"},
        "social/company.py": {"_FEW_ROWS"},
        "mobility/plan_blocks.py": {"BLOCKS"},
        "population/schedules/usual_night.py": {"_AT_ONCE", "_BITS", "_FEW"},
        "policies/policy.py": {"_ENTRIES"},
        "simulation/rounds.py": {"_FEW"},
        "simulation/step_progress.py": {"_PARTS"},
        "citizen/place_columns.py": {"_ROWS"},
        "citizen/place_loops.py": {"_AHEAD", "_IN_LINE"},
        "city/candidates.py": {"_AT_ONCE"},
        "core/narrow.py": {"_FEW_ROWS", "_MANY_COLUMNS"},
        "core/prefetch.py": {"AHEAD"},
        "crowd/learning_loops.py": {"_SOON"},
        "mind/opinions.py": {"_FEW"},
        "city/city.py": {"_VARIANTS_KEPT"},
        "city/network.py": {"_CELLS", "_STREETS_ACROSS"},
        "population/completion.py": {"_ROWS"},
        "population/synthesis/cell_choice.py": {"_TABLE"},
        "city/opening_times.py": {"_DAYS_KEPT", "_TABLES_KEPT"},
        "city/kind_likeness.py": {"_DIGITS", "_DIMENSIONS"},
        "core/streams.py": {"_FEW_ROWS", "_LENT", "_ROWS"},
        "core/column_streams.py": {"_FEW"},
        "mobility/day_plans.py": {"_MOST"},
        "social/contact_columns.py": {"_CHUNK"},
        "social/first_ties.py": {"_CHUNK"},
        "social/similarity.py": {"_WORD", "_WORD_BITS"},
        "mind/insight_rows.py": {"EVIDENCE"},
        "mind/memory_entry.py": {"COMPANY"},
        "mind/need_table.py": {"_MOST_TABLES"},
        "mind/text_vectors.py": {"_DIM"},
        "population/synthesis/anchors.py": {"_CELLS"},
        "simulation/records/counts.py": {"_WAITING"},
        "simulation/records/ordered_rows.py": {"_PIECE_ROWS"},
        "simulation/records/table.py": {"_CHUNK_ROWS"},
        "simulation/mind_log.py": {"MINDS_EVERY_MIN", "_NOTHING"},
        "simulation/saving/folder.py": {"_TRIES"},
        "social/media/recommenders/formulas.py": {"_ROWS"},
    },
    "the accuracy of a decomposition": {
        "social/media/recommenders/factorisation.py": {"_MORE", "_PASSES"},
        "social/media/recommenders/post_vectors.py": {"_EMBEDDED", "_SAMPLE"},
    },
    "the form of an input file": {
        "city/loading/looks.py": {"_MARGIN_M"},
        "city/loading/network_land.py": {"_FROM_KM_H"},
        "simulation/records/stream.py": {"FORMAT"},
        "policies/policy_file.py": {"_FORMAT", "_KEY"},
        "simulation/saving/folder.py": {"FORMAT"},
        "city/gates.py": {"_EDGES"},
        "city/loading/formats.py": {"_HEAD"},
        "city/loading/vector.py": {"_HEAD"},
        "city/loading/geometry.py": {"AREAS", "LINES"},
        "city/loading/layers.py": {"_SAMPLE"},
        "city/loading/map_columns.py": {"_CUT"},
        "city/loading/places.py": {"_SCALES"},
        "population/table/defects.py": {"_FIRST_ROW"},
        "population/table/schema.py": {
            *(
                "LONGEST_NAME",
                "MAX_HOUSEHOLD",
                "_AMOUNT",
                "FLAG_WORDS",
                "_COLUMNS",
                "_ID",
                "_LAT",
                "_LATE_MINUTE",
                "_LON",
                "_MINUTE",
                "_SHARE",
            ),
        },
    },
    "a category of people, named in tables and results": {
        "social/community/members.py": {"_GENDERS"},
        "population/categories.py": {"AGE_GROUPS"},
        "population/persona.py": {"_GROWN_UP_AGE"},
        "population/profiles.py": {"PROFILES", "_SHIFTS", "_WEEKDAYS"},
        "population/synthesis/households.py": {"HOUSEHOLD_KINDS", "_COUPLE", "_PARENTS"},
        "population/synthesis/marginals.py": {"HOUSEHOLD_SIZES"},
    },
    "the drawing of the made-up town": {
        "city/town/buildings.py": {
            "_CENTRE_SHARE",
            "_DEEP_M",
            "_GROWTH",
            "_LARGEST",
            "_MOST",
            "_PLOT_M",
            "_REACH",
            "_SETBACK_M",
            "_TINY_M",
            "_WIDE_M",
        },
        "city/town/landscape.py": {
            "_EDGE",
            "_FRINGE_M",
            "_GARDEN_M",
            "_OPEN_SHARE",
            "_SIDEWALK_M",
            "_STEP",
            "_WOODS",
        },
        "city/town/place_mix.py": {"_SUBCENTRES"},
        "city/town/streets.py": {"_TURN"},
        "city/town/surroundings.py": {
            "_APART",
            "_BEND",
            "_COPSES",
            "_FIELDS",
            "_HEDGE_M",
            "_HIGH",
            "_MEADOWS",
            "_ROADS",
            "_STEPS",
            "_WIDE",
            "_WOODS",
        },
        "city/town/town.py": {"_ORIGIN_M"},
    },
    "how sure an estimate of cost is": {
        "simulation/asked_tally.py": {"_TOKEN_ERROR"},
        "simulation/cost_estimate.py": {"_ALLOWANCE", "_SAMPLE"},
        "simulation/steps_cost.py": {"_ALLOWANCE", "_FEWEST_TRIED", "_MOST_ASKED"},
        "simulation/surveys/cost.py": {"_SAMPLE"},
    },
}


def _holds_number(node: ast.expr | None) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int | float) and not isinstance(node.value, bool)
    return any(map(_holds_number, _parts(node)))


def _parts(node: ast.expr | None) -> list[ast.expr]:
    """Return the expressions that the value of an expression is made of."""
    match node:
        case ast.UnaryOp():
            return [node.operand]
        case ast.BinOp():
            return [node.left, node.right]
        case ast.Tuple() | ast.List() | ast.Set():
            return node.elts
        case ast.Dict():
            return node.values
        case ast.Call():
            return [*node.args, *(one.value for one in node.keywords)]
    return []


def _numbers(source: str) -> Iterator[str]:
    """Yield the names at the top of a module that are given numbers."""
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign):
            target: ast.expr = statement.targets[0]
        elif isinstance(statement, ast.AnnAssign):
            target = statement.target
        else:
            continue
        if _holds_number(statement.value):
            targets = target.elts if isinstance(target, ast.Tuple) else [target]
            yield from (one.id for one in targets if isinstance(one, ast.Name))


def _found() -> set[tuple[str, str]]:
    files = ((path.relative_to(ROOT).as_posix(), path) for path in ROOT.rglob("*.py"))
    return {
        (name, number)
        for name, path in files
        if not name.startswith(ELSEWHERE)
        for number in _numbers(path.read_text(encoding="utf-8"))
    }


def test_numbers_outside_the_parameters_are_few_and_have_a_reason() -> None:
    listed = {
        (name, number)
        for files in STAY.values()
        for name, numbers in files.items()
        for number in numbers
    }
    found = _found()
    assert sorted(found - listed) == [], "make them parameters, or list them with a reason"
    assert sorted(listed - found) == [], "these are gone; take them off the list"


def test_the_walk_sees_numbers_in_every_form() -> None:
    source = (
        "A = 1\nB: float = -2.5\nC = {'x': (1, 2)}\nD = np.array([3])\nE = 2 * DAY\nF, G = 1, 2\n"
    )
    assert list(_numbers(source)) == ["A", "B", "C", "D", "E", "F", "G"]
    assert list(_numbers("A = 'one'\nB = True\nC = ()\ndef f():\n    x = 1\n")) == []
