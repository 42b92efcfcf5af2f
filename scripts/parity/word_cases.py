"""Words by PyICU, characters by grapheme, of many scripts: golden/{words,characters}.jsonl.

    pip install PyICU==2.17 grapheme==0.6.0
    python scripts/parity/word_cases.py src/test/resources/golden

Made with ICU 72, whose words differ from later ones at @ alone; no text has one. Characters are
extended grapheme clusters of Unicode 13, which does not join the conjuncts of Indian scripts yet.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import grapheme
import icu

WORDS = {
    "": [
        "这家店的服务很好，味道也不错！",
        "送餐太慢了，一个小时才到，差评。",
        "我住在北京市海淀区，用iPhone 15 Pro拍照。",
        "今天的天氣非常好，我們去公園散步吧。",
        "昨日は友達と映画を見に行きました。",
        "東京タワーからの眺めは最高でした！",
        "ラーメンを２杯食べた。",
        "อาหารอร่อยมาก จะกลับมาอีก",
        "บริการช้าและราคาแพงเกินไป",
        "ร้านนี้มี ๓ สาขา น้ำดีๆ",
        "ភោជនីយដ្ឋាននេះល្អណាស់",
        "ຂ້ອຍມັກກິນເຂົ້າໜຽວ",
        "ဒီစားသောက်ဆိုင်က အရမ်းကောင်းတယ်။",
        "이 영화는 정말 재미있었어요.",
        "هذا الفيلم رائع جدًّا، أنصح به!",
        "הסרט הזה היה ממש טוב, צה״ל ג׳ינס",
        "यह फ़िल्म बहुत अच्छी थी। क्षत्रिय",
        "এই সিনেমাটি খুব ভালো ছিল।",
        "இந்தப் படம் மிகவும் நன்றாக இருந்தது.",
        "ეს ფილმი ძალიან კარგი იყო.",
        "Этот фильм был великолепен, 10 из 10!",
        "Η ταινία ήταν πολύ καλή; ναι.",
        "Bộ phim này rất hay và ý nghĩa.",
        "L'école n'est pas aujourd'hui à 3,14 km.",
        "Der Film war groß; 1.000.000 Zuschauer, z.B. U.S.A.",
        "don't can't it's rock'n'roll e-mail http://x.org/a?b=c",
        "👩‍👩‍👧‍👦🇩🇪🇫🇷👍🏽❤️ 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "a_b snake_case 3.0 1,000.50 12:30 50% $9.99 #tag",
        "བོད་སྐད་ནི་སྐད་ཡིག་ཅིག་རེད།",
        "アイウエオ ｱｲｳｴｵ ﾊﾞﾅﾅ",
        "xxbos xxmaj film xxrep 4 ! xxunk",
        "…—–-()[]{}«»“”„‘’",
        "line one\nline two\t\ttabbed  two blanks",
        "ÅÅ é ñ ﬁ",
    ],
    "fi": ["EU:n maat, klo 12:30 ja K:n kauppa."],
    "sv": ["EU:s länder och tv:n."],
}

APART = ("xx", "\u1000")  # marks stay whole, and Burmese vowels with their letter

CHARACTERS = [
    text
    for texts in WORDS.values()
    for text in texts
    if not any(apart in text for apart in APART)
] + [
    "각하 한글 각가 ꥠힰퟋ",
    "\u1100\uac00 \u1100\u1100\uac01 \uac00\u11a8\u11a8\u1161",
    "é ệ o̧̊ Z̸̤̓a̵",
    "क्षि नी ശ്രീ ක්‍ෂ தமிழ் ങ്",
    "กำ น้ำ ເຂົ້າ ຄຳ",
    "👨🏿‍🚒🧑‍🤝‍🧑🏳️‍🌈🇺🇸🇬🇧🇯",
    "שָׁלוֹם عَرَبِيّ",
    "ｶﾞｷﾞｸﾞ か\u3099は\u309a",
    "a\u200db ب\u200cت",
    "☺️☺︎ ✊🏾 ✊🏾✊🏾 ♀️‍♂️",
]


def pieces(iterator: icu.BreakIterator, text: str) -> list[str]:
    whole = icu.UnicodeString(text)  # ICU counts UTF-16 units
    iterator.setText(whole)
    cuts = [0, *iterator]
    return [str(whole[a:b]) for a, b in zip(cuts, cuts[1:])]


def write(file: Path, cases: list[dict]) -> None:
    lines = [json.dumps(case, ensure_ascii=False) for case in cases]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(out: Path) -> None:
    words = []
    for locale, texts in WORDS.items():
        iterator = icu.BreakIterator.createWordInstance(icu.Locale(locale or "root"))
        for text in texts:
            found = [w for w in pieces(iterator, text) if not w.isspace()]
            words.append({"locale": locale, "text": text, "words": found})
    write(out / "words.jsonl", words)
    write(
        out / "characters.jsonl",
        [{"text": text, "characters": list(grapheme.graphemes(text))} for text in CHARACTERS],
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
