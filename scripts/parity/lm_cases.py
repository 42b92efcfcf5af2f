"""The language model: batches with carried state, fixed dropout masks, training steps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from fastai.text.all import LMDataLoader, LMTensorText, TensorText

from files import Case
from learners import Size, Watch, fitting, lm_learner, parameters

ALPHA, BETA = 2.0, 1.0
DECAY, EPSILON = 0.1, 1e-5
RATES = (1e-3, 1e-2)
MOMENTA = (0.8, 0.7, 0.8)
EPOCHS, BATCHES = 2, 10


def write(root: Path, size: Size, seed: int) -> None:
    torch.manual_seed(seed)
    held(size, f"lm-{size.name}", 0.0, 0.0, 0.0).write(root)
    held(size, f"lm-{size.name}-dropout", 1.0, ALPHA, BETA).write(root)
    if size.name != "full":
        steps(size).write(root)


def words(size: Size, n: int) -> torch.Tensor:
    """Ids in which small ones are frequent, padding among them."""
    return (torch.rand(n) ** 3 * size.vocabulary).long()


def time_major(x: torch.Tensor) -> torch.Tensor:
    return x.as_subclass(torch.Tensor).transpose(0, 1).contiguous()


def held(
    size: Size, name: str, drop_mult: float, alpha: float, beta: float,
    state: dict[str, torch.Tensor] | None = None,
) -> Case:
    """Two batches, the second on the first one's state; the weights, random or given, stay."""
    ids = words(size, size.rows * (2 * size.bptt + 1)).view(size.rows, -1)
    cuts = (0, size.bptt)
    batches = [
        (LMTensorText(ids[:, i : i + size.bptt]), TensorText(ids[:, i + 1 : i + 1 + size.bptt]))
        for i in cuts
    ]
    learn = lm_learner(batches, size, drop_mult, alpha=alpha, beta=beta)
    if state:
        learn.model.load_state_dict(state)
    case = Case(name, {"kind": "lm", **size.facts(), "alpha": alpha, "beta": beta})
    case.facts.update(batches=len(batches), masks=drop_mult > 0)
    case.add_all("weights", parameters(learn))
    watch = Watch(hold=True)
    with fitting(learn) as masks:
        learn.fit(1, 1e-3, cbs=watch)
    for i, step in enumerate(watch.steps):
        case.add(f"{i}/x", time_major(step.x))
        case.add(f"{i}/y", time_major(step.y))
        case.add(f"{i}/logits", time_major(step.pred))
        case.add(f"{i}/loss", np.array([step.loss], dtype=np.float64))
        for layer, (h, c) in enumerate(step.hidden):
            case.add(f"{i}/h.{layer}", h)
            case.add(f"{i}/c.{layer}", c)
        case.add_all(f"{i}/gradient", step.gradients)
        if drop_mult:
            add_masks(case, i, masks.locked[5 * i : 5 * i + 5], masks.weights[3 * i : 3 * i + 3])
    return case


def add_masks(
    case: Case, i: int, locked: list[torch.Tensor], weights: list[torch.Tensor]
) -> None:
    """fastai draws rows, input, two hidden and the output, (batch, 1, features) each."""
    case.add(f"{i}/mask.rows", locked[0])
    for layer, mask in enumerate(locked[1:4]):
        case.add(f"{i}/mask.input.{layer}", time_major(mask))
    case.add(f"{i}/mask.output", time_major(locked[4]))
    for layer, mask in enumerate(weights):
        case.add(f"{i}/mask.weight.{layer}", mask)


def documents(size: Size) -> list[torch.Tensor]:
    """As many tokens as make BATCHES windows, the last one short, and a few that are dropped."""
    total = size.rows * ((BATCHES - 1) * size.bptt + 3) + 1 + size.rows - 1
    lengths: list[int] = []
    while sum(lengths) < total:
        lengths.append(min(int(torch.randint(1, 3 * size.bptt, ())), total - sum(lengths)))
    return [words(size, n) for n in lengths]


def steps(size: Size) -> Case:
    """fastai's Learner over its own LMDataLoader: one cycle, a rate for each layer group."""
    docs = documents(size)
    dl = LMDataLoader(docs, lens=[len(d) for d in docs], bs=size.rows, seq_len=size.bptt)
    learn = lm_learner(dl, size, 0.0, alpha=ALPHA, beta=BETA, wd=DECAY)
    case = Case(f"lm-{size.name}-steps", {"kind": "lm-steps", **size.facts()})
    case.facts.update(
        alpha=ALPHA, beta=BETA, epochs=EPOCHS, steps=EPOCHS * BATCHES, slice=RATES, moms=MOMENTA,
        weightDecay=DECAY, epsilon=EPSILON,
    )
    case.add("ids", torch.cat(docs))
    case.add("lengths", torch.tensor([len(d) for d in docs]))
    case.add_all("start", parameters(learn))
    watch = Watch(hold=False)
    with fitting(learn):
        learn.fit_one_cycle(EPOCHS, slice(*RATES), cbs=watch)
    if len(watch.steps) != EPOCHS * BATCHES:
        raise SystemExit(f"{case.name}: {len(watch.steps)} steps")
    for i, step in enumerate(watch.steps):
        case.add(f"x.{i}", time_major(step.x))
    case.add("losses", np.array([s.loss for s in watch.steps]))
    case.add_all("end", parameters(learn))
    return case
