"""What Hugging Face's BpeTrainer makes of small corpora, for the tests; or of a large one, beside ulmfit.

    python tokenizer_cases.py cases DIR                    writes DIR/bpe-cases.jsonl, of sentencepiece
                                                           DIR/unigram-case.json, and of fastai around it
                                                           DIR/fastai-rows.jsonl and DIR/fastai.json
    python tokenizer_cases.py bpe TEXTS.jsonl OURS.json    trains on the texts as OURS was trained and
                                                           compares pieces and merges; exit 1 if they differ
    python tokenizer_cases.py unigram TEXTS.jsonl HELD_OUT.jsonl OURS.json
                                                           trains sentencepiece on the texts and compares the
                                                           log-likelihood of a held-out character; exit 1 if
                                                           ours is more than 1% below

TEXTS.jsonl holds {"text": ...} lines, OURS.json is what this made of them:

    ulmfit train-tokenizer TEXTS.jsonl --type bpe|unigram --size N --rules none --out OURS.json

--min-count and --longest-run are given here as they were given there. Needs the packages tokenizers and
sentencepiece; cases also fastai.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from functools import reduce
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

SPECIALS = ["xxunk", "xxpad", "xxbos", "xxeos", "xxfld", "xxrep", "xxwrep", "xxup", "xxmaj"]

LANGUAGES = [
    "the lower the better: lowest, lower, low; newer, newest and new again",
    "der Dampfschifffahrtskapitän fährt, der Kapitän fuhr, die Fahrt war fürchterlich",
    "молоко и молочный, река и речной, дорога и дорожный путь",
    "这家店的菜很好吃,这家店的服务也很好,下次还来这家店",
    "このみせのりょうりはおいしい、このみせのサービスもいい",
    "ร้านนี้อาหารอร่อยมาก ร้านนี้บริการดีมาก",
    "الكتاب والكتب والمكتبة، الكاتب يكتب كتابا في المكتبة",
    "किताब और किताबें, पढ़ना और पढ़ाई, लिखना और लिखाई",
    "good 😀😀😀 film 😀 👩‍👩‍👧 👩‍👩‍👧 e\u0301te\u0301 été",
    "two  blanks   and\ttabs\nline ends\n\n and \u00a0 others, a ▁ of its own ",
]

MARKED = [
    "xxbos xxmaj the film was xxup great xxrep 3 ! and the xxmaj ending xxwrep 4 no",
    "xxbos xxmaj axxmaj is no mark, nor xxmajor; (xxup) is one, xxup xxup too",
    "xxbos  xxfld 1 a title  xxfld 2 the film was good xxeos",
]


def words_of(letters: str, count: int, longest: int, seed: int) -> list[str]:
    draw = random.Random(seed)
    return [
        " ".join("".join(draw.choices(letters, k=draw.randint(1, longest))) for _ in range(8))
        for _ in range(count)
    ]


def train(texts: list[str], size: int, least: int, specials: list[str], longest: int) -> dict:
    steps = [pre_tokenizers.Metaspace()]
    if marks := [s for s in specials if any(s in text for text in texts)]:
        mark = Regex(r"\s*(?<!\w)(?:" + "|".join(marks) + r")(?!\w)")
        steps.insert(0, pre_tokenizers.Split(mark, "removed"))
    if longest:
        steps.append(pre_tokenizers.Split(Regex(r"[\s\S]{1,%d}" % longest), "isolated"))
    tokenizer = Tokenizer(models.BPE(unk_token="xxunk"))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(steps) if len(steps) > 1 else steps[0]
    trainer = trainers.BpeTrainer(
        vocab_size=size, min_frequency=least, show_progress=False, special_tokens=specials
    )
    tokenizer.train_from_iterator(texts, trainer, length=len(texts))
    model = json.loads(tokenizer.to_str())["model"]
    pieces = sorted(model["vocab"], key=model["vocab"].get)
    return {"pieces": pieces, "merges": model["merges"]}


def cases(args: argparse.Namespace) -> None:
    plans = [
        ("languages", LANGUAGES, 400, 0, SPECIALS, 0),
        ("languages, two at least", LANGUAGES, 400, 2, SPECIALS[:2], 0),
        ("languages, cut at 8", LANGUAGES, 300, 0, SPECIALS[:2], 8),
        ("marks", MARKED, 150, 0, SPECIALS, 0),
        ("one letter", ["a aa aaa aaaa aaaaa aaaaaaaaaaa"], 20, 0, ["xxunk"], 0),
        ("all tied", [" ".join("abcdefgh"[i] + "hgfedcba"[j] for i in range(8) for j in range(8))], 99, 0, ["xxunk"], 0),
    ]
    for seed, letters in enumerate(["ab", "ab", "abc", "abc", "abcd", "一二三"]):
        texts = words_of(letters, 12, 14, seed)
        plans.append((f"random words of {letters}, seed {seed}", texts, 250, 0, ["xxunk"], 0))
    # runs of one letter make a piece in several ways
    for seed, letters in enumerate(["aab", "aaab", "aaabbb", "aaaab", "aaabc"]):
        texts = words_of(letters, 30, 24, seed)
        plans.append((f"runs of {letters}, seed {seed}", texts, 150, 0, ["xxunk"], 0))
    target = Path(args.dir)
    with (target / "bpe-cases.jsonl").open("w", encoding="utf-8") as out:
        for name, texts, size, least, specials, longest in plans:
            made = train(texts, size, least, specials, longest)
            # its order within equal entries is that of a hash: what varies is no case
            steady = all(train(texts, size, least, specials, longest) == made for _ in range(5))
            print(f"{name}: {len(made['merges'])} merges{'' if steady else ', not the same each time'}")
            if steady:
                row = {"name": name, "texts": texts, "size": size, "leastCount": least}
                row |= {"specials": specials, "longestRun": longest, **made}
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
    unigram_case(target)
    fastai_case(target)


def sentencepiece_pieces(texts: list[str], size: int, threads: int = 1) -> dict[str, float]:
    import sentencepiece

    with tempfile.TemporaryDirectory() as folder:
        sentencepiece.SentencePieceTrainer.Train(
            sentence_iterator=iter(text.replace("\n", " ") for text in texts),
            model_prefix=f"{folder}/spm",
            model_type="unigram",
            vocab_size=size,
            character_coverage=1.0,
            normalization_rule_name="identity",
            unk_id=0, bos_id=-1, eos_id=-1, pad_id=1,
            max_sentence_length=1 << 30,
            num_threads=threads,
            minloglevel=2,
        )
        return vocabulary(Path(folder, "spm.vocab"), 2)


def vocabulary(file: Path, specials: int) -> dict[str, float]:
    rows = [line.rsplit("\t", 1) for line in file.read_text(encoding="utf-8").split("\n")]
    return {row[0]: float(row[1]) for row in rows[specials:] if len(row) == 2}


def words_in(texts: list[str]) -> Counter[str]:
    parts = (word for text in texts for word in text.replace("\n", " ").split(" ") if word)
    return Counter("\u2581" + word for word in parts)


def sample(name: str) -> list[str]:
    folder = Path(__file__).parents[2] / "src/main/resources/org/ulmfit/sample"
    lines = (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def unigram_case(target: Path) -> None:
    """Trained on the sample that ships with ulmfit, measured on its other part."""
    size = 1000
    best, ways = log_likelihoods(sentencepiece_pieces(sample("train"), size), words_in(sample("test")))
    case = {"size": size, "specials": 2, "best way": best, "all ways": ways}
    (target / "unigram-case.json").write_text(json.dumps(case) + "\n", encoding="utf-8")


def fastai_case(target: Path) -> None:
    """Tokens of fastai 2's SentencePieceTokenizer, and its pieces as a tokenizer.json."""
    from fastai.text.core import SentencePieceTokenizer, TokenizeWithRules, defaults
    from sentencepiece import SentencePieceNormalizer

    import text_cases

    texts = text_cases.lines(Path(__file__).parent / "lines.txt")
    with tempfile.TemporaryDirectory() as folder:
        tokenizer = SentencePieceTokenizer(vocab_sz=400, cache_dir=folder)
        tokenizer.setup(texts, rules=defaults.text_proc_rules)
        rows = [list(tokens) for tokens in TokenizeWithRules(tokenizer)(texts)]
        pieces = vocabulary(Path(folder, "spm.vocab"), len(SPECIALS) + 1)
    normalizer = SentencePieceNormalizer(
        rule_name="nmt_nfkc", add_dummy_prefix=False, escape_whitespaces=False
    )
    with (target / "fastai-rows.jsonl").open("w", encoding="utf-8") as out:
        for text, tokens in zip(texts, rows):
            ruled = reduce(lambda t, rule: rule(t), defaults.text_proc_rules, text)
            if normalizer.normalize(ruled) == " ".join(ruled.split()):  # else characters change, too
                out.write(json.dumps({"text": text, "tokens": tokens}, ensure_ascii=False) + "\n")
    space = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}
    added = {"single_word": True, "lstrip": True, "rstrip": False, "normalized": False, "special": True}
    ids = [0, *range(len(pieces) + 1, len(pieces) + len(SPECIALS))]
    content = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [{"id": id, "content": s, **added} for id, s in zip(ids, SPECIALS)],
        "normalizer": None,
        "pre_tokenizer": space,
        "post_processor": None,
        "decoder": space,
        "model": {
            "type": "Unigram",
            "unk_id": 0,
            "vocab": [["xxunk", 0.0], *([piece, score] for piece, score in pieces.items())],
            "byte_fallback": False,
        },
    }
    text = json.dumps(content, ensure_ascii=False)
    (target / "fastai.json").write_text(text + "\n", encoding="utf-8")


