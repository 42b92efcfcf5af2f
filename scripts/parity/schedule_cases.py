"""Rates and momenta of fastai's fits, batch by batch, without any training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from fastai.text.all import LMTensorText, TensorText

from files import Case
from learners import SIZES, Dry, classifier_learner, fitting, lm_learner

MOMS = [0.8, 0.7, 0.8]
SIZE = SIZES["tiny"]


def one_cycle(pct_start: float = 0.25, div: float = 25.0) -> dict[str, Any]:
    return {"kind": "one-cycle", "div": div, "divFinal": 1e5, "pctStart": pct_start, "moms": MOMS}


def batches(n: int) -> list[tuple[LMTensorText, TensorText]]:
    ids = torch.ones(SIZE.rows, SIZE.bptt, dtype=torch.int64)
    return [(LMTensorText(ids), TensorText(ids))] * n


def write(root: Path) -> None:
    """fit_one_cycle over the layer groups of both models, fit_flat_cos, both halves of fine_tune."""
    rows: list[dict[str, Any]] = []
    case = Case("schedules", {"kind": "schedules", "rows": rows})

    def row(name: str, dry: Dry, slice_: list[float], schedule: dict[str, Any], part: slice) -> None:
        case.add(f"{len(rows)}/rates", np.array(dry.rates[part]))
        case.add(f"{len(rows)}/momenta", np.array(dry.momenta[part]))
        rows.append({"name": name, "slice": slice_, "schedule": schedule})

    everything = slice(None)
    for epochs, n, lr in ((1, 7, 1e-2), (2, 10, 2e-3), (3, 20, 4e-3)):
        learn, dry = lm_learner(batches(n), SIZE, 0.0), Dry()
        with fitting(learn):
            learn.fit_one_cycle(epochs, slice(lr / 6, lr), cbs=dry)
        row(f"fit_one_cycle, lm, {epochs * n} batches", dry, [lr / 6, lr], one_cycle(), everything)
    learn, dry = classifier_learner(batches(99), SIZE, 5, 10), Dry()
    with fitting(learn):
        learn.fit_one_cycle(1, slice(1e-2 / 2.6**4, 1e-2), cbs=dry)
    row("fit_one_cycle, classifier, 99 batches", dry, [1e-2 / 2.6**4, 1e-2], one_cycle(), everything)
    dry = Dry()
    with fitting(learn):
        learn.fit_one_cycle(1, slice(2e-2), cbs=dry)
    row("fit_one_cycle, slice(lr)", dry, [2e-2], one_cycle(), everything)
    learn, dry = classifier_learner(batches(40), SIZE, 5, 10), Dry()
    with fitting(learn):
        learn.fit_flat_cos(2, 3e-3, cbs=dry)
    flat = {"kind": "flat-cos", "divFinal": 1e5, "pctStart": 0.75, "moms": []}
    row("fit_flat_cos", dry, [3e-3, 3e-3], flat, everything)
    fine_tune(row)
    case.write(root)


class Both(Dry):
    """fine_tune calls two fits with the same callbacks."""

    def before_fit(self) -> None:
        if not hasattr(self, "rates"):
            super().before_fit()


def fine_tune(row: Any) -> None:
    learn, both = classifier_learner(batches(13), SIZE, 5, 10), Both()
    with fitting(learn):
        learn.fine_tune(3, 2e-3, cbs=both)
    row("fine_tune, frozen", both, [2e-3], one_cycle(pct_start=0.99), slice(0, 13))
    row("fine_tune, unfrozen", both, [1e-3 / 100, 1e-3], one_cycle(0.3, 5.0), slice(13, None))
