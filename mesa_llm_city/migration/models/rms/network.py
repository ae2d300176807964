"""The RMS-Agent as a network: words, tabular token, meta-queries, decoder, head.

Numbers of equations are those of Liu, Lin and Qiao, "Multimodal LLM-Based Agent
for Human Behavior Simulation: Modeling Return Migration Dynamics" (RMS-Agent).
The tokens enter as embeddings, so any decoder serves and none is subclassed.
"""

from __future__ import annotations

import warnings
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.models.rms.backbone import Backbone
from mesa_llm_city.migration.models.rms.config import RMSConfig
from mesa_llm_city.migration.models.rms.inputs import Inputs
from mesa_llm_city.migration.models.rms.vectors import CellVectors

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
    """A row of numbers becomes one token v (RMS-Agent, sec. 4.1 and 5.1).

    An MLP with one hidden layer. Its result is brought to the size of the token
    vectors, since attention over tokens of quite different size is blind to the small.

    Parameters
    ----------
    features, hidden, width : int
        Length of the row, units of the hidden layer, length of a token vector.
    dropout : float
        Share of hidden units left out in training.
    scale : float
        Root mean square that v starts with.
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
    """Provinces lived in, in order, become one token (RMS-Agent, sec. 5.3.7).

    A gated recurrent unit over province vectors; code 0 stands for a province
    unseen in training, -1 for the end.
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
    """y = sigmoid(W h + b), trained on cross-entropy (eqs. 5 and 6); starts at zero."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.linear = nn.Linear(width, 1)
        nn.init.zeros_(self.linear.weight)
        nn.init.zeros_(self.linear.bias)

    def log_odds(self, state: Tensor) -> Tensor:
        """Return the logit of y = 1, shape (n,), for h of shape (n, width)."""
        logit: Tensor = self.linear(state.float()).squeeze(1)
        return logit

    def loss(self, state: Tensor, target: Tensor) -> Tensor:
        """Return the mean cross-entropy (eq. 6)."""
        return functional.binary_cross_entropy_with_logits(self.log_odds(state), target)


class GenerativeHead(nn.Module):
    """The model's own language head says "Yes" or "No" (RMS-Agent, sec. 5.3.2).

    Trained on the likelihood of the right word among all words; the odds of the
    two words are the prediction.
    """

    def __init__(self, language_head: nn.Module, yes: int, no: int) -> None:
        super().__init__()
        self.language_head = language_head
        self.words = (no, yes)

    def log_odds(self, state: Tensor) -> Tensor:
        """Return log p(yes) - log p(no), shape (n,)."""
        logits: Tensor = self.language_head(state).float()
        return logits[:, self.words[1]] - logits[:, self.words[0]]

    def loss(self, state: Tensor, target: Tensor) -> Tensor:
        """Return the mean negative log-likelihood of the right word."""
        right = torch.where(target > 0.5, self.words[1], self.words[0])
        return functional.cross_entropy(self.language_head(state).float(), right)


class RMSNetwork(nn.Module):
    """h <- LLM(t_1 .. t_M, v, q_1 .. q_N), y = sigmoid(W h + b) (eqs. 1, 4, 5).

    Parameters
    ----------
    backbone : Backbone
        Taken as it is; only adapters beside its maps are trained.
    config : RMSConfig
        What is read, and how the result is formed.
    features : int
        Length of an encoded row.
    provinces : int
        Number of provinces known in trajectories.
    cells : CellVectors, optional
        Where the words come from on the fast path; without it they are read whole.

    Notes
    -----
    New parts are drawn from ``config.seed`` alone. Adapters start at zero effect.
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
    ) -> None:
        super().__init__()
        self.config = config
        self.cells = cells
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(config.seed)
            self._make_parts(backbone, features, provinces)
        self.to(config.device)

    def _make_parts(self, backbone: Backbone, features: int, provinces: int) -> None:
        config, width, scale = self.config, backbone.width, backbone.scale
        self.body = _adapted(backbone.body, config)
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
        self.head = _head(backbone, config)
        closing = backbone.ids_of(closing_words(config))
        self.register_buffer("closing", torch.tensor(closing, dtype=torch.long), persistent=False)

    @property
    def kind(self) -> torch.dtype:
        """Type of the numbers inside the decoder."""
        weight: Tensor = self.body.get_input_embeddings().weight
        return weight.dtype

    @property
    def appended_count(self) -> int:
        """Number of tokens that follow the words."""
        given = (self.trajectory is not None) + (self.tabular is not None)
        return len(self.closing) + given + self.config.queries

    def own_parts(self) -> dict[str, Tensor]:
        """Return the new parts by name: tokenizers, queries, linear head."""
        return {
            name: part
            for name, part in self.named_parameters()
            if part.requires_grad and not name.startswith("body.")
        }

    def adapters(self) -> dict[str, Tensor]:
        """Return the trained adapters by name."""
        return {
            name: part
            for name, part in self.named_parameters()
            if part.requires_grad and name.startswith("body.")
        }

    def appended_tokens(self, inputs: Inputs) -> Tensor:
        """Return what follows the words: closing words, trajectory, v, q_1 .. q_N.

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
            tokens.append(self.trajectory(self._there(inputs.trajectory)))
        if self.tabular is not None:
            tokens.append(self.tabular(self._there(inputs.features)))
        if self.config.queries:
            tokens.append(self.queries.expand(n, -1, -1))
        if not tokens:
            return torch.zeros(n, 0, self.queries.shape[1], device=self.queries.device)
        return torch.cat(tokens, dim=1)

    def state(self, inputs: Inputs) -> Tensor:
        """Return h, the last layer's state at the last position (eq. 4), shape (n, width)."""
        appended = self.appended_tokens(inputs).to(self.kind)
        if self.cells is not None:
            return self._after_cells(inputs, appended)
        return self._after_text(inputs, appended)

    def log_odds(self, inputs: Inputs) -> Tensor:
        """Return the logit of returning, shape (n,)."""
        odds: Tensor = self.head.log_odds(self.state(inputs))
        return odds

    def loss(self, inputs: Inputs, target: Tensor) -> Tensor:
        """Return the mean loss over rows with labels `target`, shape (n,)."""
        loss: Tensor = self.head.loss(self.state(inputs), target)
        return loss

    def forward(self, inputs: Inputs) -> Tensor:
        """Return the probability of returning (eq. 5), shape (n,)."""
        return torch.sigmoid(self.log_odds(inputs))

    def attention(self, inputs: Inputs) -> Tensor:
        """Return how much each position attends to each before it.

        Returns
        -------
        Tensor, shape (layers, n, heads, queries, keys)
            Keys are the words (or prefix and cells), then what follows them.
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
        assert self.cells is not None  # noqa: S101 - tells the type checker
        positions = self.cells.end + torch.arange(appended.shape[1], device=appended.device)
        return self.body(
            inputs_embeds=appended,
            past_key_values=self.cells.cache_of(inputs.words),
            position_ids=positions.expand(len(inputs), -1),
            use_cache=True,
            **options,
        )

    def _run_text(self, inputs: Inputs, appended: Tensor, **options: bool) -> Any:  # noqa: ANN401
        ids = self._there(inputs.words)
        told = torch.ones(appended.shape[:2], dtype=torch.long, device=ids.device)
        mask = torch.cat([(ids >= 0).long(), told], dim=1)
        embedded = self.body.get_input_embeddings()(ids.clamp(min=0))
        return self.body(
            inputs_embeds=torch.cat([embedded, appended], dim=1),
            attention_mask=mask,
            position_ids=(mask.cumsum(dim=1) - 1).clamp(min=0),
            use_cache=False,
            **options,
        )

    def _there(self, array: Any) -> Tensor:  # noqa: ANN401 - a numpy array of any type
        return torch.as_tensor(array, device=self.queries.device)


def closing_words(config: RMSConfig) -> str:
    """Return the words after the profile that call for an answer, where one is needed.

    A language head needs a cue to answer to, and without query and tabular token there
    has to be a position to read the result from.
    """
    needed = config.head == "generative" or not (
        config.queries or config.tabular or config.trajectory is not None
    )
    if not needed:
        return ""
    return "\n是返乡者吗?回答:" if config.language == "zh" else "\nReturnee, Yes or No? Answer:"


def _adapted(body: Any, config: RMSConfig) -> Any:  # noqa: ANN401 - any decoder
    """Return the decoder with low-rank adapters (Hu et al., 2022) beside its maps."""
    if not config.adapter_rank:
        return body
    from peft import LoraConfig, get_peft_model

    lora = LoraConfig(
        r=config.adapter_rank,
        lora_alpha=2 * config.adapter_rank,
        target_modules=list(config.adapter_targets),
        lora_dropout=0.0,
        bias="none",
    )
    with warnings.catch_warnings():
        # peft reads a name that transformers is about to rename.
        warnings.filterwarnings("ignore", ".*is_gradient_checkpointing", FutureWarning)
        return get_peft_model(_twin(body), lora)


def _twin(body: Any) -> Any:  # noqa: ANN401 - any decoder
    """Return a decoder that shares all weights, so that adapters leave the original alone."""
    return deepcopy(body, {id(weight): weight for weight in body.parameters()})


def _head(backbone: Backbone, config: RMSConfig) -> LinearHead | GenerativeHead:
    if config.head == "linear":
        return LinearHead(backbone.width)
    yes, no = _answers(backbone, config.language)
    return GenerativeHead(backbone.language_head, yes, no)


def _answers(backbone: Backbone, language: str) -> tuple[int, int]:
    """Return the token ids that "Yes" and "No" begin with."""
    words = (("是", "否"),) if language == "zh" else ((" Yes", " No"), ("Yes", "No"))
    for yes, no in words:
        first, other = backbone.ids_of(yes)[0], backbone.ids_of(no)[0]
        if first != other:
            return first, other
    message = f"the tokenizer begins Yes and No alike (token {first}); use head='linear'"
    raise DataError(message)