def bpe(args: argparse.Namespace) -> None:
    with open(args.texts, encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    ours = json.loads(Path(args.ours).read_text(encoding="utf-8"))
    specials = [token["content"] for token in ours["added_tokens"]]
    size = len(ours["model"]["vocab"])
    started = time.perf_counter()
    theirs = train(texts, size, args.min_count, specials, args.longest_run)
    seconds = time.perf_counter() - started
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"tokenizers: {megabytes:.2f} MB in {seconds:.2f} s, {megabytes / seconds:.2f} MB/s, {memory:.0f} MB at most")
    pieces = sorted(ours["model"]["vocab"], key=ours["model"]["vocab"].get)
    same = pieces == theirs["pieces"] and ours["model"]["merges"] == theirs["merges"]
    print(f"{len(theirs['merges'])} merges, {len(pieces)} pieces: {'equal' if same else 'NOT equal'}")
    sys.exit(0 if same else 1)


def log_likelihoods(pieces: dict[str, float], words: Counter[str]) -> tuple[float, float]:
    """Of a character: of the best way to write each word, and of all ways; the scores as probabilities
    that sum to 1, an unknown character 10 below the least."""
    shift = math.log(sum(math.exp(score) for score in pieces.values()))
    scores = {piece: score - shift for piece, score in pieces.items()}
    unknown = min(scores.values()) - 10
    longest = max(map(len, scores))
    best_sum = all_sum = characters = 0.0
    for word, count in words.items():
        best, ways = [0.0], [0.0]
        for end in range(1, len(word) + 1):
            found = [
                (begin, scores[word[begin:end]])
                for begin in range(max(0, end - longest), end)
                if word[begin:end] in scores
            ]
            if not found or found[-1][0] != end - 1:
                found.append((end - 1, unknown))
            best.append(max(best[begin] + score for begin, score in found))
            terms = [ways[begin] + score for begin, score in found]
            most = max(terms)
            ways.append(most + math.log(sum(math.exp(term - most) for term in terms)))
        best_sum += count * best[-1]
        all_sum += count * ways[-1]
        characters += count * len(word)
    return best_sum / characters, all_sum / characters


