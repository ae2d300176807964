"""What an agent decides does not depend on how many decide at once, nor on how it is computed."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.decision import MigrationDecision
from mesa_llm_city.migration.models.rms.agent import RMSAgent
from mesa_llm_city.migration.models.rms.backbone import load_backbone
from mesa_llm_city.migration.models.rms.config import RMSConfig
from mesa_llm_city.migration.models.rms.trained_model import TrainedModel
from tests.migration.models.rms.tiny import survey

PEOPLE = survey(150, seed=4)
WHO = np.arange(150)
DIGEST = "3fe31562afb56f80"


@pytest.fixture(scope="module")
def agent(backbone_path: Path) -> RMSAgent:
    return RMSAgent(backbone=str(backbone_path), epochs=2, precision="fp32").fit(survey(96))


def chosen(agent: RMSAgent, rows: list[int]) -> str:
    decided = MigrationDecision(model=agent).decide(
        PEOPLE.take(rows), ids=WHO[rows], seed=7, step=0
    )
    assert decided.is_returning.any()
    return sha256(decided.is_returning.tobytes()).hexdigest()[:16]


def test_choices_stay_as_they_were(agent: RMSAgent) -> None:
    assert chosen(agent, WHO.tolist()) == DIGEST


def test_a_row_is_predicted_alone_as_among_others(agent: RMSAgent) -> None:
    whole = agent.predict_proba(PEOPLE)
    for rows in ([3], [149, 0, 70], list(range(20, 90))):
        assert np.array_equal(agent.predict_proba(PEOPLE.take(rows)), whole[rows])


@pytest.mark.parametrize("queries", [1, 8])
def test_attention_without_copies_is_the_usual_attention(backbone_path: Path, queries: int) -> None:
    config = RMSConfig(backbone=str(backbone_path), precision="fp32", queries=queries)
    found: list[Float] = []
    for kind in ("grouped_sdpa", "sdpa"):
        model = TrainedModel.for_training(PEOPLE, config)
        model.network.body.get_base_model().set_attn_implementation(kind)
        found.append(model.network.eval().state(model.read(PEOPLE)).detach().numpy())
    assert load_backbone(backbone_path).body.config._attn_implementation == "grouped_sdpa"
    # Kernels of other shapes may add in another order; a head more or less is far from this.
    assert np.allclose(found[0], found[1], rtol=1e-5, atol=1e-5)
