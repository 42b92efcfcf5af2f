"""What the pages and cards of ulmfit say of answers, by scikit-learn, statsmodels, SciPy and NumPy: precision, recall
and F1 label by label with their intervals, curves and areas, calibration, the chi-square test of lengths."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats
from sklearn import metrics as sk
from sklearn.calibration import calibration_curve
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

from sklearn_figures import label_figures

BINS = 15  # of confidence, equally wide, (low, high]
DRAWS = 1000
SEED = 1  # of the draws, whatever the rows
MORE_DRAWS = 20_000  # of another generator


def wilson(hits: int, rows: int) -> list[float] | None:
    """None of no rows: there is no share."""
    return [float(end) for end in proportion_confint(hits, rows, method="wilson")] if rows else None


def f1(hits: np.ndarray, marked: np.ndarray) -> np.ndarray:
    """0 where a label is neither in truth nor in answers."""
    return np.divide(2.0 * hits, marked, out=np.zeros(hits.shape), where=marked > 0)


def drawn_f1(truth: np.ndarray, predicted: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """F1 of each label of rows drawn with replacement, and whether it occurs."""
    t, p = truth[rows], predicted[rows]
    marked = t.sum(axis=0) + p.sum(axis=0)
    return f1((t & p).sum(axis=0), marked), marked > 0


def bootstrap(truth: np.ndarray, predicted: np.ndarray) -> list[list[float]]:
    """The middle 95% of each label's F1, of the draws that ulmfit makes."""
    random = np.random.RandomState(SEED)
    n = len(truth)
    draws = [drawn_f1(truth, predicted, random.randint(0, n, size=n))[0] for _ in range(DRAWS)]
    return np.percentile(draws, [2.5, 97.5], axis=0).T.tolist()


def independent(name: str, several: bool, truth: np.ndarray, predicted: np.ndarray) -> dict[str, Any]:
    """The same by a generator of its own and more draws: how far ulmfit's thousand may be off is their own error."""
    random = np.random.default_rng(2024)
    n = len(truth)
    labels, macros = [], []
    for _ in range(MORE_DRAWS):
        each, occurs = drawn_f1(truth, predicted, random.integers(0, n, size=n))
        labels.append(each)
        macros.append(each.mean() if several else each[occurs].mean())
    return {
        "kind": "bootstrap",
        "name": name,
        **rows_of(several, truth, predicted),
        "macroInterval": np.percentile(macros, [2.5, 97.5]).tolist(),
        "labelIntervals": np.percentile(labels, [2.5, 97.5], axis=0).T.tolist(),
    }


def rows_of(several: bool, truth: np.ndarray, predicted: np.ndarray) -> dict[str, Any]:
    return {
        "labelling": "multi" if several else "single",
        "labels": truth.shape[1],
        "truth": [np.flatnonzero(row).tolist() for row in truth],
        "predicted": [np.flatnonzero(row).tolist() for row in predicted],
    }


def curves(truth: np.ndarray, scores: np.ndarray) -> dict[str, Any]:
    """None where all rows have the label or none has: the curves are not defined."""
    if truth.all() or not truth.any():
        return {"roc": None, "precisionRecall": None, "rocArea": None}
    false_positives, true_positives, _ = sk.roc_curve(truth, scores, drop_intermediate=False)
    precision, recall, _ = sk.precision_recall_curve(truth, scores)
    return {
        "roc": [false_positives.tolist(), true_positives.tolist()],
        # the surest answers first, without the end at recall 0 that stands for no answer
        "precisionRecall": [recall[-2::-1].tolist(), precision[-2::-1].tolist()],
        "rocArea": float(sk.roc_auc_score(truth, scores)),
    }


def calibration(confidence: np.ndarray, right: np.ndarray) -> dict[str, Any]:
    """Expected calibration error (Guo et al. 2017): the distance of mean confidence and share of right answers in
    each bin, weighted by its rows. The bins are those of scikit-learn's calibration_curve."""
    share, mean = calibration_curve(right, confidence, n_bins=BINS, strategy="uniform")
    inner = np.linspace(0, 1, BINS + 1)[1:-1]
    rows = np.bincount(np.searchsorted(inner, confidence), minlength=BINS)
    rows = rows[rows > 0]
    error = float(np.sum(rows * np.abs(share - mean)) / len(confidence))
    return {"error": error, "rows": rows.tolist(), "confidence": mean.tolist(), "right": share.tolist()}


