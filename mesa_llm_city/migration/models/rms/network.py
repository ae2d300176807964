"""The network of the RMS-Agent: text, tabular token, meta-queries, decoder, head.

Numbers of equations are those of Liu, Lin and Qiao, "Multimodal LLM-Based Agent for Human
Behavior Simulation: Modeling Return Migration Dynamics" (RMS-Agent). Tokens are given as
embeddings, so that any decoder can be used without a subclass.
"""

from __future__ import annotations

import warnings
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers.pytorch_utils import Conv1D

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.migration.models.rms.backbone import Backbone
from mesa_llm_city.migration.models.rms.config import RMSConfig
from mesa_llm_city.migration.models.rms.inputs import Inputs
from mesa_llm_city.migration.models.rms.layers import last_position_only, without_lower_layers
from mesa_llm_city.migration.models.rms.vectors import CellVectors
from mesa_llm_city.migration.survey.outcome import Wording

__all__ = [
    "GenerativeHead",
    "LinearHead",
    "RMSNetwork",
    "TabularTokenizer",
    "TrajectoryTokenizer",
    "closing_words",
]

_PROVINCE_WIDTH = 32


class TabularTokenizer(nn.Module):
    """Turns a row of numbers into one token v (RMS-Agent, sec. 4.1 and 5.1).

    An MLP with one hidden layer. Its result is scaled to the size of the token vectors, since
    attention ignores tokens that are much smaller than the others.

    Parameters
    ----------
    features, hidden, width : int
        Number of columns, units of the hidden layer, length of a token vector.
    dropout : float
        Dropout of hidden units in training.
    scale : float
        Initial root mean square of v.
    """

    def __init__(
        self, features: int, hidden: int, width: int, *, dropout: float, scale: float
    ) -> None:
        super().__init__()
        self.mlp = nn.Sequential(
            nn.Linear(features, hidden), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, width)
        )
        self.scale = nn.Parameter(torch.tensor(scale))

    def forward(self, features: Tensor) -> Tensor:
        """Return v, shape (n, 1, width), for `features` of shape (n, d)."""
        raw = self.mlp(features)
        return (functional.layer_norm(raw, raw.shape[-1:]) * self.scale).unsqueeze(1)


class TrajectoryTokenizer(nn.Module):
    """Turns the provinces of a trajectory into one token (RMS-Agent, sec. 5.3.7).

    A gated recurrent unit over province vectors; code 0 is a province that is not in the
    training rows, -1 is padding.
    """

    def __init__(self, provinces: int, width: int, *, scale: float) -> None:
        super().__init__()
        self.provinces = nn.Embedding(provinces + 1, _PROVINCE_WIDTH)
        self.unit = nn.GRU(_PROVINCE_WIDTH, width, batch_first=True)
        self.scale = nn.Parameter(torch.tensor(scale))

    def forward(self, trajectory: Tensor) -> Tensor:
        """Return the token, shape (n, 1, width), for codes of shape (n, t)."""
        states, _ = self.unit(self.provinces(trajectory.clamp(min=0)))
        last = (trajectory >= 0).sum(dim=1).sub(1).clamp(min=0)
        raw = states[torch.arange(len(states), device=states.device), last]
        return (functional.layer_norm(raw, raw.shape[-1:]) * self.scale).unsqueeze(1)


