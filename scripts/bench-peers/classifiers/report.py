"""The table of libraries and families, as Markdown and JSON."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import figures

TOLERANCE = 1e-9

Run = dict[str, Any]


def families(folder: Path, labels: int, several: bool) -> list[Run]:
    """The comparison's own runs. Their figures are computed again from their answers: were they
    others, those of the libraries could not be compared with them."""
    runs = []
    for family in json.loads((folder / "compare.json").read_text("utf-8"))["families"]:
        for run in family["runs"]:
            answers = json.loads(
                (folder / "measured" / f"{run['run']}.answers.json").read_text("utf-8")
            )
            truth, predicted = (answers["measured"][key] for key in ("truth", "predicted"))
            own = figures.of(truth, predicted, labels, several)
            told = {
                "accuracy": run["subsetAccuracy" if several else "accuracy"],
                "macroF1": run["macroF1"],
            }
            for name, value in told.items():
                if abs(value - own[name]) > TOLERANCE:
                    sys.exit(
                        f"compare-peers: {folder}: {name} of {run['run']} is {value} there and"
                        f" {own[name]} here; are there labels that no row has?"
                    )
            runs.append(
                {
                    "name": family["family"],
                    "labels": family["labels"],
                    "seed": run["seed"],
                    "trainingRows": run["trainingRows"],
                    "testRows": len(truth),
                    **own,
                    "trainingSeconds": run["trainingSeconds"],
                    "peakBytes": run.get("peakResidentBytes"),
                    "modelBytes": run["modelBytes"],
                    "textsPerSecond": run["textsPerSecond"],
                }
            )
    return runs


def percent(value: float) -> str:
    return f"{100 * value:.1f}%"


def size(n: float | None) -> str:
    if n is None:
        return "-"
    power = min(3, max(0, len(str(int(n))) - 1) // 3)
    value = n / 1_000**power
    return f"{value:.{int(power > 1 and value < 10)}f} {('B', 'kB', 'MB', 'GB')[power]}"


def seconds(value: float) -> str:
    whole = round(value)
    return f"{value:.1f} s" if value < 60 else f"{whole // 60}:{whole % 60:02d}"


def spread(runs: list[Run], key: str) -> str:
    values = [run[key] for run in runs]
    return percent(mean(values)) + (f" ± {100 * stdev(values):.1f}" if len(values) > 1 else "")


def interval(runs: list[Run]) -> str:
    """Of the accuracy of one run."""
    low, high = figures.wilson(
        round(runs[0]["accuracy"] * runs[0]["testRows"]), runs[0]["testRows"]
    )
    return f"{100 * low:.1f}-{100 * high:.1f}"


def columns(several: bool, seeds: int) -> dict[str, Callable[[list[Run]], str]]:
    """Of runs that differ in their seed only."""

    def middle(key: str) -> Callable[[list[Run]], float | None]:
        return lambda runs: None if runs[0][key] is None else mean(run[key] for run in runs)

    accuracy = "subset accuracy" if several else "accuracy"
    return {
        "": lambda runs: runs[0]["name"],
        "training rows": lambda runs: f"{mean(run['trainingRows'] for run in runs):,.0f}",
        accuracy: lambda runs: spread(runs, "accuracy"),
        **({"95%": interval} if seeds == 1 else {}),
        "macro F1": lambda runs: spread(runs, "macroF1"),
        **({"micro F1": lambda runs: spread(runs, "microF1")} if several else {}),
        "training": lambda runs: seconds(middle("trainingSeconds")(runs)),
        "memory": lambda runs: size(middle("peakBytes")(runs)),
        "size": lambda runs: size(middle("modelBytes")(runs)),
        "texts/s": lambda runs: f"{middle('textsPerSecond')(runs):,.0f}",
    }


def cores() -> int:
    """That this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    names = (
        [
            line.split(":")[1].strip()
            for line in cpuinfo.read_text().splitlines()
            if line.startswith("model name")
        ]
        if cpuinfo.exists()
        else []
    )
    return f"{names[0] if names else platform.machine()}, {cores()} cores"


def markdown(runs: list[Run], notes: list[str], several: bool) -> str:
    key = "macroF1" if several else "accuracy"
    groups: dict[tuple, list[Run]] = {}
    for run in runs:
        groups.setdefault((run["labels"], run["name"]), []).append(run)
    ordered = sorted(
        groups.values(),
        key=lambda g: (
            int(g[0]["labels"]) if g[0]["labels"] != "all" else sys.maxsize,
            -mean(r[key] for r in g),
        ),
    )
    seeds = max(len(group) for group in ordered)
    for group in ordered:
        if len(group) < seeds:
            group[0] = group[0] | {"name": f"{group[0]['name']} ({len(group)} of {seeds} seeds)"}
    shown = columns(several, seeds)
    lines = [f"| {' | '.join(shown)} |", "|---" * len(shown) + "|"]
    lines += [f"| {' | '.join(cell(group) for cell in shown.values())} |" for group in ordered]
    told = [f"{runs[0]['testRows']:,} test rows, {processor()}"]
    if seeds > 1:
        told.append(f"±: standard deviation over {seeds} seeds")
    if several:
        told.append("thresholds of all are chosen on the validation rows, but where it says at 0.5")
    told += [
        "training: from the rows to the saved model; memory: the most resident until then; texts/s:"
        " from texts to labels, warm",
        *notes,
    ]
    return "\n".join(lines) + "\n\n" + "\n".join(f"- {line}" for line in told) + "\n"


def write(folder: Path, runs: list[Run], notes: list[str], several: bool) -> None:
    text = markdown(runs, notes, several)
    (folder / "peers.md").write_text(text, "utf-8")
    (folder / "peers.json").write_text(
        json.dumps({"machine": processor(), "runs": runs, "notes": notes}, indent=1) + "\n", "utf-8"
    )
    print(f"{folder}\n\n{text}")
