"""Parameters of stance on a topic: the rule by which messages change it, and numbers of each."""

from __future__ import annotations

from collections.abc import Iterator

from mesa_llm_city.parameters.base import Branch, parameter, wording
from mesa_llm_city.parameters.defects import Defect

__all__ = [
    "BoundedConfidenceParameters",
    "FriedkinJohnsenParameters",
    "HegselmannKrauseParameters",
    "RepulsionParameters",
    "SoftParameters",
    "StanceParameters",
]

_DEFFUANT = "Deffuant, Neau, Amblard and Weisbuch (2000), Adv. Complex Syst. 3, 87-98"


class SoftParameters(Branch):
    """Persuasion that weakens with distance, and reinforcement by one's own side."""

    rate: float = parameter(
        0.06,
        "Share of the distance to a message by which it moves a stance, at no distance, full "
        "trust and no certainty",
        ge=0,
        le=1,
        source="assumption, chosen with the next two so that talk among those alike strengthens "
        "stances and talk with those who differ weakens them, as in AgentSociety (Piao et al. "
        "2025, arXiv:2502.08691)",
    )
    scale: float = parameter(
        2.0,
        "Distance over which persuasion falls to 1/e; the greatest distance is 2",
        gt=0,
        source="assumption: see rate; assimilation that falls with distance is that of social "
        "judgement theory (Sherif and Hovland 1961)",
    )
    reinforcement: float = parameter(
        0.04,
        "Share of the distance to the end of its side by which a stance is moved by a message of "
        "the same side",
        ge=0,
        le=1,
        source="assumption: see rate; direction by persuasive arguments theory (Isenberg 1986, J. "
        "Pers. Soc. Psychol. 50(6), 1141-1151)",
    )


class BoundedConfidenceParameters(Branch):
    """Persuasion by what is near enough."""

    reach: float = parameter(
        0.5, "Distance below which a message counts; the greatest is 2", gt=0, le=2
    )
    rate: float = parameter(
        0.15,
        "Share of the distance to such a message by which it moves a stance, at full trust",
        ge=0,
        le=0.5,
        source=f"at most 0.5 by {_DEFFUANT}; value assumed",
    )


class RepulsionParameters(Branch):
    """Persuasion by what is near enough, and repulsion by what is far away."""

    reach: float = parameter(0.5, "Distance below which a message persuades", gt=0, le=2)
    beyond: float = parameter(
        1.2,
        "Distance above which a message repels",
        gt=0,
        le=2,
        source="latitude of rejection by Jager and Amblard (2005), Comput. Math. Organ. Theory "
        "10, 295-303; value assumed",
    )
    rate: float = parameter(
        0.15,
        "Share of the distance by which a stance is moved to or from such a message",
        ge=0,
        le=0.5,
    )

    def contradictions(self) -> Iterator[Defect]:
        """Yield ranges that overlap."""
        if self.beyond < self.reach:
            yield Defect("beyond", f"is {self.beyond:g}, below reach of {self.reach:g}")


class FriedkinJohnsenParameters(Branch):
    """The mean of what is heard, and of the stance with which a person began."""

    openness: float = parameter(
        0.8,
        "Weight of what is heard; the rest is that of the stance at first",
        ge=0,
        le=1,
        source="Friedkin and Johnsen (1990), J. Math. Sociol. 15(3-4), 193-206; value assumed",
    )
    own_weight: float = parameter(
        5.0,
        "Weight of the stance as it is now, in messages that are fully trusted",
        ge=0,
    )


class HegselmannKrauseParameters(Branch):
    """The mean of the own stance and of all that is heard and near enough."""

    reach: float = parameter(
        0.4,
        "Distance at or below which a message counts",
        gt=0,
        le=2,
        source="Hegselmann and Krause (2002), JASSS 5(3), 2: consensus from about 0.2 on a scale "
        "from 0 to 1, which is 0.4 from -1 to 1",
    )


class StanceParameters(Branch):
    """How stances from -1 (against) to 1 (in favour) begin and change, and how sure people are."""

    rule: str = wording(
        "Rule by which messages change a stance: soft, bounded_confidence, repulsion, "
        "friedkin_johnsen, hegselmann_krause, or one that was registered",
        default="soft",
    )
    soft: SoftParameters = SoftParameters()
    bounded_confidence: BoundedConfidenceParameters = BoundedConfidenceParameters()
    repulsion: RepulsionParameters = RepulsionParameters()
    friedkin_johnsen: FriedkinJohnsenParameters = FriedkinJohnsenParameters()
    hegselmann_krause: HegselmannKrauseParameters = HegselmannKrauseParameters()
    noise: float = parameter(
        0.05,
        "Standard deviation of normally distributed noise in a stance per message",
        ge=0,
        le=1,
    )
    first: float = parameter(
        0.0, "Stance on a topic of which a person has heard nothing yet", ge=-1, le=1
    )
    certainty: float = parameter(0.0, "How sure people are of a stance at first", ge=0, le=1)
    certainty_step: float = parameter(
        0.02,
        "By how much a message of the same side raises certainty, and one of the other lowers it",
        ge=0,
        le=1,
    )
    undecided_within: float = parameter(
        0.1, "Distance from 0 within which a person is on no side", ge=0, le=1
    )
    strong_above: float = parameter(
        0.6, "Distance from 0 at or above which a stance is called strong", ge=0, le=1
    )

    def contradictions(self) -> Iterator[Defect]:
        """Yield words that are not in order."""
        if self.strong_above < self.undecided_within:
            problem = f"is {self.strong_above:g}, below undecided_within of"
            yield Defect("strong_above", f"{problem} {self.undecided_within:g}; make it higher")