class LinearHead(nn.Module):
    """y = sigmoid(W h + b), trained on cross-entropy (eqs. 5 and 6); weights start at 0."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.linear = nn.Linear(width, 1)
        nn.init.zeros_(self.linear.weight)
        nn.init.zeros_(self.linear.bias)

    def log_odds(self, state: Tensor) -> Tensor:
        """Return the log odds of y = 1, shape (n,), for h of shape (n, width)."""
        logit: Tensor = self.linear(state.float()).squeeze(1)
        return logit

    def loss(self, state: Tensor, target: Tensor, weight: Tensor | None = None) -> Tensor:
        """Return the mean cross-entropy (eq. 6), each row times its weight."""
        odds = self.log_odds(state)
        return functional.binary_cross_entropy_with_logits(odds, target, weight=weight)


class GenerativeHead(nn.Module):
    """The language head of the model predicts "Yes" or "No" (RMS-Agent, sec. 5.3.2).

    Trained on the likelihood of the right word among all words; the prediction is the odds
    of the two words.
    """

    def __init__(
        self, language_head: nn.Module, yes: int, no: int, *, cap: float | None = None
    ) -> None:
        super().__init__()
        self.language_head = language_head
        self.words = (no, yes)
        self.cap = cap

    def log_odds(self, state: Tensor) -> Tensor:
        """Return log p(yes) - log p(no), shape (n,)."""
        logits = self._logits(state)
        return logits[:, self.words[1]] - logits[:, self.words[0]]

    def loss(self, state: Tensor, target: Tensor, weight: Tensor | None = None) -> Tensor:
        """Return the mean negative log-likelihood of the right word, times the weights."""
        right = torch.where(target > 0.5, self.words[1], self.words[0])
        if weight is None:
            return functional.cross_entropy(self._logits(state), right)
        each = functional.cross_entropy(self._logits(state), right, reduction="none")
        return (each * weight).mean()

    def _logits(self, state: Tensor) -> Tensor:
        logits: Tensor = self.language_head(state).float()
        return logits if self.cap is None else self.cap * torch.tanh(logits / self.cap)


class RMSNetwork(nn.Module):
    """h <- LLM(t_1 .. t_M, v, q_1 .. q_N), y = sigmoid(W h + b) (eqs. 1, 4, 5).

    Parameters
    ----------
    backbone : Backbone
        Frozen language model; only adapters beside its layers are trained.
    config : RMSConfig
        Options of the agent.
    features : int
        Length of an encoded row.
    provinces : int
        Number of provinces known in trajectories.
    cells : CellVectors, optional
        Vectors of the fast path; without them the whole text is read.
    wording : Wording, optional
        Words that ask for an answer; needed where `closing_words` are.

    Notes
    -----
    New parameters depend on ``config.seed`` only. Adapters have no effect at first.

    In a decoder each token attends to those before it: v to the text, a query to the text, v and
    the queries before it; the text does not depend on them. In an encoder every token attends
    to all, so the text, v and the queries all depend on one another. Padding is never
    attended to. The result is read from the last query in both, or from the last token given
    if there is no query.
    """

    closing: Tensor

    def __init__(
        self,
        backbone: Backbone,
        config: RMSConfig,
        *,
        features: int,
        provinces: int = 0,
        cells: CellVectors | None = None,
        wording: Wording | None = None,
    ) -> None:
        super().__init__()
        self.config = config
        self.cells = cells
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(config.seed)
            self._make_parts(backbone, features, provinces, wording)
        self.to(backbone.embeddings.device)

    def _make_parts(
        self, backbone: Backbone, features: int, provinces: int, wording: Wording | None
    ) -> None:
        config, width, scale = self.config, backbone.width, backbone.scale
        if config.upper is not None and self.cells is not None:
            scale = self.cells.entry_scale
        self.body = _adapted(backbone, config)
        self.tabular = (
            TabularTokenizer(
                features, config.tabular_width, width, dropout=config.dropout, scale=scale
            )
            if config.tabular
            else None
        )
        self.trajectory = (
            TrajectoryTokenizer(provinces, width, scale=scale)
            if config.trajectory is not None
            else None
        )
        self.queries = nn.Parameter(torch.randn(config.queries, width) * scale)
        self.head = _head(backbone, config, wording)
        closing = backbone.ids_of(closing_words(config, wording))
        self.register_buffer("closing", torch.tensor(closing, dtype=torch.long), persistent=False)

    @property
    def kind(self) -> torch.dtype:
        """Data type of the decoder."""
        weight: Tensor = self.body.get_input_embeddings().weight
        return weight.dtype

    @property
    def appended_count(self) -> int:
        """Number of tokens after the text."""
        given = (self.trajectory is not None) + (self.tabular is not None)
        return len(self.closing) + given + self.config.queries

    def new_parameters(self) -> dict[str, Tensor]:
        """Return the new parameters by name: tokenizers, queries, linear head."""
        return {
            name: part
            for name, part in self.named_parameters()
            if part.requires_grad and not name.startswith("body.")
        }

    def adapters(self) -> dict[str, Tensor]:
        """Return the adapters by name."""
        return {
            name: part
            for name, part in self.named_parameters()
            if part.requires_grad and name.startswith("body.")
        }

    def appended_tokens(self, inputs: Inputs) -> Tensor:
        """Return the tokens after the text: closing words, trajectory, v, q_1 .. q_N.

        Returns
        -------
        Tensor, shape (n, s, width)
        """
        n = len(inputs)
        tokens = []
        if len(self.closing):
            embedded: Tensor = self.body.get_input_embeddings()(self.closing)
            tokens.append(embedded.float().expand(n, -1, -1))
        if self.trajectory is not None:
            tokens.append(self.trajectory(self._on_device(inputs.trajectory)))
        if self.tabular is not None:
            tokens.append(self.tabular(self._on_device(inputs.features)))
        if self.config.queries:
            tokens.append(self.queries.expand(n, -1, -1))
        if not tokens:
            return torch.zeros(n, 0, self.queries.shape[1], device=self.queries.device)
        return torch.cat(tokens, dim=1)

    def positions_of(self, inputs: Inputs) -> int:
        """Return how many positions the longest row takes, with the tokens after the text."""
        text = int(inputs.lengths().max(initial=0)) if self.cells is None else self.cells.end
        return text + self.appended_count

    def state(self, inputs: Inputs) -> Tensor:
        """Return h, the state of the last layer at the last position (eq. 4), shape (n, width)."""
        appended = self.appended_tokens(inputs).to(self.kind)
        if self.cells is not None:
            return self._after_cells(inputs, appended)
        return self._after_text(inputs, appended)

    def log_odds(self, inputs: Inputs) -> Tensor:
        """Return the log odds of label 1, shape (n,)."""
        odds: Tensor = self.head.log_odds(self.state(inputs))
        return odds

    def loss(self, inputs: Inputs, target: Tensor, weight: Tensor | None = None) -> Tensor:
        """Return the mean loss over rows with labels `target` and weights, shape (n,) each."""
        loss: Tensor = self.head.loss(self.state(inputs), target, weight)
        return loss

    def forward(self, inputs: Inputs) -> Tensor:
        """Return the probability of label 1 (eq. 5), shape (n,)."""
        return torch.sigmoid(self.log_odds(inputs))

    def attention(self, inputs: Inputs) -> Tensor:
        """Return the attention of the tokens after the text to all positions before them.

        Returns
        -------
        Tensor, shape (layers, n, heads, queries, keys)
            Keys are the text (or opening and cells), then the tokens after it.
        """
        decoder = self.body.get_base_model() if hasattr(self.body, "peft_config") else self.body
        before = decoder.config._attn_implementation  # noqa: SLF001 - has no public reader
        decoder.set_attn_implementation("eager")
        try:
            appended = self.appended_tokens(inputs).to(self.kind)
            after = self._run_cells if self.cells is not None else self._run_text
            out = after(inputs, appended, output_attentions=True)
        finally:
            decoder.set_attn_implementation(before)
        count = appended.shape[1]
        return torch.stack([layer[:, :, -count:] for layer in out.attentions])

    def _after_cells(self, inputs: Inputs, appended: Tensor) -> Tensor:
        last: Tensor = self._run_cells(inputs, appended).last_hidden_state[:, -1]
        return last

    def _after_text(self, inputs: Inputs, appended: Tensor) -> Tensor:
        last: Tensor = self._run_text(inputs, appended).last_hidden_state[:, -1]
        return last

    def _run_cells(self, inputs: Inputs, appended: Tensor, **options: bool) -> Any:  # noqa: ANN401
        assert self.cells is not None  # noqa: S101 - for the type checker
        positions = self.cells.end + torch.arange(appended.shape[1], device=appended.device)
        return self.body(
            inputs_embeds=appended,
            past_key_values=self.cells.cache_of(inputs.words, room=appended.shape[1]),
            position_ids=positions[None],  # the same for all rows
            use_cache=True,
            **options,
        )

    def _run_text(self, inputs: Inputs, appended: Tensor, **options: bool) -> Any:  # noqa: ANN401
        ids = self._on_device(inputs.words)
        present = torch.ones(appended.shape[:2], dtype=torch.long, device=ids.device)
        mask = torch.cat([(ids >= 0).long(), present], dim=1)
        embedded = self.body.get_input_embeddings()(ids.clamp(min=0))
        return self.body(
            inputs_embeds=torch.cat([embedded, appended], dim=1),
            attention_mask=mask,
            position_ids=(mask.cumsum(dim=1) - 1).clamp(min=0),
            use_cache=False,
            **options,
        )

    def _on_device(self, array: Any) -> Tensor:  # noqa: ANN401 - a numpy array of any type
        return torch.as_tensor(array, device=self.queries.device)


def closing_words(config: RMSConfig, wording: Wording | None) -> str:
    """Return the text after the profile that asks for an answer, if it is needed.

    A language head needs a question, and without query and tabular token there has to be a
    position from which the result is read.
    """
    needed = config.head == "generative" or not (
        config.queries or config.tabular or config.trajectory is not None
    )
    if not needed:
        return ""
    return _required(wording).last_words


def _required(wording: Wording | None) -> Wording:
    if wording is None:
        message = "the schema has no wording, which this head or input needs; add one to it"
        raise ConfigError(message)
    return wording


def _adapted(backbone: Backbone, config: RMSConfig) -> Any:  # noqa: ANN401 - any model
    """Return the model with low-rank adapters (Hu et al., 2022) beside its layers."""
    targets = config.adapter_targets or backbone.family.targets
    body = _with_shared_weights(backbone.body)
    if config.upper is not None:
        body = without_lower_layers(body, upper=config.upper)
    if not backbone.family.is_encoder:
        body = last_position_only(body)
    if not config.adapter_rank:
        return body
    _check_targets(body, targets)
    from peft import LoraConfig, get_peft_model

    lora = LoraConfig(
        r=config.adapter_rank,
        lora_alpha=2 * config.adapter_rank,
        target_modules=list(targets),
        lora_dropout=0.0,
        bias="none",
    )
    with warnings.catch_warnings():
        # peft reads an attribute that transformers will rename, and sets the one for GPT-2's
        # transposed maps itself.
        warnings.filterwarnings("ignore", ".*is_gradient_checkpointing", FutureWarning)
        warnings.filterwarnings("ignore", "fan_in_fan_out is set to False", UserWarning)
        return get_peft_model(body, lora)


def _check_targets(body: Any, targets: tuple[str, ...]) -> None:  # noqa: ANN401 - any model
    maps = {
        name.rpartition(".")[2]
        for name, part in body.named_modules()
        if isinstance(part, nn.Linear | Conv1D)
    }
    if unknown := sorted(set(targets) - maps):
        message = (
            f"adapter_targets has {', '.join(unknown)}, which the language model does not have; "
            f"its linear maps are {', '.join(sorted(maps))}"
        )
        raise ConfigError(message)


def _with_shared_weights(body: Any) -> Any:  # noqa: ANN401 - any decoder
    """Return a decoder that shares all weights, so that adapters do not change the original."""
    return deepcopy(body, {id(weight): weight for weight in body.parameters()})


def _head(
    backbone: Backbone, config: RMSConfig, wording: Wording | None
) -> LinearHead | GenerativeHead:
    if config.head == "linear":
        return LinearHead(backbone.width)
    yes, no = _answers(backbone, _required(wording))
    if backbone.language_head is None:
        message = "head='generative' needs the language head; load the backbone with_head"
        raise ConfigError(message)
    return GenerativeHead(backbone.language_head, yes, no, cap=backbone.logit_cap)


def _answers(backbone: Backbone, wording: Wording) -> tuple[int, int]:
    """Return the first token ids of the two answers, such as "Yes" and "No"."""
    spaced = (f" {wording.yes}", f" {wording.no}")
    # Scripts without spaces have none before the answer.
    words = ((wording.yes, wording.no),)
    for yes, no in (spaced, *words) if wording.yes.isascii() else words:
        first, other = backbone.ids_of(yes)[0], backbone.ids_of(no)[0]
        if first != other:
            return first, other
    message = (
        f"{wording.yes} and {wording.no} begin with the same token ({first}); use head='linear'"
    )
    raise DataError(message)
