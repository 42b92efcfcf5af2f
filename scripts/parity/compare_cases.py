"""What SciPy, NumPy and scikit-learn say of how sure figures are: Wilson's interval of an accuracy, the
bootstrap of macro F1, McNemar's exact test (the binomial test of the rows that only one gets right)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import binomtest
from sklearn.metrics import f1_score

DRAWS = 1000
SEED = 1  # of the draws, whatever the rows


def wilson() -> list[dict[str, Any]]:
    out = []
    for hits, trials in ((0, 1), (1, 1), (0, 20), (20, 20), (17, 20), (912, 1000), (22_805, 25_000)):
        low, high = binomtest(hits, trials).proportion_ci(0.95, method="wilson")
        out.append({"kind": "wilson", "hits": hits, "trials": trials, "interval": [low, high]})
    return out


def mcnemar() -> list[dict[str, Any]]:
    out = []
    for first, second in ((0, 0), (1, 0), (5, 5), (2, 9), (6, 16), (100, 140), (1200, 1100), (0, 900), (3000, 2000)):
        p = float(binomtest(first, first + second).pvalue) if first + second else 1.0
        out.append({"kind": "mcnemar", "first": first, "second": second, "p": p})
    return out


def macro(truth: np.ndarray, predicted: np.ndarray, **labels: Any) -> float:
    return float(f1_score(truth, predicted, average="macro", zero_division=0, **labels))


def bootstrap(name: str, truth: np.ndarray, predicted: np.ndarray) -> dict[str, Any]:
    random = np.random.RandomState(SEED)
    rows = len(truth)
    draws = []
    for _ in range(DRAWS):
        drawn = random.randint(0, rows, size=rows)
        draws.append(macro(truth[drawn], predicted[drawn]))
    several = truth.ndim == 2
    return {
        "kind": "macroF1",
        "name": name,
        "labelling": "multi" if several else "single",
        "labels": truth.shape[1] if several else int(max(truth.max(), predicted.max())) + 1,
        "truth": [np.flatnonzero(t).tolist() if several else [int(t)] for t in truth],
        "predicted": [np.flatnonzero(p).tolist() if several else [int(p)] for p in predicted],
        "value": macro(truth, predicted),
        "interval": np.percentile(draws, [2.5, 97.5]).tolist(),
    }


def bootstraps(random: np.random.RandomState) -> list[dict[str, Any]]:
    out = []
    for name, rows, count, share in (("two classes", 80, 2, 0.9), ("six classes, few rows", 25, 6, 0.6)):
        truth = random.randint(count, size=rows)
        wrong = random.rand(rows) > share
        out.append(bootstrap(name, truth, np.where(wrong, random.randint(count, size=rows), truth)))
    truth = (random.rand(40, 4) < 0.3).astype(int)
    out.append(bootstrap("four labels", truth, truth ^ (random.rand(40, 4) < 0.1)))
    return out


def write(root: Path, seed: int) -> None:
    from files import Case, write_lines

    Case("compare", {"kind": "compare"}).write(root)
    random = np.random.RandomState(seed)
    write_lines(root / "compare" / "cases.jsonl", wilson() + mcnemar() + bootstraps(random))
