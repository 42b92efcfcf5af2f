"""Twins of the networks that start from random weights, in plain PyTorch: logits, gradients, 20 steps.

The twin reads every document by itself, without padding and masks; only batch norm sees a batch, which
is all steps of its documents. So a mask that leaks shows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch.nn import functional as F

from files import Case

PAD = 1
STEPS = 20
RATE = 1e-2
EPSILON = 1e-7
BETAS = (0.9, 0.999)
Tensors = dict[str, torch.Tensor]

BASE: dict[str, Any] = {
    "vocabulary": 30,
    "classes": 3,
    "embedding": 6,
    "norm": False,
    "units": [5],
    "lastForward": False,
    "kernel": 3,
    "pool": 3,
    "dilations": [1, 2, 4],
    "pooling": "last",
    "masking": True,
    "hidden": [],
}
CASES: dict[str, dict[str, Any]] = {
    "mean-embedding": {"family": "mean-embedding", "pooling": "mean", "hidden": [4]},
    "rnn": {"family": "rnn", "units": [5, 4]},
    "rnn-padded": {"family": "rnn", "masking": False, "hidden": [4]},
    "lstm": {"family": "lstm", "units": [5, 4]},
    "bilstm": {"family": "bilstm", "units": [5, 4]},
    "bilstm-stacked": {"family": "bilstm", "units": [5, 4], "lastForward": True, "pooling": "max"},
    "bilstm-one-hot": {"family": "bilstm", "embedding": 0, "units": [4]},
    "sepcnn": {"family": "sepcnn", "units": [5, 7], "pooling": "mean"},
    "sepcnn-even": {"family": "sepcnn", "units": [5, 7, 4], "kernel": 4, "pool": 2, "pooling": "mean-max"},
    "dgcnn": {"family": "dgcnn", "norm": True, "pooling": "mean-max", "hidden": [4]},
}


def write(root: Path, seed: int) -> None:
    for n, (name, other) in enumerate(CASES.items()):
        torch.manual_seed(seed + n)
        case(name, {**BASE, **other}).write(root)
    torch.manual_seed(seed)
    features([5], "small").write(root)
    features([5, 4], "deep").write(root)


def features(hidden: list[int], name: str) -> Case:
    """Dense layers on sparse features, which stand one document's after the other's."""
    count, rows, classes = 12, 9, 3
    x = torch.randn(rows, count) * (torch.rand(rows, count) < 0.4)
    x[2] = 0  # a document without any
    labels = torch.arange(rows) % classes
    out = Case(f"features-{name}", {"kind": "features", "features": count, "hidden": hidden, "classes": classes})
    out.facts.update(rate=RATE, epsilon=EPSILON, beta2=BETAS[1])
    weights: Tensors = {}
    width, names = count, ["features", *(f"hidden.{k}" for k in range(len(hidden) - 1)), "output"]
    for layer, n in zip(names, [*hidden, classes]):
        shape = (width, n) if layer == "features" else (n, width)
        weights[layer + ".weight"] = (torch.randn(*shape) * 0.4).requires_grad_()
        weights[layer + ".bias"] = (torch.randn(n) * 0.4).requires_grad_()
        width = n
    out.add("ids", torch.cat([row.nonzero()[:, 0] for row in x]))
    out.add("values", torch.cat([row[row != 0] for row in x]))
    out.add("lengths", (x != 0).sum(1))
    out.add("labels", labels)
    out.add_all("weights", weights)

    def forward() -> torch.Tensor:
        a = F.relu(x @ weights["features.weight"] + weights["features.bias"])
        for layer in names[1:-1]:
            a = F.relu(F.linear(a, weights[layer + ".weight"], weights[layer + ".bias"]))
        return F.linear(a, weights["output.weight"], weights["output.bias"])

    logits = forward()
    F.cross_entropy(logits, labels).backward()
    out.add("logits", logits)
    out.add_all("gradient", {k: w.grad for k, w in weights.items()})
    return out


def case(name: str, facts: dict[str, Any]) -> Case:
    lengths = [13, 12, 9, 8, 7, 3, 2, 1]
    longest = max(lengths)
    docs = [2 + torch.randint(0, facts["vocabulary"] - 2, (n,)) for n in lengths]
    labels = torch.tensor([i % facts["classes"] for i in range(len(docs))])
    out = Case(f"network-{name}", {"kind": "network", **facts, "length": longest})
    out.facts.update(rate=RATE, epsilon=EPSILON, beta2=BETAS[1])
    out.add("ids", torch.cat(docs))
    out.add("lengths", torch.tensor(lengths))
    out.add("labels", labels)
    if not facts["masking"]:
        docs = [F.pad(d, (0, longest - len(d)), value=PAD) for d in docs]
    weights, statistics = made(facts)
    out.add_all("weights", {**weights, **statistics})
    with torch.no_grad():
        out.add("logits", logits(facts, weights, statistics, docs, False))
    adam = torch.optim.Adam(weights.values(), lr=RATE, betas=BETAS, eps=EPSILON)
    losses = []
    for step in range(STEPS):
        adam.zero_grad()
        answers = logits(facts, weights, statistics, docs, True)
        loss = F.cross_entropy(answers, labels)
        loss.backward()
        if facts["masking"]:  # torch's padding_idx
            table(weights).grad[PAD] = 0
        if step == 0:
            out.add("training", answers)
            out.add_all("gradient", {k: w.grad for k, w in weights.items()})
        adam.step()
        losses.append(loss.item())
    out.add("losses", torch.tensor(losses, dtype=torch.float64))
    out.add_all("end", {**weights, **statistics})
    return out


def table(weights: Tensors) -> torch.Tensor:
    return weights["embedding.weight"]


def made(facts: dict[str, Any]) -> tuple[Tensors, Tensors]:
    """Random tensors under the names of ulmfit's files, and the statistics of batch norm."""
    weights: Tensors = {}
    statistics: Tensors = {}
    tensor = lambda *shape: (torch.randn(*shape) * 0.4).requires_grad_()
    family, embedding, units = facts["family"], facts["embedding"], facts["units"]
    gates = 1 if family == "rnn" else 4
    weights["embedding.weight"] = tensor(facts["vocabulary"], embedding or 2 * gates * units[0])
    width = embedding
    if facts["norm"]:
        weights["norm.weight"], weights["norm.bias"] = tensor(width), tensor(width)
        statistics = {"norm.running_mean": torch.randn(width) * 0.1, "norm.running_var": torch.rand(width) + 0.5}
    if family in ("rnn", "lstm", "bilstm"):
        for layer, n in enumerate(units):
            for end in directions(facts, layer):
                if width:
                    weights[f"layers.{layer}.weight_ih_l0{end}"] = tensor(gates * n, width)
                weights[f"layers.{layer}.weight_hh_l0{end}"] = tensor(gates * n, n)
                weights[f"layers.{layer}.bias_ih_l0{end}"] = tensor(gates * n)
            width = n * len(directions(facts, layer))
    elif family == "sepcnn":
        for layer, n in enumerate(units):
            for k in range(2):
                weights[f"layers.{layer}.{k}.depthwise"] = tensor(width, 1, facts["kernel"])
                weights[f"layers.{layer}.{k}.pointwise"] = tensor(n, width)
                weights[f"layers.{layer}.{k}.bias"] = tensor(n)
                width = n
    elif family == "dgcnn":
        for layer in range(len(facts["dilations"])):
            weights[f"layers.{layer}.weight"] = tensor(2 * width, width, facts["kernel"])
            weights[f"layers.{layer}.bias"] = tensor(2 * width)
    if facts["pooling"] == "mean-max":
        width *= 2
    for k, n in enumerate(facts["hidden"]):
        weights[f"hidden.{k}.weight"], weights[f"hidden.{k}.bias"] = tensor(n, width), tensor(n)
        width = n
    classes = facts["classes"]
    weights["output.weight"], weights["output.bias"] = tensor(classes, width), tensor(classes)
    return weights, statistics