def unigram(args: argparse.Namespace) -> None:
    ours = json.loads(Path(args.ours).read_text(encoding="utf-8"))
    size = len(ours["model"]["vocab"]) + len(ours["added_tokens"]) - 1
    with open(args.texts, encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    with open(args.held_out, encoding="utf-8") as lines:
        held_out = [json.loads(line)["text"] for line in lines]
    started = time.perf_counter()
    theirs = sentencepiece_pieces(texts, size, args.threads)
    seconds = time.perf_counter() - started
    mine = {piece: score for piece, score in ours["model"]["vocab"][1:]}
    words = words_in(held_out)
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"sentencepiece, {args.threads} threads: {megabytes:.2f} MB in {seconds:.2f} s, {memory:.0f} MB at most")
    print(f"{len(theirs)} pieces of theirs, {len(mine)} of ours, {len(theirs.keys() & mine.keys())} the same")
    a, b = log_likelihoods(theirs, words), log_likelihoods(mine, words)
    for kind, their, our in zip(("best way", "all ways"), a, b):
        print(f"a held-out character, {kind}: theirs {their:.5f}, ours {our:.5f}, {100 * (1 - our / their):+.2f}% of it")
    sys.exit(0 if all(our >= 1.01 * their for their, our in zip(a, b)) else 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("cases")
    command.add_argument("dir")
    command.set_defaults(run=cases)
    command = commands.add_parser("bpe")
    command.add_argument("texts")
    command.add_argument("ours")
    command.add_argument("--min-count", type=int, default=2)
    command.add_argument("--longest-run", type=int, default=64)
    command.set_defaults(run=bpe)
    command = commands.add_parser("unigram")
    command.add_argument("texts")
    command.add_argument("held_out")
    command.add_argument("ours")
    command.add_argument("--threads", type=int, default=2)
    command.set_defaults(run=unigram)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
