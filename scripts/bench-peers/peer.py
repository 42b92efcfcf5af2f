"""The peers of scripts/bench, one workload in a process of its own.

    python peer.py SPEC.json OUT.json

SPEC.json and the files it names are written by org.ulmfit.bench.Bench and read by both sides: the
same tokens in the same batches. fastai runs as its own Learner does, callbacks, optimiser and
gradient clipping included, in eager float32, its default; spaCy as fastai's tokenizer uses it.
OUT.json holds series of samples (seconds, units of work), versions and peak resident memory.
"""

import json
import os
import platform
import resource
import sys
import time
import warnings
from functools import partial
from pathlib import Path

warnings.filterwarnings("ignore")


def main(spec_file, out_file):
    spec = json.loads(Path(spec_file).read_text())
    spec["dir"] = Path(spec_file).parent
    kinds = {"lm": lm, "classifier": classifier, "predict": predict, "text": text}
    result = kinds[spec["kind"]](spec)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    report = {"series": result, "facts": versions(), "peakBytes": peak}
    Path(out_file).write_text(json.dumps(report))


def versions():
    import fastai
    import spacy
    import torch

    return {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "fastai": fastai.__version__,
        "spacy": spacy.__version__,
        "threads": str(torch.get_num_threads()),
    }


def tokens(spec):
    import numpy as np

    return np.fromfile(spec["dir"] / spec["ids"], dtype="<i4")


def loaders(batches, vocab, classes=None):
    """fastai's loaders over batches that are already batches."""
    from fastai.data.all import DataLoader, DataLoaders

    dl = DataLoader(batches, bs=None, num_workers=0)
    dls = DataLoaders(dl, dl)
    dls.vocab = [str(i) for i in range(vocab)]
    dls.c = classes
    return dls


def stopwatch(units):
    """Seconds from the end of one training batch to the end of the next; no validation."""
    from fastai.callback.core import Callback, CancelValidException

    class Stopwatch(Callback):
        order = 1000

        def before_train(self):
            self.samples, self.last = [], time.perf_counter()

        def after_batch(self):
            if self.training:
                now = time.perf_counter()
                self.samples.append([now - self.last, units[self.iter]])
                self.last = now

        def before_validate(self):
            raise CancelValidException()

    return Stopwatch()


def train(learn, units, warm_up):
    watch = stopwatch(units)
    with learn.no_bar(), learn.no_logging():
        learn.fit(1, 1e-3, cbs=watch)
    return {"step": watch.samples[warm_up:]}


def lm(spec):
    import torch
    from fastai.text.all import (
        AWD_LSTM, GradientClip, LMTensorText, TensorText, awd_lstm_lm_config,
        language_model_learner,
    )

    torch.manual_seed(spec["seed"])
    ids = torch.from_numpy(tokens(spec).astype("int64"))
    rows, bptt = spec["batch"], spec["bptt"]
    per_row = (len(ids) - 1) // rows
    x = ids[: rows * per_row].view(rows, per_row)
    y = ids[1 : rows * per_row + 1].view(rows, per_row)
    batches = [
        (LMTensorText(x[:, i : i + bptt]), TensorText(y[:, i : i + bptt]))
        for i in range(0, per_row, bptt)
    ]
    config = awd_lstm_lm_config.copy()
    config.update(emb_sz=spec["embedding"], n_hid=spec["hidden"])
    learn = language_model_learner(
        loaders(batches, spec["vocabulary"]), AWD_LSTM, config=config, drop_mult=1.0,
        pretrained=False, cbs=GradientClip(spec["clip"]), wd=0.0,
    )
    return train(learn, [b[0].numel() for b in batches], spec["warmUp"])


