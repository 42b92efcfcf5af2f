"""fastai -> ulmfit -> fastai: every bit of a random model, and a case with the imported weights.

    python roundtrip.py ULMFIT DIR REPORT.jsonl [--seed N]

Saves a fastai 2 language model and its vocabulary, runs ``ulmfit import`` and ``ulmfit export``,
and loads what came out with torch.load(weights_only=True) and with fastai's own loaders. Rows go to
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
from learners import SIZES, lm_learner  # noqa: E402

CASE = "round-trip"
SIZE = SIZES["tiny"]
State = dict[str, torch.Tensor]


def itos() -> list[str]:
    """Specials, words, and the fillers with which fastai makes a multiple of 8."""
    words = [*defaults.text_spec_tok, "the", ",", "é", "\n\n", "''", '"', "▁a"]
    words += [f"word{i}" for i in range(SIZE.vocabulary - 3 - len(words))]
    return [*words, "xxfake", "xxfake", "xxfake"]


def same(a: State, b: State) -> tuple[int, int]:
    """Tensors of both with the same name, type, shape and bits; tensors in all."""
    names = a.keys() | b.keys()
    equal = sum(
        n in a and n in b and a[n].dtype == b[n].dtype and a[n].shape == b[n].shape
        and a[n].contiguous().numpy().tobytes() == b[n].contiguous().numpy().tobytes()
        for n in names
    )
    return equal, len(names)


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


def fresh(dir_: Path) -> Any:
    learn = lm_learner([], SIZE, 1.0)
    learn.path = dir_
    return learn


def exported(report: Report, dir_: Path, out: Path, lm: State, vocabulary: list[str]) -> None:
    """Whole models and encoders alike, told apart by their keys."""
    files = sorted(out.glob("*.pth"))
    if not files:
        raise SystemExit(f"{out}: no .pth was exported")
    encoder = {n[2:]: t for n, t in lm.items() if n.startswith("0.")}
    for file in files:
        state = torch.load(file, weights_only=True)
        whole = any(n.startswith("1.") for n in state)
        expected = lm if whole else encoder
        what = f"{'language model' if whole else 'encoder'}, tensors bit for bit"
        report.all(f"{what}, torch.load(weights_only=True)", *same(expected, state))
        learn = fresh(dir_)
        target = dir_ / "models" / file.name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(file.read_bytes())
        (learn.load if whole else learn.load_encoder)(file.stem)
        module = learn.model if whole else learn.model[0]
        loader = "load" if whole else "load_encoder"
        report.all(f"{what}, Learner.{loader}", *same(expected, module.state_dict()))
    for file in sorted(out.glob("*.pkl")):
        back = pickle.loads(file.read_bytes())
        pairs = sum(a == b for a, b in zip(vocabulary, back))
        report.all("vocabulary entries", pairs, max(len(vocabulary), len(back)))


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
    learn = fresh(dir_)
    learn.save("lm", with_opt=False)
    learn.save_encoder("encoder")
    vocabulary = itos()
    pkl = dir_ / "itos.pkl"
    pkl.write_bytes(pickle.dumps(vocabulary))
    lm = {n: t.clone() for n, t in learn.model.state_dict().items()}

    model, out = dir_ / "imported", dir_ / "exported"
    ulmfit(args.ulmfit, "import", dir_ / "models/lm.pth", "--vocab", pkl, "--out", model)
    ulmfit(args.ulmfit, "export", model, "--format", "fastai", "--out", out)
    exported(Report(Path(args.report)), dir_, out, lm, vocabulary)

    case = lm_cases.held(SIZE, "lm-imported", 0.0, 0.0, 0.0, lm)
    stored = read_safetensors(next(model.glob("*.safetensors")))
    case.tensors = {n: t for n, t in case.tensors.items() if not n.startswith("weights/")}
    for name, values in stored.items():
        case.add(f"weights/{name}", values)
    case.write(Path(args.dir) / "cases")


if __name__ == "__main__":
    sys.exit(main())
