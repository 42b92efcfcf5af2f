"""The classifier on documents of mixed lengths: logits, gradients, training steps."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import torch
from fastai.callback.core import Callback
from fastai.callback.rnn import RNNRegularizer
from fastai.text.all import TensorCategory, TensorText, TextLearner, pad_input_chunk

from files import Case
from learners import CLASSES, PAD, Size, Watch, classifier_learner, fitting, parameters, statistics
from lm_cases import ALPHA, BETA, DECAY, EPSILON, MOMENTA, words

EPOCHS = 20
RATES = (1e-3 / 2.6**4, 1e-3)
Batch = tuple[torch.Tensor, torch.Tensor]


def write(root: Path, size: Size, seed: int) -> None:
    torch.manual_seed(seed)
    s = size.bptt
    mixed = [4 * s, 4 * s, 4 * s - 1, 3 * s + 2, 3 * s, 2 * s + 1, 2 * s, s + 3, s, s - 1, 2, 1]
    ragged = [n - s + 3 for n in mixed[:5]] + [2 * s + 3, 2 * s + 1, s, 3, 1]
    even = [3 * s] * 12
    case(size, "", mixed, 0.0, 0.0).write(root)
    case(size, "ragged", ragged, 0.0, 0.0).write(root)
    case(size, "regularised", even, ALPHA, BETA).write(root)
    steps(size, mixed).write(root)
    case(size, "padded-regularised", mixed, ALPHA, BETA).write(root)


def documents(size: Size, lengths: list[int]) -> list[Batch]:
    """Longest first, as fastai's SortedDL gives them; no padding token inside."""
    docs = []
    for i, n in enumerate(sorted(lengths, reverse=True)):
        ids = words(size, n)
        ids[ids == PAD] = PAD + 1
        docs.append((TensorText(ids), TensorCategory(i % CLASSES)))
    return docs


def padded(docs: list[Batch], s: int) -> Batch:
    """One batch, padded by fastai's own rule."""
    pad = partial(pad_input_chunk, pad_idx=PAD, pad_first=True, seq_len=s)
    rows = pad(docs)
    return torch.stack([r[0] for r in rows]), torch.stack([r[1] for r in rows])


def evaluate(learn: TextLearner, batch: Batch) -> torch.Tensor:
    learn.model.eval()
    learn.model.reset()
    with torch.no_grad():
        return learn.model(batch[0])[0].as_subclass(torch.Tensor)


def case(size: Size, name: str, lengths: list[int], alpha: float, beta: float) -> Case:
    s = size.bptt
    max_len = 2 * s
    docs = documents(size, lengths)
    together = padded(docs, s)
    learn = classifier_learner([together], size, s, max_len, alpha=alpha, beta=beta)
    out = Case("-".join(filter(None, ["classifier", size.name, name])), {"kind": "classifier"})
    out.facts.update(size.facts(), alpha=alpha, beta=beta, maxLength=max_len, classes=CLASSES)
    out.facts.update(
        comparesBatch=name != "ragged", comparesGradients=name not in ("ragged", "padded-regularised")
    )
    out.add_all("weights", {**parameters(learn), **statistics(learn)})
    out.add("ids", torch.cat([d for d, _ in docs]))
    out.add("lengths", torch.tensor([len(d) for d, _ in docs]))
    out.add("labels", torch.stack([torch.tensor(int(y)) for _, y in docs]))
    out.add("together", evaluate(learn, together))
    out.add("alone", torch.cat([evaluate(learn, padded([d], s)) for d in docs]))
    if name == "ragged":
        return out
    watch = Watch(hold=True)
    with fitting(learn):
        learn.fit(1, 1e-3, cbs=watch)
    step = watch.steps[0]
    out.add("loss", np.array([step.loss], dtype=np.float64))
    out.add("training", step.pred)
    out.add_all("gradient", step.gradients)
    out.add_all("statistics", step.statistics)
    if name == "padded-regularised":
        learn.remove_cb(RNNRegularizer)
        with fitting(learn):
            learn.fit(1, 1e-3, cbs=[OwnSteps(), watch])
        out.add_all("own-gradient", watch.steps[0].gradients)
    return out


class OwnSteps(Callback):
    """AR and TAR as ulmfit takes them, in place of fastai's: the kept steps of each document where
    they stand in it, zeros where another document's go on; means over all of that."""

    order = RNNRegularizer.order

    def after_loss(self) -> None:
        out, x = self.rnn.raw_out, self.xb[0]
        real = x[:, -out.shape[1] :] != PAD
        lengths = (x != PAD).sum(1)
        starts = lengths - real.sum(1)
        first = int(starts.min())
        own = out.new_zeros(len(x), int(lengths.max()) - first, out.shape[2])
        for row in range(len(x)):
            own[row, starts[row] - first : lengths[row] - first] = out[row][real[row]]
        self.learn.loss_grad += ALPHA * own.pow(2).mean()
        self.learn.loss_grad += BETA * (own[:, 1:] - own[:, :-1]).pow(2).mean()


def steps(size: Size, lengths: list[int]) -> Case:
    """One batch of all documents, so many times: order and sampler play no part."""
    s = size.bptt
    max_len = 2 * s
    docs = documents(size, lengths)
    learn = classifier_learner([padded(docs, s)], size, s, max_len, alpha=0.0, beta=0.0, wd=DECAY)
    out = Case(f"classifier-{size.name}-steps", {"kind": "classifier-steps", **size.facts()})
    out.facts.update(
        maxLength=max_len, classes=CLASSES, epochs=EPOCHS, slice=RATES, moms=MOMENTA,
        weightDecay=DECAY, epsilon=EPSILON,
    )
    out.add("ids", torch.cat([d for d, _ in docs]))
    out.add("lengths", torch.tensor([len(d) for d, _ in docs]))
    out.add("labels", torch.stack([torch.tensor(int(y)) for _, y in docs]))
    out.add_all("start", {**parameters(learn), **statistics(learn)})
    watch = Watch(hold=False)
    with fitting(learn):
        learn.fit_one_cycle(EPOCHS, slice(*RATES), cbs=watch)
    out.add("losses", np.array([step.loss for step in watch.steps]))
    out.add_all("end", {**parameters(learn), **statistics(learn)})
    return out