def directions(facts: dict[str, Any], layer: int) -> list[str]:
    last = facts["lastForward"] and layer == len(facts["units"]) - 1
    return ["", "_reverse"] if facts["family"] == "bilstm" and not last else [""]


def logits(
    facts: dict[str, Any], w: Tensors, statistics: Tensors, docs: list[torch.Tensor], training: bool
) -> torch.Tensor:
    steps = [w["embedding.weight"][d] for d in docs]  # (n, width) each
    if facts["norm"]:
        together = F.batch_norm(
            torch.cat(steps),
            statistics["norm.running_mean"],
            statistics["norm.running_var"],
            w["norm.weight"],
            w["norm.bias"],
            training,
            0.01,
            1e-3,
        )
        steps = list(torch.split(together, [len(d) for d in docs]))
    return torch.stack([answer(facts, w, x) for x in steps])


def answer(facts: dict[str, Any], w: Tensors, x: torch.Tensor) -> torch.Tensor:
    """One document's logits."""
    last = x[-1]
    if facts["family"] in ("rnn", "lstm", "bilstm"):
        for layer in range(len(facts["units"])):
            x, last = recurrent(facts, w, layer, x)
    elif facts["family"] == "sepcnn":
        x = separable(facts, w, x)
    elif facts["family"] == "dgcnn":
        for layer, dilation in enumerate(facts["dilations"]):
            x = gated(w[f"layers.{layer}.weight"], w[f"layers.{layer}.bias"], dilation, x)
    pooled = {
        "last": lambda: last,
        "mean": lambda: x.mean(0),
        "max": lambda: x.amax(0),
        "mean-max": lambda: torch.cat([x.mean(0), x.amax(0)]),
    }[facts["pooling"]]()
    for k in range(len(facts["hidden"])):
        pooled = F.relu(F.linear(pooled, w[f"hidden.{k}.weight"], w[f"hidden.{k}.bias"]))
    return F.linear(pooled, w["output.weight"], w["output.bias"])


