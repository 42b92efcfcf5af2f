"""Writes the cases of running fastai and scikit-learn, or the table of what ulmfit measured on them.

    python parity.py cases DIR --archive OPS.pt --networks DIR [--seed N] [--reviews TARBALL] [--sizes tiny,medium]
    python parity.py table REPORT.jsonl [OUT.md]

scripts/parity/run calls both. Everything is a function of the seed.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import warnings
from pathlib import Path

HERE = Path(__file__).parent


def versions() -> dict[str, str]:
    import fastai
    import numpy
    import onnxruntime
    import sklearn
    import spacy
    import statsmodels
    import torch

    return {
        "Python": platform.python_version(),
        "torch": torch.__version__,
        "fastai": fastai.__version__,
        "spaCy": spacy.__version__,
        "NumPy": numpy.__version__,
        "scikit-learn": sklearn.__version__,
        "statsmodels": statsmodels.__version__,
        "ONNX Runtime": onnxruntime.__version__,
    }


def cases(args: argparse.Namespace) -> None:
    warnings.filterwarnings("ignore")
    import torch

    import adversarial_cases
    import classifier_cases
    import compare_cases
    import exported_cases
    import kernel_cases
    import lm_cases
    import metric_cases
    import network_cases
    import ngram_cases
    import report_cases
    import schedule_cases
    import stacking_cases
    import temperature_cases
    import text_cases
    from files import write_json
    from learners import SIZES

    torch.set_num_threads(1)  # sums in the order in which ulmfit's tests add them
    root = Path(args.dir)
    root.mkdir(parents=True, exist_ok=True)
    write_json(root / "versions.json", versions())
    text_cases.write(root, "own", text_cases.lines(HERE / "lines.txt"), "own text")
    if args.reviews:
        texts = text_cases.reviews(Path(args.reviews), args.seed)
        text_cases.write(root, "imdb", texts, f"IMDb, seed {args.seed}")
    schedule_cases.write(root)
    metric_cases.write(root, args.seed)
    stacking_cases.write(root, args.seed)
    temperature_cases.write(root, args.seed)
    ngram_cases.write(root, args.seed)
    network_cases.write(root, args.seed)
    compare_cases.write(root, args.seed)
    report_cases.write(root, args.seed)
    kernel_cases.write(root, Path(args.archive), args.seed)
    exported_cases.write(root, Path(args.networks))
    for name in args.sizes.split(","):
        lm_cases.write(root, SIZES[name], args.seed)
        if name != "full":
            classifier_cases.write(root, SIZES[name], args.seed)
            adversarial_cases.write(root, SIZES[name], args.seed)


def table(args: argparse.Namespace) -> int:
    """Markdown rows in the order of the cases; the exit status says whether all are within."""
    rows = [json.loads(line) for line in Path(args.report).read_text("utf-8").splitlines()]
    rows.sort(key=lambda row: row["case"])
    text = ["| case | compared | tolerance | measured |", "|---|---|---|---|"]
    for row in rows:
        mark = "" if row["within"] else " **outside**"
        cells = (row["case"], row["compared"], row["tolerance"], row["measured"] + mark)
        text.append("| " + " | ".join(cells) + " |")
    facts = ", ".join(f"{name} {version}" for name, version in versions().items())
    text = [f"{facts}; {platform.system()} {platform.machine()}", "", *text]
    print("\n".join(text))
    if args.out:
        Path(args.out).write_text("\n".join(text) + "\n", encoding="utf-8")
    outside = sum(not row["within"] for row in rows)
    print(f"\n{len(rows)} rows, {outside} outside their tolerance")
    return 1 if outside or not rows else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    case = commands.add_parser("cases")
    case.add_argument("dir")
    case.add_argument("--archive", required=True)
    case.add_argument("--networks", required=True)
    case.add_argument("--seed", type=int, default=42)
    case.add_argument("--reviews")
    case.add_argument("--sizes", default="tiny")
    out = commands.add_parser("table")
    out.add_argument("report")
    out.add_argument("out", nargs="?")
    args = parser.parse_args()
    if args.command == "table":
        return table(args)
    cases(args)
    return 0


if __name__ == "__main__":
    sys.exit(main())
