"""Adversarial and virtual adversarial training of the classifier: gradients of one step."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

import numpy as np
import torch
from fastai.text.all import TextLearner
from torch import Tensor
from torch.nn.functional import cross_entropy, log_softmax

from classifier_cases import Batch, documents, padded
from files import Case
from learners import CLASSES, PAD, Size, classifier_learner, fitting, parameters, statistics

EPSILON = 0.1
XI = 0.05
WEIGHT = 0.7
ENTROPY = 0.3


def write(root: Path, size: Size, seed: int) -> None:
    torch.manual_seed(seed)
    s = size.bptt
    mixed = [4 * s, 4 * s - 1, 3 * s + 2, 2 * s + 1, s + 3, s - 1, 2, 1]
    others = [3 * s, 2 * s, s + 1, 5]
    for kind in ("at", "vat"):
        case(size, kind, mixed, others).write(root)


class Reader:
    """The model of a learner, its embedded words seen and moved, its running statistics kept."""

    def __init__(self, learn: TextLearner, docs: list[Batch], size: Size, chunks: int):
        self.learn, self.chunks = learn, chunks
        self.ids = padded(docs, size.bptt)[0]
        self.labels = torch.tensor([int(y) for _, y in docs])
        parts = self.ids.split(size.bptt, 1)
        self.before = len(parts) - chunks
        parts = parts[-chunks:]
        self.valid = [(part != PAD).unsqueeze(2).float() for part in parts]

    def read(self, moves: list[Tensor] | None, statistics: bool) -> tuple[Tensor, list[Tensor]]:
        seen: list[Tensor] = []
        norms = [m for m in self.learn.model.modules() if getattr(m, "running_mean", None) is not None]
        before = [(m.running_mean, m.running_var) for m in norms]
        if not statistics:
            for m in norms:
                m.running_mean, m.running_var = m.running_mean.clone(), m.running_var.clone()

        def moved(module: object, given: object, out: Tensor) -> Tensor:
            part = len(seen) - self.before
            x = out if moves is None or part < 0 else out + moves[part][: len(out)]
            if x.requires_grad:
                x.retain_grad()
            seen.append(x)
            return x

        hook = self.learn.model[0].module.encoder_dp.register_forward_hook(moved)
        try:
            self.learn.model.train()
            self.learn.model.reset()
            logits = self.learn.model(self.ids)[0].as_subclass(torch.Tensor)
        finally:
            hook.remove()
        for m, own in zip(norms, before):
            m.running_mean, m.running_var = own
        return logits, seen[-self.chunks :]

    def norms(self, parts: list[Tensor]) -> Tensor:
        """Rows that begin later are missing in an earlier part, at its end."""
        squares = torch.zeros(len(self.ids))
        for p, v in zip(parts, self.valid):
            squares[: len(p)] += ((p * v[: len(p)]) ** 2).sum((1, 2))
        return squares.sqrt()

    def moves(self, ways: list[Tensor], sizes: Tensor) -> list[Tensor]:
        by = (sizes / self.norms(ways).clamp_min(1e-30))[:, None, None]
        return [(w * v[: len(w)] * by[: len(w)]).detach() for w, v in zip(ways, self.valid)]

    def directions(self, drawn: list[Tensor], docs: list[Batch], size: Size) -> list[Tensor]:
        """Drawn for each document's tokens (tokens, E), laid where fastai's padding puts them."""
        whole = torch.zeros(*self.ids.shape, size.embedding)
        for row, (d, _) in enumerate(docs):
            places = (self.ids[row] != PAD).nonzero()[:, 0]
            whole[row, places] = drawn[row]
        return list(whole.split(size.bptt, 1)[-self.chunks :])


@contextmanager
def frozen(learn: TextLearner) -> Iterator[None]:
    """Gradients of the weights as they were before."""
    kept = {n: None if p.grad is None else p.grad.clone() for n, p in learn.model.named_parameters()}
    yield
    for n, p in learn.model.named_parameters():
        p.grad = kept[n]


def plain(x: Tensor) -> Tensor:
    return x.detach().clone().as_subclass(torch.Tensor)


def divergence(answers: Tensor, logits: Tensor) -> Tensor:
    a, z = log_softmax(answers, 1), log_softmax(logits, 1)
    return (a.exp() * (a - z)).sum(1).mean()


def entropy(logits: Tensor) -> Tensor:
    z = log_softmax(logits, 1)
    return -(z.exp() * z).sum(1).mean()


def backward(
    reader: Reader, kind: str, labelled: bool, share: float, drawn: list[Tensor]
) -> float:
    logits, embedded = reader.read(None, labelled)
    answers = logits.detach().clone()
    norms = reader.norms([plain(x) for x in embedded])
    total = ENTROPY * share * entropy(logits)
    loss = 0.0
    if labelled:
        own = cross_entropy(logits, reader.labels)
        loss, total = own.item(), total + own
    total.backward()
    if kind == "at":
        if not labelled:
            return loss
        ways = [plain(x.grad) for x in embedded]
    else:
        with frozen(reader.learn):
            logits, probed = reader.read(reader.moves(drawn, XI * norms), False)
            divergence(answers, logits).backward()
            ways = [plain(x.grad) for x in probed]
    logits, _ = reader.read(reader.moves(ways, EPSILON * norms), False)
    away = cross_entropy(logits, reader.labels) if kind == "at" else divergence(answers, logits)
    (WEIGHT * (1 if kind == "at" else share) * away).backward()
    return loss


def case(size: Size, kind: str, lengths: list[int], others: list[int]) -> Case:
    s = size.bptt
    docs, beside = documents(size, lengths), documents(size, others)
    learn = classifier_learner([padded(docs, s)], size, s, 2 * s, alpha=0.0, beta=0.0)
    facts = {"kind": "adversarial", **size.facts(), "maxLength": 2 * s, "classes": CLASSES}
    facts.update(adversary=kind, epsilon=EPSILON, xi=XI, weight=WEIGHT, entropy=ENTROPY)
    facts.update(comparesGradients=True)
    out = Case(f"adversarial-{size.name}-{kind}", facts)
    out.add_all("weights", {**parameters(learn), **statistics(learn)})
    out.add("ids", torch.cat([d for d, _ in docs]))
    out.add("lengths", torch.tensor([len(d) for d, _ in docs]))
    out.add("labels", torch.stack([torch.tensor(int(y)) for _, y in docs]))
    out.add("others/ids", torch.cat([d for d, _ in beside]))
    out.add("others/lengths", torch.tensor([len(d) for d, _ in beside]))
    drawn = [torch.randn(len(d), size.embedding) for d, _ in docs]
    aside = [torch.randn(len(d), size.embedding) for d, _ in beside]
    out.add("drawn", torch.cat(drawn))
    out.add("others/drawn", torch.cat(aside))
    all_rows = len(docs) + len(beside)
    with fitting(learn):
        learn.model.zero_grad()
        own = Reader(learn, docs, size, 2)
        loss = backward(own, kind, True, len(docs) / all_rows, own.directions(drawn, docs, size))
        them = Reader(learn, beside, size, 2)
        backward(
            them, kind, False, len(beside) / all_rows, them.directions(aside, beside, size)
        )
    out.add("loss", np.array([loss], dtype=np.float64))
    out.add_all(
        "gradient",
        {n: p.grad.clone() for n, p in learn.model.named_parameters() if p.grad is not None},
    )
    out.add_all("statistics", statistics(learn))
    return out