class DocumentBatches:
    """The batches of the spec, padded by fastai's own rule when they are asked for."""

    def __init__(self, spec):
        import torch
        from fastai.text.all import TensorCategory, TensorText, pad_input_chunk

        ids, at, documents = torch.from_numpy(tokens(spec).astype("int64")), 0, []
        for i, n in enumerate(spec["lengths"]):
            documents.append((TensorText(ids[at : at + n]), TensorCategory(i % spec["classes"])))
            at += n
        self.batches = [[documents[i] for i in batch] for batch in spec["batches"]]
        self.pad = partial(pad_input_chunk, pad_idx=1, pad_first=True, seq_len=spec["bptt"])

    def __len__(self):
        return len(self.batches)

    def __getitem__(self, i):
        import torch

        rows = self.pad(self.batches[i])
        return torch.stack([r[0] for r in rows]), torch.stack([r[1] for r in rows])


def classifier_learner(dls, spec):
    from fastai.text.all import (
        AWD_LSTM, CrossEntropyLossFlat, GradientClip, awd_lstm_clas_config,
        text_classifier_learner,
    )

    config = awd_lstm_clas_config.copy()
    config.update(emb_sz=spec["embedding"], n_hid=spec["hidden"])
    learn = text_classifier_learner(
        dls, AWD_LSTM, seq_len=spec["bptt"], config=config, pretrained=False, drop_mult=0.5,
        n_out=spec["classes"], max_len=spec["maxLength"], loss_func=CrossEntropyLossFlat(),
        cbs=GradientClip(1.0),
    )
    learn.unfreeze()
    return learn


def classifier(spec):
    import torch

    torch.manual_seed(spec["seed"])
    batches = DocumentBatches(spec)
    learn = classifier_learner(loaders(batches, spec["vocabulary"], spec["classes"]), spec)
    units = [sum(spec["lengths"][i] for i in batch) for batch in spec["batches"]]
    return train(learn, units, spec["warmUp"])


def lines(file):
    with open(file, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def predict(spec):
    """predict on single texts; get_preds over tokenised ones, and from texts as users call it."""
    import pandas as pd
    import torch
    from fastai.text.all import TextDataLoaders, tokenize_df

    torch.manual_seed(spec["seed"])
    vocab = lines(spec["dir"] / spec["vocab"])
    texts = {int(n): lines(spec["dir"] / file) for n, file in spec["texts"].items()}
    some = [t for group in texts.values() for t in group[:2]]
    df = pd.DataFrame({"text": some, "label": [i % spec["classes"] for i in range(len(some))]})
    dls = TextDataLoaders.from_df(
        df, text_col="text", label_col="label", text_vocab=vocab, seq_len=spec["bptt"], bs=64
    )
    learn = classifier_learner(dls, spec)
    many = lines(spec["dir"] / spec["batchTexts"])
    tokenised, _ = tokenize_df(pd.DataFrame({"text": many}), "text", n_workers=spec["threads"])
    result = {"batch": [], "batch from texts": []}
    with learn.no_bar(), learn.no_logging():
        for n, group in texts.items():
            length = len(dls.test_dl(group[:1]).dataset[0][0])
            if length != n:
                raise SystemExit(f"a text of {n} tokens has {length} here")
            learn.predict(group[0])
            result[f"single {n}"] = [[timed(lambda: learn.predict(t)), 1] for t in group]
        learn.get_preds(dl=dls.test_dl(tokenised[:64]))
        for _ in range(spec["batchRepeats"]):
            dl = dls.test_dl(tokenised)
            result["batch"].append([timed(lambda: learn.get_preds(dl=dl)), len(many)])
        seconds = timed(lambda: learn.get_preds(dl=dls.test_dl(many)))
        result["batch from texts"].append([seconds, len(many)])
    return result


def timed(work):
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def text(spec):
    """fastai's rules around spaCy's blank English tokenizer, in this process."""
    from fastai.text.core import SpacyTokenizer, TokenizeWithRules

    texts = lines(spec["dir"] / spec["peerTexts"])
    size = sum(len(t.encode("utf-8")) for t in texts)
    tokenizer = TokenizeWithRules(SpacyTokenizer("en"))
    samples = []
    for _ in range(spec["peerRepeats"]):
        samples.append([timed(lambda: [len(t) for t in tokenizer(texts)]), size])
    return {"tokens": samples}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
