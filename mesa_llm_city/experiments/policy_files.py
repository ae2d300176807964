"""The policies of a run: read from the files of its options."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mesa_llm_city.citizen.presets import resolve_prompts
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.policies import Policy, read_policy

__all__ = ["named_files", "prompts_beside", "read_policies"]


def read_policies(options: RunOptions) -> dict[str, Policy]:
    """Return the policies of a run by the prompts for which they stand; none by default.

    Raises
    ------
    ConfigError
        If a policy is for another prompt than its name says, or two are for the same.
    DataError
        If a file holds no policy.
    """
    found: dict[str, Policy] = {}
    for name, file in options.policy_files:
        policy = read_policy(file)
        if name and name != policy.prompt:
            message = f"{file} holds a policy for {policy.prompt}, not for {name}; name it so"
            raise ConfigError(message)
        if policy.prompt in found:
            message = f"{file} is a second policy for {policy.prompt}; give one of them"
            raise ConfigError(message)
        found[policy.prompt] = policy
    return found


def named_files(options: RunOptions) -> dict[str, Path]:
    """Return the files of the policies of a run by the prompts for which they stand."""
    return {name or read_policy(file).prompt: file for name, file in options.policy_files}


def prompts_beside(options: RunOptions, policies: Mapping[str, object]) -> frozenset[str]:
    """Return what a language model is asked about: what is named, or all without a policy."""
    if options.prompts:
        return resolve_prompts(options.prompts)
    return resolve_prompts("full") - policies.keys()
