"""What a model reports of itself."""

from __future__ import annotations

from mesa_llm_city import CityModel
from mesa_llm_city.llm import LLM, ClientSpec
from mesa_llm_city.simulation.reporters import LLM_TOTALS
from tests.town import small_town, townspeople


def asking(llm: LLM, rng: int) -> CityModel:
    return CityModel(small_town(), list(townspeople())[:5], rng=rng, llm=llm, prompts={"mode"})


def test_each_model_counts_its_own_calls_to_a_language_model_that_both_use() -> None:
    llm = LLM(ClientSpec(backend="scripted", model="made-up"))
    models = [asking(llm, rng) for rng in (1, 2)]
    for _ in range(144):
        for model in models:
            model.step()
    counts = [
        model.datacollector.get_model_vars_dataframe()["llm_calls"].iloc[-1] for model in models
    ]
    assert min(counts) > 0
    assert sum(counts) == llm.totals().calls


def test_without_a_language_model_nothing_of_one_is_reported() -> None:
    model = CityModel(small_town(), list(townspeople())[:2], rng=1)
    model.step()
    frame = model.datacollector.get_model_vars_dataframe()
    assert not {f"llm_{name}" for name in LLM_TOTALS} & set(frame)
    assert {"run_seed", "minute", "trips", "doing_sleep"} <= set(frame)
