"""Makes src/test/resources/embed: tiny sentence encoders in ONNX with random weights, their tokenizers,
and what onnxruntime and tokenizers make of some texts.

    python -m venv V && V/bin/pip install numpy==2.4.6 onnx==1.23.2 \
        onnxruntime==1.21.1 tokenizers==0.23.3 scikit-learn==1.9.1
    V/bin/python scripts/parity/make-encoder-fixtures.py

onnxruntime is of the version that DJL has. Everything is a function of the seed, but for the order of equally
frequent pieces in the trained tokenizers.

    encoder/    a folder as Hugging Face and sentence-transformers write it
    *.onnx      other models: pooled by themselves, quantised, of 32-bit ids, and what is to be refused
    unigram.json, bpe.json   other tokenizers
    cases.json  pieces and vectors; models of vectors by scikit-learn
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from sklearn.linear_model import LogisticRegression
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

HERE = Path(__file__).parent
OUT = HERE / "../../src/test/resources/embed"
SEED = 7
WIDTH = 8
WINDOW = 16
OVERLAP = 4
TEXTS = [
    "",
    "a",
    "What is the CAPITAL of Peru?",
    "  blanks \t and\nline ends  ",
    "Ünïcödé, naïve café; Straße",
    "[CLS] marks [SEP] in the [MASK] text [UNK]",
    "日本語 and 中文 and한국어 🙂🙂",
    "x" * 120,
    "a \u200b zero\u00a0width \ufeff and \x00 control \x07",
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen",
    " ".join(f"word{i} and more" for i in range(40)),
]


def wordpiece() -> Tokenizer:
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    lines = (HERE / "lines.txt").read_text("utf-8").splitlines()
    tokenizer.train_from_iterator(
        [line for line in lines if line.isascii()],
        trainers.WordPieceTrainer(vocab_size=220, special_tokens=specials, show_progress=False),
    )
    ids = {name: tokenizer.token_to_id(name) for name in ("[CLS]", "[SEP]")}
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=list(ids.items()),
    )
    return tokenizer


def unigram() -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=150, special_tokens=["<s>", "<pad>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False
    )
    lines = [line for line in (HERE / "lines.txt").read_text("utf-8").splitlines() if line.isascii()]
    tokenizer.train_from_iterator(lines, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def bytes_bpe() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=320,
        special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator((HERE / "lines.txt").read_text("utf-8").splitlines(), trainer)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    return tokenizer


class Graph:
    """Nodes and weights of a model of one attention layer."""

    def __init__(self, words: int) -> None:
        self.random = np.random.RandomState(SEED)
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self.words = words

    def weight(self, name: str, *shape: int) -> str:
        return self.constant(name, self.random.normal(0, 0.6, shape).astype(np.float32))

    def constant(self, name: str, value: np.ndarray) -> str:
        self.weights.append(numpy_helper.from_array(value, name))
        return name

    def node(self, op: str, inputs: list[str], name: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(op, inputs, [name], **attributes))
        return name

    def product(self, x: str, weight: str, quantised: bool) -> str:
        """x times a weight; quantised as onnxruntime's tool does it."""
        name = f"{x}_{weight}"
        if not quantised:
            return self.node("MatMul", [x, self.weight(weight, WIDTH, WIDTH)], name)
        value = self.random.normal(0, 0.6, (WIDTH, WIDTH)).astype(np.float32)
        scale = np.float32(np.abs(value).max() / 63)  # no pair of products overflows on AVX2
        self.constant(weight, np.round(value / scale).astype(np.int8))
        self.constant(f"{weight}_zero", np.array(0, np.int8))
        outputs = [f"{name}_q", f"{name}_scale", f"{name}_zero"]
        self.nodes.append(helper.make_node("DynamicQuantizeLinear", [x], outputs))
        whole = self.node("MatMulInteger", [outputs[0], weight, outputs[2], f"{weight}_zero"], f"{name}_i")
        cast = self.node("Cast", [whole], f"{name}_f", to=TensorProto.FLOAT)
        scales = self.node("Mul", [outputs[1], self.constant(f"{weight}_scale", scale)], f"{name}_s")
        return self.node("Mul", [cast, scales], name)

    def states(self, quantised: bool) -> str:
        """(rows, tokens, WIDTH) of ids, mask and types."""
        embedded = self.node("Gather", [self.weight("words", self.words, WIDTH), "input_ids"], "embedded")
        length = self.node("Shape", ["input_ids"], "shape")
        length = self.node("Gather", [length, self.constant("one", np.array(1, np.int64))], "length")
        self.constant("zero", np.array(0, np.int64))
        positions = self.node("Range", ["zero", length, "one"], "range")
        placed = self.node("Gather", [self.weight("places", WINDOW, WIDTH), positions], "placed")
        x = self.node("Add", [embedded, placed], "sum")
        typed = self.node("Gather", [self.weight("types", 2, WIDTH), "token_type_ids"], "typed")
        x = self.node("Add", [x, typed], "x")
        query, key, value = (self.product(x, name, quantised) for name in ("query", "key", "value"))
        turned = self.node("Transpose", [key], "turned", perm=[0, 2, 1])
        scores = self.node("MatMul", [query, turned], "scores")
        mask = self.node("Cast", ["attention_mask"], "mask", to=TensorProto.FLOAT)
        off = self.node("Sub", [mask, self.constant("unit", np.array(1, np.float32))], "off")
        off = self.node("Mul", [off, self.constant("far", np.array(1e9, np.float32))], "less")
        off = self.node("Unsqueeze", [off, "one"], "masked")
        scores = self.node("Softmax", [self.node("Add", [scores, off], "seen")], "weights", axis=-1)
        mixed = self.node("MatMul", [scores, value], "mixed")
        return self.node("Tanh", [self.node("Add", [x, mixed], "all")], "last_hidden_state")

    def model(self, inputs: list[str], output: str, shape: list[str | int], kind: int = TensorProto.INT64) -> onnx.ModelProto:
        ins = [helper.make_tensor_value_info(name, kind, ["rows", "tokens"]) for name in inputs]
        out = helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)
        graph = helper.make_graph(self.nodes, "encoder", ins, [out], self.weights)
        graph = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], producer_name="ulmfit")
        graph.ir_version = 8
        return graph


