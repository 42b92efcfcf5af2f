"""Exports a classifier and compares what PyTorch and ONNX Runtime answer with ulmfit's own answers.

    python exported.py ULMFIT MODEL TEXTS [--batch 32]

TEXTS holds a text in each line. The exported folders are used as their README.md says; ulmfit predicts in
float32. Prints the largest difference of log-probabilities for each format, and texts per second.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from exported_cases import in_onnx, in_torch, padded

Run = Callable[[np.ndarray, np.ndarray], np.ndarray]


def lines(*command: str | Path) -> list[str]:
    done = subprocess.run([*map(str, command)], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr.strip())
    return done.stdout.splitlines()


def tokens(program: str, folder: Path, texts: Path) -> list[list[int]]:
    facts = json.loads((folder / "model.json").read_text("utf-8"))
    text = facts["text"]
    tokenizer = text["tokenizer"]
    if tokenizer == "tokenizer.json":
        tokenizer = folder / tokenizer
    form = ["--normalise", text["normalise"]] if "normalise" in text else []
    rows = lines(
        program, "tokenize", "--rules", text["rules"], "--tokenizer", tokenizer, *form, "--prefix",
        "--format", "lines", texts,
    )  # fmt: skip
    words = (folder / "vocab.txt").read_text("utf-8").split("\n")
    ids = {json.loads(word): i for i, word in enumerate(words) if word}
    return [[ids.get(token, facts["unknownId"]) for token in json.loads(row)] for row in rows]


def log_probabilities(logits: np.ndarray, several: bool) -> np.ndarray:
    tensor = torch.tensor(logits)
    log = torch.nn.functional.logsigmoid(tensor) if several else torch.log_softmax(tensor, 1)
    return log.numpy()


def answers(run: Run, documents: list[list[int]], batch: int) -> np.ndarray:
    """In batches of documents of about the same length."""
    order = sorted(range(len(documents)), key=lambda d: -len(documents[d]))
    rows: dict[int, np.ndarray] = {}
    for start in range(0, len(order), batch):
        part = order[start : start + batch]
        rows.update(zip(part, run(*padded([documents[d] for d in part]))))
    return np.stack([rows[d] for d in range(len(documents))])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ulmfit")
    parser.add_argument("model")
    parser.add_argument("texts")
    parser.add_argument("--batch", type=int, default=32)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        compare(args, Path(temporary))


def compare(args: argparse.Namespace, folder: Path) -> None:
    runs: dict[str, Run] = {}
    for name in ("torchscript", "onnx"):
        lines(args.ulmfit, "export", args.model, "--format", name, "--out", folder / name)
    runs["torchscript"] = in_torch(torch.jit.load(folder / "torchscript/model.pt"))
    runs["onnx"] = in_onnx(onnxruntime.InferenceSession(folder / "onnx/model.onnx"))
    labels = json.loads((folder / "onnx/labels.json").read_text("utf-8"))
    several = json.loads((folder / "onnx/model.json").read_text("utf-8"))["task"] == "multi"
    documents = tokens(args.ulmfit, folder / "onnx", args.texts)
    rows = lines(
        args.ulmfit, "predict", args.model, args.texts, "--format", "lines", "--precision", "fp32"
    )
    own = [[json.loads(row)["probabilities"][label] for label in labels] for row in rows]
    expected = np.log(np.array(own, dtype=np.float64))
    for name, run in runs.items():
        answers(run, documents, args.batch)  # the first pass prepares what the second uses
        start = time.perf_counter()
        logits = answers(run, documents, args.batch)
        seconds = time.perf_counter() - start
        worst = np.abs(log_probabilities(logits, several) - expected).max()
        size = sum(f.stat().st_size for f in (folder / name).glob("model.*")) / 1e6
        print(
            f"{name}: {len(documents)} texts, largest difference {worst:.1e},"
            f" logits up to {np.abs(logits).max():.1f}, {len(documents) / seconds:.0f} texts/s,"
            f" {size:.1f} MB"
        )


if __name__ == "__main__":
    main()
