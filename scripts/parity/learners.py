"""Running fastai: its learners over given batches, and callbacks that write down what it computes."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Iterator

import torch
from fastai.data.all import DataLoader, DataLoaders
from fastai.callback.core import Callback, CancelBatchException, CancelStepException
from fastai.callback.core import CancelValidException
from fastai.text.all import (
    AWD_LSTM, CrossEntropyLossFlat, TextLearner, awd_lstm_clas_config, awd_lstm_lm_config,
    language_model_learner, text_classifier_learner,
)
from fastai.text.models import awdlstm

PAD = 1
CLASSES = 3


@dataclass(frozen=True)
class Size:
    """A model and its batches."""

    name: str
    vocabulary: int
    embedding: int
    hidden: int
    rows: int
    bptt: int
    head: int

    def facts(self) -> dict[str, Any]:
        return {
            "size": self.name,
            "vocabulary": self.vocabulary,
            "embedding": self.embedding,
            "hidden": self.hidden,
            "layers": 3,
            "rows": self.rows,
            "bptt": self.bptt,
            "headSize": self.head,
        }


SIZES = {
    "tiny": Size("tiny", 32, 6, 8, 3, 7, 5),
    "medium": Size("medium", 2000, 64, 96, 8, 35, 50),
    "full": Size("full", 60002, 400, 1150, 4, 10, 50),
}


def loaders(batches: Any, size: Size, classes: int | None = None) -> DataLoaders:
    """fastai's loaders over batches that are already batches, or over a loader of its own."""
    dl = batches if isinstance(batches, DataLoader) else DataLoader(batches, bs=None, num_workers=0)
    dls = DataLoaders(dl, dl)
    dls.vocab = [str(i) for i in range(size.vocabulary)]
    dls.c = classes
    return dls


def lm_learner(batches: Any, size: Size, drop_mult: float, **kwargs: Any) -> TextLearner:
    config = awd_lstm_lm_config.copy()
    config.update(emb_sz=size.embedding, n_hid=size.hidden)
    learn = language_model_learner(
        loaders(batches, size), AWD_LSTM, config=config, drop_mult=drop_mult, pretrained=False, **kwargs
    )
    with torch.no_grad():  # spread out, so that logits, biases and their decay differ visibly
        learn.model[0].encoder.weight.uniform_(-0.5, 0.5)
        learn.model[1].decoder.bias.uniform_(-0.5, 0.5)
    learn.unfreeze()
    return learn


def classifier_learner(
    batches: Any, size: Size, seq_len: int, max_len: int, **kwargs: Any
) -> TextLearner:
    """Without dropout; built with it, since fastai numbers the head's layers by it."""
    config = awd_lstm_clas_config.copy()
    config.update(emb_sz=size.embedding, n_hid=size.hidden)
    learn = text_classifier_learner(
        loaders(batches, size, CLASSES), AWD_LSTM, seq_len=seq_len, config=config, pretrained=False,
        drop_mult=1.0, n_out=CLASSES, lin_ftrs=[size.head], max_len=max_len,
        loss_func=CrossEntropyLossFlat(), **kwargs,
    )
    for module in learn.model.modules():
        for name in ("p", "embed_p", "weight_p"):
            if hasattr(module, name):
                setattr(module, name, 0.0)
    with torch.no_grad():
        # Documents must differ: batch norm divides rounding by their standard deviation.
        learn.model[0].module.encoder.weight.uniform_(-2, 2)
        for name, p in learn.model[0].module.rnns.named_parameters():
            if "weight" in name:
                p.mul_(3)
        for name, p in learn.model[1].named_parameters():
            if name.endswith("0.weight"):
                p.uniform_(0.5, 1.5)
            if name.endswith("0.bias"):
                p.uniform_(-0.3, 0.3)
        for name, b in learn.model[1].named_buffers():
            if name.endswith("running_mean"):
                b.uniform_(-0.2, 0.2)
            if name.endswith("running_var"):
                b.uniform_(0.05, 0.5)
    learn.unfreeze()
    return learn


def parameters(learn: TextLearner) -> dict[str, torch.Tensor]:
    """Under the names of their first owner: the tied decoder is the embedding."""
    return {n: p.detach().clone() for n, p in learn.model.named_parameters()}


def statistics(learn: TextLearner) -> dict[str, torch.Tensor]:
    """Batch norm's running mean and variance."""
    return {n: b.detach().clone() for n, b in learn.model.named_buffers() if "running" in n}


class Watch(Callback):
    """One record for each training step; with ``hold`` the weights stay as they are."""

    order = 1000

    def __init__(self, hold: bool):
        self.hold = hold

    def before_fit(self) -> None:
        self.steps: list[SimpleNamespace] = []

    def before_step(self) -> None:
        encoder = self.model[0]
        hidden = encoder.hidden if hasattr(encoder, "hidden") else []
        self.steps.append(
            SimpleNamespace(
                x=self.xb[0].clone(),
                y=self.yb[0].clone(),
                loss=self.learn.loss.item(),
                pred=self.learn.pred.detach().clone(),
                hidden=[(h.clone(), c.clone()) for h, c in hidden],
                gradients={
                    n: p.grad.clone() for n, p in self.model.named_parameters() if p.grad is not None
                } if self.hold else {},
                statistics=statistics(self.learn),
            )
        )
        if self.hold:
            raise CancelStepException()

    def before_validate(self) -> None:
        raise CancelValidException()


class Dry(Callback):
    """The schedule of a fit and nothing else: rates and momentum before each batch."""

    order = 1000

    def before_fit(self) -> None:
        self.rates: list[list[float]] = []
        self.momenta: list[float] = []

    def before_batch(self) -> None:
        if self.training:
            self.rates.append([float(h["lr"]) for h in self.opt.hypers])
            self.momenta.append(float(self.opt.hypers[-1]["mom"]))
        raise CancelBatchException()

    def before_validate(self) -> None:
        raise CancelValidException()


@contextmanager
def fitting(learn: TextLearner) -> Iterator[SimpleNamespace]:
    """No output; fastai's modules as they are, but the masks they draw are kept.

    Weight dropout multiplies by a mask: where the probability is 0, F.dropout hands the parameter
    itself back, and fastai's WeightDropout then fails in its next reset (a tensor for a parameter).
    """
    drawn = SimpleNamespace(locked=[], weights=[])
    mask, functional = awdlstm.dropout_mask, awdlstm.F

    def locked(x: torch.Tensor, sz: list[int], p: float) -> torch.Tensor:
        drawn.locked.append(mask(x, sz, p))
        return drawn.locked[-1]

    def dropout(w: torch.Tensor, p: float) -> torch.Tensor:
        drawn.weights.append(functional.dropout(torch.ones_like(w), p=p))
        return w * drawn.weights[-1]

    awdlstm.dropout_mask = locked
    awdlstm.F = SimpleNamespace(dropout=dropout, embedding=functional.embedding)
    try:
        with learn.no_bar(), learn.no_logging():
            yield drawn
    finally:
        awdlstm.dropout_mask, awdlstm.F = mask, functional
