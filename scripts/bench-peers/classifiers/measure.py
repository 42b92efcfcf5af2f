"""Trains a library of Python and lets it answer, in a process of its own, as Main.java does.

A peer is a class with train(), save() and answer(texts); what it is asked for is a Spec.
"""

from __future__ import annotations

import json
import platform
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple, Protocol

WARM = 200  # texts, as ulmfit compare
STATUS = Path("/proc/self/status")


class Rows(NamedTuple):
    texts: list[str]
    labels: list[list[int]]


class Spec:
    """What compare.py asks for."""

    def __init__(self, file: str):
        given = json.loads(Path(file).read_text("utf-8"))
        self.train, self.valid, self.measured = (given[k] for k in ("train", "valid", "measured"))
        self.keys: list[str] = given["texts"]
        self.label: str = given["label"]
        self.several: bool = given["several"]
        self.labels: list[str] = given["labels"]
        self.threads: int = given["threads"]
        self.seed: int = given["seed"]
        self.autotune: int = given["autotuneSeconds"]
        self.model = Path(given["model"])
        self.index = {name: i for i, name in enumerate(self.labels)}

    def rows(self, file: str) -> Rows:
        """The rows of one of the files, HTML's line breaks as blanks."""
        texts, labels = [], []
        with open(file, encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                texts.append(" ".join(row[key] for key in self.keys).replace("<br />", " "))
                names = row[self.label] if self.several else [row[self.label]]
                labels.append([self.index[name] for name in names])
        return Rows(texts, labels)


class Peer(Protocol):
    def train(self, spec: Spec) -> None: ...

    def save(self, spec: Spec) -> None: ...

    def answer(self, texts: list[str]) -> Any:
        """With one label a row its index for each text, else a probability for each label."""

    def settings(self) -> str: ...


def peak_bytes() -> int | None:
    """The most memory resident so far; None where Linux does not tell."""
    if STATUS.exists():
        for line in STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return 1024 * int(line.split()[1])
    return None


def lists(answers: Any) -> list:
    return [[round(float(p), 7) for p in row] for row in answers]


def main(peer: Peer) -> None:
    spec = Spec(sys.argv[1])
    started = time.perf_counter()
    peer.train(spec)
    peer.save(spec)
    out: dict[str, Any] = {
        "trainingSeconds": time.perf_counter() - started,
        "peakBytes": peak_bytes(),
    }
    texts = spec.rows(spec.measured).texts
    peer.answer(texts[:WARM])
    started = time.perf_counter()
    answers = peer.answer(texts)
    out["predictSeconds"] = time.perf_counter() - started
    if spec.several:
        out["probabilities"] = lists(answers)
        out["validProbabilities"] = lists(peer.answer(spec.rows(spec.valid).texts))
    else:
        out["answers"] = [int(answer) for answer in answers]
    out["settings"] = peer.settings()
    out["runtime"] = f"Python {platform.python_version()}"
    Path(sys.argv[2]).write_text(json.dumps(out), "utf-8")
