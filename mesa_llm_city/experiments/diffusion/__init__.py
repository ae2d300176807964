"""Measures of what spreads among people: news, emotions, stances, and the graphs they spread on.

All are functions over arrays. People are numbered from 0, minutes count from the start, stances
lie in [-1, 1], and edges are rows of two people.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mesa_llm_city.core.lazy import lazily as _lazily

if TYPE_CHECKING:
    from mesa_llm_city.experiments.diffusion.cascades import (
        Cascades,
        read_shapes,
        structural_virality,
    )
    from mesa_llm_city.experiments.diffusion.conformity import (
        changed_by_friends,
        inequality,
        unpredictability,
    )
    from mesa_llm_city.experiments.diffusion.curves import (
        EMOTION_CUTS,
        awareness_curve,
        emotion_peaks,
        emotion_shares,
        emotional_density,
        time_to_share,
    )
    from mesa_llm_city.experiments.diffusion.exposure import (
        echo_correlation,
        echo_index,
        exposure_counts,
        exposure_entropy,
    )
    from mesa_llm_city.experiments.diffusion.graph_null import (
        degree_preserving,
        simple_edges,
    )
    from mesa_llm_city.experiments.diffusion.graphs import (
        GraphStructure,
        compare_graphs,
        graph_structure,
    )
    from mesa_llm_city.experiments.diffusion.mixing import (
        ei_index,
        stance_assortativity,
    )
    from mesa_llm_city.experiments.diffusion.motifs import (
        motif_counts,
        motif_profile,
        triangles,
    )
    from mesa_llm_city.experiments.diffusion.polarisation import (
        STANCE_CHANGES,
        bimodality,
        esteban_ray,
        esteban_ray_groups,
        polarisation_summary,
        stance_changes,
        variance,
    )
    from mesa_llm_city.experiments.diffusion.reproduction import (
        reproduction_number,
    )
    from mesa_llm_city.experiments.diffusion.seeds import (
        Interval,
        mean_over_seeds,
        paired_difference,
    )
    from mesa_llm_city.experiments.diffusion.walk_controversy import (
        Controversy,
        controversy,
        random_walk_controversy,
        spectral_sides,
    )

__all__ = [
    "EMOTION_CUTS",
    "STANCE_CHANGES",
    "Cascades",
    "Controversy",
    "GraphStructure",
    "Interval",
    "awareness_curve",
    "bimodality",
    "changed_by_friends",
    "compare_graphs",
    "controversy",
    "degree_preserving",
    "echo_correlation",
    "echo_index",
    "ei_index",
    "emotion_peaks",
    "emotion_shares",
    "emotional_density",
    "esteban_ray",
    "esteban_ray_groups",
    "exposure_counts",
    "exposure_entropy",
    "graph_structure",
    "inequality",
    "mean_over_seeds",
    "motif_counts",
    "motif_profile",
    "paired_difference",
    "polarisation_summary",
    "random_walk_controversy",
    "read_shapes",
    "reproduction_number",
    "simple_edges",
    "spectral_sides",
    "stance_assortativity",
    "stance_changes",
    "structural_virality",
    "time_to_share",
    "triangles",
    "unpredictability",
    "variance",
]

_HOME = MappingProxyType(
    {
        "EMOTION_CUTS": "curves",
        "STANCE_CHANGES": "polarisation",
        "Cascades": "cascades",
        "Controversy": "walk_controversy",
        "GraphStructure": "graphs",
        "Interval": "seeds",
        "awareness_curve": "curves",
        "bimodality": "polarisation",
        "changed_by_friends": "conformity",
        "compare_graphs": "graphs",
        "controversy": "walk_controversy",
        "degree_preserving": "graph_null",
        "echo_correlation": "exposure",
        "echo_index": "exposure",
        "ei_index": "mixing",
        "emotion_peaks": "curves",
        "emotion_shares": "curves",
        "emotional_density": "curves",
        "esteban_ray": "polarisation",
        "esteban_ray_groups": "polarisation",
        "exposure_counts": "exposure",
        "exposure_entropy": "exposure",
        "graph_structure": "graphs",
        "inequality": "conformity",
        "mean_over_seeds": "seeds",
        "motif_counts": "motifs",
        "motif_profile": "motifs",
        "paired_difference": "seeds",
        "polarisation_summary": "polarisation",
        "random_walk_controversy": "walk_controversy",
        "read_shapes": "cascades",
        "reproduction_number": "reproduction",
        "simple_edges": "graph_null",
        "spectral_sides": "walk_controversy",
        "stance_assortativity": "mixing",
        "stance_changes": "polarisation",
        "structural_virality": "cascades",
        "time_to_share": "curves",
        "triangles": "motifs",
        "unpredictability": "conformity",
        "variance": "polarisation",
    }
)

__getattr__, __dir__ = _lazily(__name__, _HOME)