def recurrent(facts: dict[str, Any], w: Tensors, layer: int, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """All states (n, units of all directions), and the last one that each direction came to."""
    ends = directions(facts, layer)
    n = facts["units"][layer]
    states, last = [], []
    for d, end in enumerate(ends):
        name = f"layers.{layer}."
        inputs = w.get(f"{name}weight_ih_l0{end}")
        w_hh, bias = w[f"{name}weight_hh_l0{end}"], w[f"{name}bias_ih_l0{end}"]
        h, c = torch.zeros(n), torch.zeros(n)
        own = [None] * len(x)
        for t in range(len(x) - 1, -1, -1) if end else range(len(x)):
            gates = len(bias)
            fed = x[t][d * gates : (d + 1) * gates] if inputs is None else F.linear(x[t], inputs)
            z = fed + bias + w_hh @ h
            if facts["family"] == "rnn":
                h = torch.tanh(z)
            else:
                i, f, g, o = z.chunk(4)
                c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
                h = torch.sigmoid(o) * torch.tanh(c)
            own[t] = h
        states.append(torch.stack(own))
        last.append(h)
    return torch.cat(states, 1), torch.cat(last)


def separable(facts: dict[str, Any], w: Tensors, x: torch.Tensor) -> torch.Tensor:
    k = facts["kernel"]
    for layer in range(len(facts["units"])):
        for part in range(2):
            name = f"layers.{layer}.{part}."
            a = F.pad(x.t()[None], ((k - 1) // 2, k - 1 - (k - 1) // 2))
            a = F.conv1d(a, w[name + "depthwise"], groups=a.shape[1])
            x = F.relu(F.conv1d(a, w[name + "pointwise"][:, :, None], w[name + "bias"]))[0].t()
        if layer < len(facts["units"]) - 1:
            x = F.max_pool1d(x.t()[None], facts["pool"], ceil_mode=True)[0].t()
    return x


def gated(weight: torch.Tensor, bias: torch.Tensor, dilation: int, x: torch.Tensor) -> torch.Tensor:
    span = dilation * (weight.shape[2] - 1)
    a = F.pad(x.t()[None], (span // 2, span - span // 2))
    gate, value = F.conv1d(a, weight, bias, dilation=dilation)[0].t().chunk(2, 1)
    s = torch.sigmoid(gate)
    return s * x + (1 - s) * value
