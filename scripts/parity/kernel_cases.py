"""ulmfit's kernel archive in plain PyTorch: what each kernel makes of seeded inputs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from files import Case

T, B, E, H, V = 5, 4, 6, 9, 30
Arguments = list[Any]


def write(root: Path, archive: Path, seed: int) -> None:
    torch.manual_seed(seed)
    ops = torch.jit.load(str(archive))
    case = Case("kernels", {"kind": "kernels", "calls": []})
    with torch.no_grad(), torch.jit.optimized_execution(False):
        for i, (name, arguments) in enumerate(calls()):
            call(case, i, name, arguments, ops)
    case.write(root)


def call(case: Case, i: int, name: str, arguments: Arguments, ops: Any) -> None:
    """Arguments, those that the kernel wrote into as they are afterwards, and results."""
    lists = [a for a in arguments if isinstance(a, list)]
    flat = [t for a in arguments for t in (a if isinstance(a, list) else [a])]
    for k, t in enumerate(flat):
        case.add(f"{i}/in.{k}", t)
    before = [t.clone() for t in flat]
    formula = {"decode": decode, "decode_eval": decode_eval, "logits": logits}.get(name)
    results = (formula or getattr(ops, name))(*arguments)
    results = results if isinstance(results, tuple) else (results,)
    for k, t in enumerate(flat):
        if not torch.equal(t, before[k]):
            case.add(f"{i}/after.{k}", t)
    for k, t in enumerate(results):
        case.add(f"{i}/out.{k}", t.contiguous())
    case.facts["calls"].append(
        {"kernel": name, "arguments": len(flat), "lists": [len(x) for x in lists],
         "results": len(results)}
    )


def decode(h, w, b, t, dw, db, n):
    """The tied softmax decoder as a formula: ulmfit makes it of several kernels."""
    p = torch.softmax(h @ w.T + b, 1)
    nll = -p[torch.arange(len(t)), t].log().sum()
    p[torch.arange(len(t)), t] -= 1
    dw += n * (p.T @ h)
    db += n * p.sum(0)
    return nll, n * (p @ w)


def logits(h, w, b):
    return h @ w.T + b


def decode_eval(h, w, b, t):
    z = logits(h, w, b)
    return torch.nn.functional.cross_entropy(z, t, reduction="sum"), (z.argmax(1) == t).sum()


def calls() -> list[tuple[str, Arguments]]:
    r = torch.randn
    ids = torch.randint(0, V, (T, B))
    keep = (torch.rand(T, B, 1) > 0.3).float()
    keep[0] = 1.0
    lstm = [r(4 * H, E) / 3, r(4 * H, H) / 3]
    biases = [r(4 * H) / 3, r(4 * H) / 3]
    state = [r(1, B, H) / 3, r(1, B, H) / 3]
    drop = (torch.rand(4 * H, H) > 0.2).float() / 0.8
    norm = lambda n: [torch.rand(n) + 0.5, r(n), r(n), torch.rand(n) + 0.5]
    labels = torch.randint(0, 3, (B,))
    pooled = r(B, 3 * E)
    head = [*norm(3 * E), r(7, 3 * E), r(7), *norm(7), r(3, 7), r(3)]
    adam = [[r(n) for n in (5, V)] for _ in range(3)] + [[torch.rand(n) for n in (5, V)]]
    steps = [torch.tensor(4.0), torch.tensor(4.0)]
    settings = torch.tensor([1e-2, 0.8, 0.99, 0.1, 1e-5])
    return [
        ("embed", [r(V, E), torch.rand(V, 1), ids]),
        ("embed_backward", [r(V, E), ids, r(T, B, E), torch.rand(T, B, 1), torch.tensor(1)]),
        ("lstm", [r(T, B, E), torch.rand(1, B, E), *state, *lstm, drop, *biases]),
        ("lstm_read", [r(T, B, E), *state, *lstm, *biases]),
        ("decode", [r(T * B, E), r(V, E), r(V), ids.flatten(), r(V, E), r(V),
                    torch.tensor(1 / (T * B))]),
        ("decode_eval", [r(T * B, E), r(V, E), r(V), ids.flatten()]),
        ("logits", [r(T * B, E), r(V, E), r(V)]),
        ("surrogate", [r(T, B, E), torch.rand(1, B, E), r(T, B, E), torch.tensor([2.0, 1.0, 1.0])]),
        ("pool", [r(T, B, E), keep, torch.randint(0, T, (B,)), keep.sum(0)]),
        ("head", [pooled, *[t.clone() for t in head], torch.tensor([1.0, 0.0, 0.0, 1.0])]),
        ("head", [pooled, *[t.clone() for t in head], torch.tensor([0.0, 0.0, 0.0, 0.0])]),
        ("classifier_loss", [r(B, 3), labels, r(T, B, E), keep, torch.tensor([2.0, 1.0])]),
        ("global_norm", [[r(5), r(V, E)]]),
        ("adam_decoupled", [*adam, steps, settings, torch.tensor(1.5)]),
        ("adam_coupled", [*[[t.clone() for t in x] for x in adam], steps, settings,
                          torch.tensor(1.0)]),
    ]
