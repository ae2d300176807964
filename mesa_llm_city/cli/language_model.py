"""Commands about language models: ``mesa-llm-city llm check``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from mesa_llm_city.cli.errors import explained_errors
from mesa_llm_city.cli.run_options import option_name

__all__ = ["LANGUAGE_MODELS", "check"]

LANGUAGE_MODELS = typer.Typer(
    no_args_is_help=True, help="Language models: whether one can be asked, and what it costs."
)
"""The commands, to be added to those of a program."""

_Text = str | None


@LANGUAGE_MODELS.callback()
def _group() -> None:
    """Keep the name of the command, though there is but one."""


@LANGUAGE_MODELS.command()
def check(
    model: Annotated[str, typer.Argument(help="Provider and name of the model, or a .gguf file.")],
    *,
    backend: Annotated[
        _Text, typer.Option(help="How it is reached: litellm, http or local.", metavar="HOW")
    ] = None,
    api_base: Annotated[
        _Text, typer.Option(help="Address of a server, with /v1.", metavar="URL")
    ] = None,
    key_env: Annotated[
        _Text, typer.Option(help="Variable that holds the key.", metavar="NAME")
    ] = None,
    reply_format: Annotated[
        _Text,
        typer.Option(help="How the form is demanded: native, grammar or text.", metavar="HOW"),
    ] = None,
    answer_tokens: Annotated[
        _Text, typer.Option(help="Most tokens of the answer.", metavar="N")
    ] = None,
    model_option: Annotated[
        list[str] | None,
        typer.Option(help="Further parameter, such as seed=1.", metavar="NAME=VALUE"),
    ] = None,
    omit: Annotated[
        _Text, typer.Option(help="Parameters to leave out.", metavar="NAME,NAME")
    ] = None,
    price: Annotated[
        _Text,
        typer.Option(help="US dollars per million tokens, in and out.", metavar="IN,OUT"),
    ] = None,
    timeout_s: Annotated[
        _Text, typer.Option(help="Longest wait for the answer, in seconds.", metavar="S")
    ] = None,
) -> None:
    """Ask a model one short question; show its answer, tokens, price and time."""
    given = {
        "backend": backend,
        "api_base": api_base,
        "key_env": key_env,
        "reply_format": reply_format,
        "answer_tokens": answer_tokens,
        "model_options": model_option,
        "omit": omit,
        "price": price,
        "timeout_s": timeout_s,
    }
    with explained_errors():
        typer.echo("\n".join(_checked(model, {k: v for k, v in given.items() if v is not None})))


def _checked(model: str, given: dict[str, Any]) -> list[str]:
    """Return what is to be printed, a line each."""
    import warnings

    from mesa_llm_city.experiments.language_model import open_llm
    from mesa_llm_city.experiments.options import OptionsError, RunOptions

    try:
        options = RunOptions(mind="prompt", llm=model, no_limit=True, **given)
    except OptionsError as error:
        names = {name: option_name(name) for name in RunOptions.model_fields} | {"llm": "MODEL"}
        raise error.renamed(names) from None
    llm = open_llm(options)
    assert llm is not None  # noqa: S101 - a prompt has a model
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            (checked,) = llm.check()
        finally:
            llm.close()
    usage = checked.completion
    return [
        f"model    {checked.model}",
        f"answer   {usage.text.strip()!r}{_remark(checked.flaw)}",
        f"tokens   {_told(usage.prompt_tokens)} in, {_told(usage.completion_tokens)} out",
        f"price    {'unknown' if checked.cost_usd is None else f'{checked.cost_usd:.2g} USD'}",
        f"time     {checked.latency_s:.1f} s",
        *(f"note     {one.message}" for one in said if one.category is UserWarning),
    ]


def _told(tokens: int | None) -> str:
    return "unknown" if tokens is None else f"{tokens:,}"


def _remark(flaw: str) -> str:
    return f" (not in the form asked for: {flaw})" if flaw else ""