USUAL = ["input_ids", "attention_mask", "token_type_ids"]
STATES: list[str | int] = ["rows", "tokens", WIDTH]


def encoder(words: int, quantised: bool) -> onnx.ModelProto:
    graph = Graph(words)
    return graph.model(USUAL, graph.states(quantised), STATES)


def pooled(words: int) -> onnx.ModelProto:
    graph = Graph(words)
    first = graph.node("Gather", [graph.states(False), "zero"], "sentence_embedding", axis=1)
    return graph.model(USUAL, first, ["rows", WIDTH])


def small(inputs: list[str], kind: int = TensorProto.INT64, rank: int = 3) -> onnx.ModelProto:
    """Of the ids alone, in any type."""
    graph = Graph(20)
    graph.node("Gather", [graph.weight("words", 20, WIDTH), inputs[0]], "states")
    if rank == 4:
        graph.constant("one", np.array([1], np.int64))
        graph.node("Unsqueeze", ["states", "one"], "more")
    shape: list[str | int] = STATES if rank == 3 else ["rows", 1, "tokens", WIDTH]
    return graph.model(inputs, "more" if rank == 4 else "states", shape, kind)


def windows(ids: list[int]) -> list[list[int]]:
    """All but a short text's are full; the last one ends with the text."""
    start, body, end = ids[:1], ids[1:-1], ids[-1:]
    room = WINDOW - 2
    if len(body) <= room:
        return [ids]
    step = room - OVERLAP
    count = 1 + -(-(len(body) - room) // step)
    starts = [min(i * step, len(body) - room) for i in range(count)]
    return [start + body[at : at + room] + end for at in starts]


def vector(session: onnxruntime.InferenceSession, ids: list[int], pooling: str, normalise: bool) -> np.ndarray:
    def unit(v: np.ndarray) -> np.ndarray:
        return v / np.linalg.norm(v) if normalise else v

    each = []
    for window in windows(ids):
        row = np.array([window], np.int64)
        feed = {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": np.zeros_like(row)}
        states = session.run(None, feed)[0][0].astype(np.float64)
        each.append(unit({"mean": lambda: states.mean(0), "first": lambda: states[0], "own": lambda: states}[pooling]()))
    return unit(np.mean(each, 0))


def session(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def vectors(name: str, model: onnx.ModelProto, ids: list[list[int]], poolings: list[str]) -> list[dict[str, Any]]:
    run = session(model)
    return [
        {
            "model": name,
            "pooling": pooling,
            "normalise": normalise,
            "vectors": [[float(x) for x in vector(run, row, pooling, normalise)] for row in ids],
        }
        for pooling in poolings
        for normalise in (True, False)
    ]


def regression(random: np.random.RandomState, classes: int, strength: float) -> dict[str, Any]:
    """The intercept is penalised: a column of ones."""
    x = random.normal(0, 1, (60, 5)).astype(np.float32)
    truth = (x[:, :classes].argmax(1) if classes > 2 else (x[:, 0] + random.normal(0, 1, 60) > 0).astype(int)).tolist()
    ones = np.hstack([x.astype(np.float64), np.ones((60, 1))])
    model = LogisticRegression(C=strength, fit_intercept=False, tol=1e-10, max_iter=10_000).fit(ones, truth)
    margins = ones @ model.coef_.T
    return {"classes": classes, "strength": strength, "x": x.tolist(), "truth": truth, "margins": margins.tolist()}


def external(model: onnx.ModelProto) -> bytes:
    """With a weight that lies in /etc."""
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../../../../../etc/hostname")
    return model.SerializeToString()


def main() -> None:
    folder = OUT / "encoder"
    (folder / "1_Pooling").mkdir(parents=True, exist_ok=True)
    tokenizer = wordpiece()
    words = tokenizer.get_vocab_size()
    model = encoder(words, False)
    onnx.checker.check_model(model)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    (folder / "config.json").write_text(json.dumps({"model_type": "bert", "max_position_embeddings": WINDOW}) + "\n")
    pooling = {"word_embedding_dimension": WIDTH, "pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True}
    (folder / "1_Pooling/config.json").write_text(json.dumps(pooling) + "\n")
    modules = ["Transformer", "Pooling", "Normalize"]
    listed = [{"idx": i, "type": f"sentence_transformers.models.{name}"} for i, name in enumerate(modules)]
    (folder / "modules.json").write_text(json.dumps(listed) + "\n")
    others = {"pooled": pooled(words), "quantised": encoder(words, True)}
    refused = {
        "int32": small(["input_ids"], TensorProto.INT32),
        "other-input": small(["input_ids", "pixel_values"]),
        "no-ids": small(["attention_mask"]),
        "float-ids": small(["input_ids"], TensorProto.FLOAT),
        "rank4": small(["input_ids"], rank=4),
    }
    for name, other in (others | refused).items():
        (OUT / f"{name}.onnx").write_bytes(other.SerializeToString())
    (OUT / "external.onnx").write_bytes(external(small(["input_ids"])))
    pieces = []
    for name, other in {"encoder/tokenizer": tokenizer, "unigram": unigram(), "bpe": bytes_bpe()}.items():
        if "/" not in name:
            other.save(str(OUT / f"{name}.json"), pretty=False)
        pieces.append({"tokenizer": f"{name}.json", "ids": [other.encode(text).ids for text in TEXTS]})
    ids = pieces[0]["ids"]
    random = np.random.RandomState(SEED)
    cases = {
        "versions": {"onnxruntime": onnxruntime.__version__},
        "window": WINDOW,
        "overlap": OVERLAP,
        "texts": TEXTS,
        "pieces": pieces,
        "vectors": vectors("encoder/model", model, ids, ["mean", "first"])
        + vectors("quantised", others["quantised"], ids, ["mean"])
        + vectors("pooled", others["pooled"], ids, ["own"]),
        "regressions": [regression(random, classes, c) for classes in (2, 3) for c in (0.1, 30.0)],
    }
    (OUT / "cases.json").write_text(json.dumps(cases, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    main()
