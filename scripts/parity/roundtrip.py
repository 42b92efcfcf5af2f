"""fastai -> ulmfit -> fastai: every bit of random models, and a case with the imported weights.

    python roundtrip.py ULMFIT DIR REPORT.jsonl [--seed N]

Saves a fastai 2 language model, an encoder and a classifier, runs ``ulmfit import`` and ``ulmfit
export``, and loads what came out with torch.load(weights_only=True) and with fastai's own loaders. Rows go to
the report; the imported weights become the case DIR/cases/lm-imported for ulmfit's tests.
"""

from __future__ import annotations

import argparse
import json
import pickle
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import torch

warnings.filterwarnings("ignore")

import lm_cases  # noqa: E402
from fastai.text.core import defaults  # noqa: E402
from files import read_safetensors  # noqa: E402
from learners import SIZES, classifier_learner, lm_learner  # noqa: E402

CASE = "round-trip"
SIZE = SIZES["tiny"]
State = dict[str, torch.Tensor]


def itos() -> list[str]:
    """Specials, words, and the fillers with which fastai makes a multiple of 8."""
    words = [*defaults.text_spec_tok, "the", ",", "é", "\n\n", "''", '"', "▁a"]
    words += [f"word{i}" for i in range(SIZE.vocabulary - 3 - len(words))]
    return [*words, "xxfake", "xxfake", "xxfake"]


def same(expected: State, actual: State) -> tuple[int, int]:
    """Tensors with the same type, shape and bits under the same name; those expected.

    Batch norm's counters of batches are left out: nothing reads them, and ulmfit does not keep them.
    """
    expected = {n: t for n, t in expected.items() if not n.endswith("num_batches_tracked")}
    equal = sum(
        n in actual and t.dtype == actual[n].dtype and t.shape == actual[n].shape
        and t.contiguous().numpy().tobytes() == actual[n].contiguous().numpy().tobytes()
        for n, t in expected.items()
    )
    return equal, len(expected)


def ulmfit(program: str, *arguments: str | Path) -> None:
    command = [program, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stderr.strip()}")


class Report:
    def __init__(self, file: Path):
        self.file = file

    def all(self, compared: str, equal: int, of: int) -> None:
        row: dict[str, Any] = {"case": CASE, "compared": compared, "tolerance": "all"}
        row.update(measured=f"{equal} of {of}", within=equal == of > 0)
        with open(self.file, "a", encoding="utf-8") as out:
            out.write(json.dumps(row) + "\n")


def fresh(kind: str, dir_: Path) -> Any:
    """A fastai learner with random weights that saves to and loads from DIR/models."""
    if kind == "classifier":
        learn = classifier_learner([], SIZE, SIZE.bptt, 2 * SIZE.bptt)
    else:
        learn = lm_learner([], SIZE, 1.0)
    learn.path = dir_
    return learn


def state(kind: str, learn: Any) -> State:
    module = learn.model[0] if kind == "encoder" else learn.model
    return {n: t.clone() for n, t in module.state_dict().items()}


def round_trip(kind: str, program: str, dir_: Path, report: Report, vocabulary: list[str]) -> State:
    """The state that was saved; the model folder is DIR/KIND-imported."""
    learn = fresh(kind, dir_)
    if kind == "encoder":
        learn.save_encoder(kind)
    else:
        learn.save(kind, with_opt=False)
    saved = state(kind, learn)
    pkl = dir_ / "itos.pkl"
    pkl.write_bytes(pickle.dumps(vocabulary))
    folder, out = dir_ / f"{kind}-imported", dir_ / f"{kind}-exported"
    labels = ["--labels", "a,b,c"] if kind == "classifier" else []
    ulmfit(program, "import", dir_ / f"models/{kind}.pth", "--vocab", pkl, *labels, "--out", folder)
    ulmfit(program, "export", folder, "--format", "fastai", "--out", out)

    file = next(out.glob("*.pth"))
    loaded = torch.load(file, weights_only=True)
    report.all(f"{kind}: tensors bit for bit, torch.load(weights_only=True)", *same(saved, loaded))
    (dir_ / "models/back.pth").write_bytes(file.read_bytes())
    other = fresh(kind, dir_)
    loader = other.load_encoder if kind == "encoder" else other.load
    loader("back")
    name = f"{kind}: tensors bit for bit, Learner.{loader.__name__}"
    report.all(name, *same(saved, state(kind, other)))
    back = pickle.loads(next(out.glob("*.pkl")).read_bytes())
    pairs = sum(a == b for a, b in zip(vocabulary, back))
    report.all(f"{kind}: vocabulary entries", pairs, max(len(vocabulary), len(back)))
    return saved


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ulmfit")
    parser.add_argument("dir")
    parser.add_argument("report")
    parser.add_argument("--seed", type=int, default=42)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    dir_ = Path(args.dir) / CASE
    (dir_ / "models").mkdir(parents=True, exist_ok=True)
    report, vocabulary = Report(Path(args.report)), itos()
    saved = {
        kind: round_trip(kind, args.ulmfit, dir_, report, vocabulary)
        for kind in ("lm", "encoder", "classifier")
    }

    case = lm_cases.held(SIZE, "lm-imported", 0.0, 0.0, 0.0, saved["lm"])
    stored = read_safetensors(dir_ / "lm-imported/model.safetensors")
    case.tensors = {n: t for n, t in case.tensors.items() if not n.startswith("weights/")}
    for name, values in stored.items():
        case.add(f"weights/{name}", values)
    case.write(Path(args.dir) / "cases")


if __name__ == "__main__":
    sys.exit(main())
