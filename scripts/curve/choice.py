"""Recipes of the classifier compared on validation rows taken from the training labels.

Of the rows a recipe gets, default.yaml sets a tenth aside, which is not used.
"""

from __future__ import annotations

import json
from typing import NamedTuple

import data

LABELS = 4_000
FEW = 100
SMALL = "classifier.batchSize=16"
WINDOWS = ("classifier.bptt=400", "classifier.alpha=0", "classifier.beta=0")


class Choice(NamedTuple):
    what: str
    stages: list[dict]
    settings: tuple[str, ...] = ()
    labels: int = LABELS

    @property
    def split(self) -> str:
        """What the validation rows are given as: many epochs of few labels are measured once."""
        return "valid" if self.labels == LABELS else "test"


def stage(freeze_to: int, epochs: float, lr: float, factor: float) -> dict:
    schedule = {
        "kind": "one-cycle", "div": 25, "divFinal": 1e5, "pctStart": 0.25, "moms": [0.8, 0.7, 0.8],
    }
    rates = {"lr": lr, "factor": factor}
    return {"freezeTo": freeze_to, "epochs": epochs, "rates": rates, "schedule": schedule}


def together(epochs: float, lr: float, factor: float) -> list[dict]:
    """All layers from the start."""
    return [stage(0, epochs, lr, factor)]


def gradual(epochs: float, factor: float) -> list[dict]:
    """Gradual unfreezing with the rates and shares of epochs of fastai 2's text tutorial."""
    shares = [(-1, 0.2, 2e-2), (-2, 0.2, 1e-2), (-3, 0.2, 5e-3), (0, 0.4, 1e-3)]
    return [stage(freeze_to, epochs * share, lr, factor) for freeze_to, share, lr in shares]


CHOICES = {
    "all-1.3": Choice("all layers, factor 1.3, rate 5e-3", together(2, 5e-3, 1.3)),
    "gradual-2.6": Choice("gradual unfreezing, factor 2.6", gradual(2, 2.6)),
    "all-2.6": Choice("all layers, factor 2.6, rate 5e-3", together(2, 5e-3, 2.6)),
    "all-1.3-windows": Choice(
        "all layers, factor 1.3, rate 5e-3, windows of 400 tokens, no AR/TAR",
        together(2, 5e-3, 1.3),
        WINDOWS,
    ),
    "all-1.3-short": Choice(
        "the same, 400 tokens of a text instead of 1,440",
        together(2, 5e-3, 1.3),
        (*WINDOWS, "classifier.maxLength=400"),
    ),
    "all-1.3-slow": Choice("the same, 1,440 tokens, rate 2e-3", together(2, 2e-3, 1.3), WINDOWS),
    "all-1.3-fast": Choice("the same, 1,440 tokens, rate 1e-2", together(2, 1e-2, 1.3), WINDOWS),
    "few-30": Choice("30 epochs", together(30, 5e-3, 1.3), WINDOWS, FEW),
    "few-10-16": Choice(
        "10 epochs, batches of 16", together(10, 5e-3, 1.3), (*WINDOWS, SMALL), FEW
    ),
    "few-10-16-gradual": Choice(
        "10 epochs, batches of 16, gradual unfreezing, factor 2.6",
        gradual(10, 2.6),
        (*WINDOWS, SMALL),
        FEW,
    ),
    "few-10-16-drop": Choice(
        "10 epochs, batches of 16, all dropouts doubled",
        together(10, 5e-3, 1.3),
        (*WINDOWS, SMALL, "classifier.dropMult=1"),
        FEW,
    ),
}


def table(campaign) -> str:
    """Trains what has not been trained yet, from the language model of the curve, as Markdown."""
    sizes = sorted({choice.labels for choice in CHOICES.values()})
    data.prepare_choice(campaign.tarball, campaign.data, sizes)
    lines = ["| recipe | labels | validation accuracy, % | loss | seconds |", "|---|---|---|---|---|"]
    for name, choice in CHOICES.items():
        arguments = [f"--{choice.split}", str(campaign.data / "valid.jsonl")]
        for setting in [f"classifier.stages={json.dumps(choice.stages)}", *choice.settings]:
            arguments += ["--set", setting]
        corpus = campaign.data / f"choose-{choice.labels}.jsonl"
        row = campaign.classifier(f"choose-{name}", "wiki-small", "default", corpus, *arguments)
        lines.append(
            f"| {choice.what} | {choice.labels:,} | {100 * row[choice.split + '.accuracy']:.1f}"
            f" | {row[choice.split + '.logLoss']:.3f} | {row['seconds']:.0f} |"
        )
    return "\n".join(lines) + "\n"
