"""Where figures come from: the run, who decided in it, the observed files, and what was fitted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from mesa_llm_city.experiments.manifest import NO_LANGUAGE_MODEL
from mesa_llm_city.experiments.observed.cells import Source

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["Provenance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What a reader must know to judge figures, and to get them again.

    Parameters
    ----------
    run : str
        Name of the run.
    city : str
        Name of the city.
    people, days, seed : int
        Size and seed of the run; no days if there was none.
    start : str
        First day.
    decided : str
        Whether rules or which language model decided.
    decision_sources : mapping of str to int
        Number of decisions by rule and by prompt.
    digest : str
        Fingerprint of the tables of the run.
    changed : mapping of str to Any
        Parameters that differ from their defaults.
    fitted : tuple of mapping
        Files that parameters were fitted to, with their SHA-256, as the run tells it.
    inputs : tuple of mapping
        Files that the run read, with their SHA-256.
    observed : tuple of Source
        Files that the run is compared with.
    """

    run: str
    city: str
    people: int
    days: int
    seed: int
    start: str
    decided: str
    decision_sources: Mapping[str, int]
    digest: str
    changed: Mapping[str, Any]
    fitted: tuple[Mapping[str, Any], ...]
    inputs: tuple[Mapping[str, str], ...]
    observed: tuple[Source, ...]

    @classmethod
    def of_manifest(
        cls, name: str, manifest: Mapping[str, Any], observed: Sequence[Source]
    ) -> Self:
        """Return that of a finished run."""
        return cls(
            run=name,
            city=manifest["city"]["name"],
            people=manifest["people"],
            days=manifest["days"],
            seed=manifest["seed"],
            start=manifest["start"],
            decided=_decided(manifest["language_model"]),
            decision_sources=manifest.get("decision_sources", {}),
            digest=manifest["digest"],
            changed=manifest["parameters"],
            fitted=tuple(manifest.get("fitted", ())),
            inputs=tuple(manifest.get("inputs", ())),
            observed=tuple(observed),
        )

    @classmethod
    def of_model(cls, model: CityModel, observed: Sequence[Source]) -> Self:
        """Return that of a model at its present minute."""
        sources = model.decisions()["source"].astype(str).value_counts().sort_index()
        llm = getattr(getattr(model.llm, "spec", None), "model", None)
        asked = int(sources.get("prompt", 0))
        return cls(
            run=type(model).__name__,
            city=model.city.name,
            people=len(model.population),
            days=model.minute // (24 * 60),
            seed=model.run_seed,
            start=str(model.clock.start),
            decided=_decided(NO_LANGUAGE_MODEL if llm is None else f"{asked} decisions by {llm}"),
            decision_sources={str(name): int(n) for name, n in sources.items()},
            digest=model.digest(),
            changed=model.parameters.changed(),
            fitted=(),
            inputs=tuple({"file": name, "sha256": sha} for name, sha in model.city.inputs),
            observed=tuple(observed),
        )

    def of_crowd(self, people: int, digest: str) -> Self:
        """Return that of the crowd of the same run, in which rules alone decide.

        Parameters
        ----------
        people : int
            Number of people in the crowd.
        digest : str
            Fingerprint of the crowd.
        """
        return replace(
            self,
            run=f"{self.run}, crowd",
            people=people,
            decided=_decided(NO_LANGUAGE_MODEL),
            decision_sources={},
            digest=digest,
        )

    @property
    def fitted_here(self) -> tuple[str, ...]:
        """Names of the observed files that parameters were fitted to; they are no test."""
        checksums = {str(one.get("sha256")) for one in self.fitted}
        return tuple(one.file for one in self.observed if one.sha256 in checksums)

    @property
    def fit(self) -> str:
        """What was fitted, in a sentence."""
        if here := self.fitted_here:
            return f"parameters were fitted to {', '.join(here)}: what is said of it is no test"
        if self.fitted:
            names = ", ".join(str(one.get("file")) for one in self.fitted)
            return f"parameters were fitted to {names}, and not to the tables here"
        if not self.changed:
            return "nothing was fitted: all parameters have their defaults"
        names = ", ".join(f"{name}={value}" for name, value in self.changed.items())
        return f"nothing was fitted by this program; parameters that were changed: {names}"

    def lines(self) -> Iterator[str]:
        """Yield a few lines for the terminal and the picture."""
        yield f"run      {self._run_in_words()}"
        yield f"decided  {self.decided}"
        files = [f"{one.file} (sha256 {one.sha256[:12]})" for one in self.observed]
        yield f"data     {', '.join(files) or 'none: published figures and naive predictions only'}"
        yield f"fitted   {self.fit}"

    def _run_in_words(self) -> str:
        if not self.days:
            return f"none: {self.people:,} people of the data, seed {self.seed}"
        length = "1 day" if self.days == 1 else f"{self.days} days"
        return (
            f"{self.run}: {self.people:,} people, {length} from {self.start}, "
            f"{self.city}, seed {self.seed}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the same for JSON."""
        return {
            "run": self.run,
            "city": self.city,
            "people": self.people,
            "days": self.days,
            "start": self.start,
            "seed": self.seed,
            "decided": self.decided,
            "decision_sources": dict(self.decision_sources),
            "digest": self.digest,
            "parameters_changed": dict(self.changed),
            "fitted": self.fit,
            "fitted_to": [dict(one) for one in self.fitted],
            "inputs": [dict(one) for one in self.inputs],
            "observed": [one.to_dict() for one in self.observed],
        }


def _decided(language_model: str) -> str:
    if language_model == NO_LANGUAGE_MODEL:
        return f"every choice by rules: {NO_LANGUAGE_MODEL}"
    return f"{language_model}, the rest by rules"