def scores(name: str, several: bool, truth: np.ndarray, probabilities: np.ndarray) -> dict[str, Any]:
    printed = np.round(probabilities, 6)
    p = printed.astype(np.float32).astype(np.float64)  # what ulmfit reads
    predicted = (p >= 0.5).astype(int) if several else np.eye(p.shape[1], dtype=int)[p.argmax(axis=1)]
    intervals = bootstrap(truth, predicted)
    labels = label_figures(truth, predicted, p)
    for label, figures in enumerate(labels):
        t, a = truth[:, label], predicted[:, label]
        hits = int((t & a).sum())
        figures["precisionInterval"] = wilson(hits, int(a.sum()))
        figures["recallInterval"] = wilson(hits, int(t.sum()))
        figures["f1Interval"] = intervals[label]
        figures |= curves(t, p[:, label])
        labels[label] = figures
    right = (truth == predicted).all(axis=1)
    if several:
        reliability = calibration(p.ravel(), truth.ravel())
    else:
        reliability = calibration(p.max(axis=1), right.astype(int))
    out = {
        "kind": "scores",
        "name": name,
        **rows_of(several, truth, predicted),
        "probabilities": printed.tolist(),
        "accuracyInterval": wilson(int(right.sum()), len(right)),
        "perLabel": labels,
        "calibration": reliability,
    }
    if all(figures["rocArea"] is not None for figures in labels):
        # one label against the rest; "ovr" would have rows sum to 1, which rounded ones do not
        out["macroRocArea"] = float(sk.roc_auc_score(truth, p, average="macro"))
    return out


def singles(random: np.random.RandomState) -> list[dict[str, Any]]:
    out = []
    for name, rows, labels, digits in (
        ("two classes", 40, 2, 6), ("four classes", 50, 4, 6), ("three classes, ties", 40, 3, 1)
    ):
        truth = random.randint(labels, size=rows)
        logits = random.randn(rows, labels) + 1.5 * np.eye(labels)[truth]
        p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        out.append(scores(name, False, np.eye(labels, dtype=int)[truth], np.round(p, digits)))
    truth = np.eye(5, dtype=int)[random.choice([0, 2, 4], size=30)]
    p = random.dirichlet(np.ones(5), size=30)
    p[:, 1] = 0
    out.append(scores("classes absent from truth, and from answers", False, truth, p))
    return out


def several(random: np.random.RandomState) -> list[dict[str, Any]]:
    out = []
    for name, digits in (("several labels", 6), ("several labels, ties", 1)):
        truth = (random.rand(40, 4) < [0.5, 0.3, 0.2, 0.1]).astype(int)
        p = 1 / (1 + np.exp(-(2.5 * truth - 1.5 + random.randn(40, 4))))
        out.append(scores(name, True, truth, np.round(p, digits)))
    truth = truth.copy()
    truth[:, 1] = 0
    truth[:, 2] = 1
    out.append(scores("several labels, of which no row has one and all have another", True, truth, p))
    return out


def bootstraps(random: np.random.RandomState) -> list[dict[str, Any]]:
    truth = random.choice(4, p=[0.4, 0.3, 0.2, 0.1], size=400)
    wrong = random.rand(400) < 0.25
    predicted = np.where(wrong, random.randint(4, size=400), truth)
    one = np.eye(4, dtype=int)
    many = (random.rand(400, 3) < [0.5, 0.3, 0.15]).astype(int)
    answers = many ^ (random.rand(400, 3) < 0.1)
    return [
        independent("four classes", False, one[truth], one[predicted]),
        independent("three labels", True, many, answers),
    ]


def chi_squares(random: np.random.RandomState) -> list[dict[str, Any]]:
    """Bins of lengths of two samples; those that are empty in both are left out, as SciPy asks for."""
    out = []
    for first, second in (
        (random.poisson(40, 9), random.poisson(40, 9)),
        (random.poisson([400, 300, 200, 100, 20, 3, 0, 1, 2]), random.poisson([90, 80, 60, 40, 9, 3, 0, 0, 1])),
        (random.poisson([5, 0, 9]), random.poisson([9, 0, 5])),
        (random.poisson(9000, 9), random.poisson([9300, *[9000] * 8])),
    ):
        table = np.array([first, second])
        found = stats.chi2_contingency(table[:, table.sum(axis=0) > 0], correction=False)
        out.append(
            {
                "first": first.tolist(),
                "second": second.tolist(),
                "statistic": float(found.statistic),
                "freedom": int(found.dof),
                "critical": float(stats.chi2.isf(0.05, found.dof)),
                "p": float(found.pvalue),
            }
        )
    return out


def significance() -> list[dict[str, Any]]:
    """Wilson's interval and McNemar's exact test once more, by statsmodels."""
    out: list[dict[str, Any]] = []
    for hits, trials in ((0, 7), (7, 7), (4, 6), (30, 40), (517, 600), (23_511, 25_000)):
        out.append({"kind": "wilson", "hits": hits, "trials": trials, "interval": wilson(hits, trials)})
    for first, second in ((1, 0), (4, 4), (3, 11), (20, 9), (150, 101), (700, 812)):
        p = float(mcnemar([[50, first], [second, 50]], exact=True).pvalue)
        out.append({"kind": "mcnemar", "first": first, "second": second, "p": p})
    return out


def write(root: Path, seed: int) -> None:
    from files import Case, write_lines

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what is not defined and taken for 0
        random = np.random.RandomState(seed)
        cases = singles(random) + several(random) + bootstraps(random)
        chi_square = chi_squares(random)
    for name, kind, lines in (
        ("report", "report", cases),
        ("chi-square", "chi-square", chi_square),
        ("compare-statsmodels", "compare", significance()),
    ):
        Case(name, {"kind": kind}).write(root)
        write_lines(root / name / "cases.jsonl", lines)
