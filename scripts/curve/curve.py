"""The campaigns behind docs/results.md's learning curve; run them by scripts/learning-curve."""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from statistics import mean, stdev

import baselines
import choice
import data

HOME = Path(__file__).resolve().parents[2]
ULMFIT = HOME / "scripts" / "ulmfit"
RECIPE = "imdb-cpu"
STARTS = {"wiki-small": [], "scratch": ["--from-scratch"]}
SEEDS = [1, 2, 3]
# what differs from the recipe; for 100 labels by scripts/learning-curve --choose
SETTINGS = {100: ["classifier.stages.0.epochs=10", "classifier.batchSize=16"], 2_000: []}
SIZES = list(SETTINGS)
NAMES = {
    "wiki-small": "ulmfit, from wiki-small",
    "scratch": "ulmfit, from scratch",
    "tfidf-lr": "TF-IDF, logistic regression",
    "nb-svm": "NB-SVM",
}
INTERRUPTED = 130


class Campaign:
    """A folder of finished rows; each row is made once."""

    def __init__(self, out: Path, tarball: Path):
        self.out = out
        self.tarball = tarball
        self.data = out / "data"
        self.rows = out / "rows"
        self.rows.mkdir(parents=True, exist_ok=True)

    def row(self, name: str, make) -> dict:
        """What make returned once, with the seconds it took, those before an interruption too."""
        file = self.rows / f"{name}.json"
        if not file.exists():
            print(f"row {name}", file=sys.stderr, flush=True)
            spent = file.with_suffix(".seconds")
            before = float(spent.read_text()) if spent.exists() else 0.0
            started = time.monotonic()
            try:
                result = make()
            finally:
                seconds = before + time.monotonic() - started
                spent.write_text(f"{seconds:.1f}")
            part = file.with_suffix(".part")
            part.write_text(json.dumps({**result, "seconds": round(seconds, 1)}, indent=1) + "\n")
            part.rename(file)
            spent.unlink()
        return json.loads(file.read_text())

    def ulmfit(self, run: Path, *arguments: str) -> None:
        """Runs a command whose RUN may be left over from an interruption."""
        command = [str(ULMFIT), *arguments, "--out", str(run)]
        if run.exists():
            command.append("--resume")
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as child:
            # Ctrl-C reaches the child by itself; a second signal would end it unsaved
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, lambda *_: child.terminate())
            code = child.wait()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if code == INTERRUPTED:
            sys.exit("interrupted; the same command goes on")
        if code:
            sys.exit(f"{' '.join(command)}: exit {code}")

    def language_model(self, start: str) -> Path:
        run = self.out / f"lm-{start}"

        def make() -> dict:
            self.ulmfit(
                run, "lm-finetune", str(self.tarball), "--config", RECIPE, *STARTS[start]
            )
            return metrics(run / "lm")

        self.row(f"lm-{start}", make)
        return run

    def classifier(
        self, name: str, start: str, recipe: str, corpus: Path, *arguments: str
    ) -> dict:
        encoder = self.language_model(start)
        run = self.out / "runs" / name

        def make() -> dict:
            self.ulmfit(
                run, "classify", str(corpus), "--encoder", str(encoder), "--config", recipe,
                *arguments,
            )
            return metrics(run / "classifier")

        return self.row(name, make)

    def few(self, start: str, n: int, seed: int) -> dict:
        return self.classifier(
            f"{start}-{n}-{seed}", start, RECIPE, self.data / f"train-{n}-{seed}.jsonl",
            "--test", str(self.data / "test.jsonl"),
            *(f"--set={setting}" for setting in SETTINGS[n]),
            "--seed", str(seed),
        )

    def bags(self, n: int | str, seed: int) -> dict:
        train = "train-all" if n == "all" else f"train-{n}-{seed}"
        test = "test-all" if n == "all" else "test"

        def make() -> dict:
            rows = (data.load(self.data / f"{name}.jsonl") for name in (train, test))
            return baselines.accuracies(*rows, seed)

        return self.row(f"bags-{n}-{seed}", make)


def metrics(model: Path) -> dict:
    return json.loads((model / "metrics.json").read_text())


Table = dict[str, dict[int, list[float]]]


def accuracies(campaign: Campaign) -> Table:
    """Test accuracies in percent by classifier and number of labels, one for each seed."""
    table: Table = {name: {} for name in NAMES}

    def add(name: str, n: int, accuracy: float) -> None:
        table[name].setdefault(n, []).append(100 * accuracy)

    def add_bags(n: int, row: dict) -> None:
        for name in ("tfidf-lr", "nb-svm"):
            add(name, n, row[name])

    everything = campaign.classifier("wiki-small-all", "wiki-small", RECIPE, campaign.tarball)
    add("wiki-small", 25_000, everything["test.accuracy"])
    add_bags(25_000, campaign.bags("all", 0))
    for start in STARTS:
        for n in SIZES:
            for seed in SEEDS:
                add(start, n, campaign.few(start, n, seed)["test.accuracy"])
    for n in SIZES:
        for seed in SEEDS:
            add_bags(n, campaign.bags(n, seed))
    return table


def spread(values: list[float]) -> str:
    if len(values) == 1:
        return f"{values[0]:.2f}"
    return f"{mean(values):.1f} ± {stdev(values):.1f} ({', '.join(f'{v:.1f}' for v in values)})"


def markdown(table: Table) -> str:
    sizes = [*SIZES, 25_000]
    lines = ["| accuracy, % | " + " | ".join(f"{n:,} labels" for n in sizes) + " |"]
    lines.append("|---" * (len(sizes) + 1) + "|")
    for name, row in table.items():
        cells = [spread(row[n]) if n in row else "" for n in sizes]
        lines.append(f"| {NAMES[name]} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def picture(table: Table, file: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4.2), dpi=130)
    for name, row in table.items():
        sizes = sorted(row)
        spreads = [stdev(row[n]) if len(row[n]) > 1 else 0 for n in sizes]
        means = [mean(row[n]) for n in sizes]
        axes.errorbar(sizes, means, spreads, marker="o", capsize=3, label=NAMES[name])
    axes.set_xscale("log")
    ticks = [*SIZES, 25_000]
    axes.set_xticks(ticks, [f"{n:,}" for n in ticks])
    axes.minorticks_off()
    axes.set_xlabel("labelled reviews")
    axes.set_ylabel("test accuracy, %")
    axes.grid(True, alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(file)


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/learning-curve", description=__doc__)
    parser.add_argument("--imdb", type=Path, default=HOME / "../shared/data/imdb/aclImdb.tar.gz",
                        help="IMDb's tarball (default: that of ../shared)")
    parser.add_argument("--choose", action="store_true",
                        help="compare recipes on training labels instead")
    parser.add_argument("out", type=Path, nargs="?", default=HOME / "target" / "learning-curve",
                        help="folder of the rows (default: target/learning-curve)")
    arguments = parser.parse_args()
    if not arguments.imdb.exists():
        sys.exit(f"{arguments.imdb}: not there; name IMDb's aclImdb tarball with --imdb FILE")
    campaign = Campaign(arguments.out.resolve(), arguments.imdb.resolve())
    if arguments.choose:
        print(choice.table(campaign), end="")
        return
    data.prepare(campaign.tarball, campaign.data, SIZES, SEEDS)
    table = accuracies(campaign)
    (campaign.out / "table.md").write_text(markdown(table))
    picture(table, campaign.out / "learning-curve.png")
    print(markdown(table), end="")


if __name__ == "__main__":
    main()
