"""Distinct English sentences from Debian's packaged dictionaries, references and manuals, one a line.

    bench_sentences.py FOLDER COUNT FILE

FOLDER keeps the packages between runs. Sentences of 8 to 40 words are taken in the order of their hashes, so that
any first part of the file is an even sample of all of them.
"""

import gzip
import hashlib
import html
import pathlib
import re
import subprocess
import sys

PACKAGES = (
    "apache2-doc bash-doc debian-handbook debian-policy debian-reference-en developers-reference dict-gcide "
    "git-doc linux-doc-6.1 perl-doc postgresql-doc-15 python3.11-doc wordnet-base"
).split()

WORD_COUNTS = range(8, 41)
PARAGRAPH = re.compile(r"<(p|dd|li)\b[^>]*>(.*?)(?=</?(?:p|dd|li|ul|ol|dl|pre|table|div|h\d)\b)", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
SPACE = re.compile(r"\s+")
SENTENCE_END = re.compile(r"(?<=[a-z0-9)\"'][.!?])\s+(?=[A-Z\"(])")
WORD = re.compile(r"^[(\"']*[A-Za-z][a-z'-]*[)\"']*[,.;:!?]*$")


def main(folder, count, target):
    root = unpacked(pathlib.Path(folder))
    sentences = {}
    for paragraph in paragraphs(root):
        for sentence in SENTENCE_END.split(SPACE.sub(" ", paragraph).strip()):
            if reads_as_prose(sentence):
                sentences.setdefault(likeness(sentence), sentence)
    if len(sentences) < count:
        sys.exit(f"Only {len(sentences)} sentences were found; {count} are wanted.")
    ordered = sorted(sentences.values(), key=lambda text: hashlib.sha256(text.encode()).digest())
    pathlib.Path(target).write_text("".join(f"{text}\n" for text in ordered[:count]))
    print(f"{count} of {len(sentences)} sentences")


def unpacked(folder):
    root = folder / "root"
    if not (folder / "unpacked").exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["apt-get", "download", "-qq", *PACKAGES], cwd=folder, check=True)
        for package in sorted(folder.glob("*.deb")):
            subprocess.run(["dpkg-deb", "-x", package, root], check=True)
            package.unlink()
        (folder / "unpacked").touch()
    return root


def paragraphs(root):
    for path in sorted((root / "usr/share/wordnet").glob("data.*")):
        for line in path.read_text(errors="replace").splitlines():
            # A gloss: what the word means, then examples in quotation marks.
            yield from line.partition(" | ")[2].split('; "')
    for path in sorted((root / "usr/share/dictd").glob("*.dz")):
        yield from re.split(r"\n\s*\n|\n\s*\d+\. |\s*\[[^\]\n]{3,40}\]", text_of(path))
    for path in sorted(path for path in (root / "usr").rglob("*") if path.is_file()):
        yield from paragraphs_of_page(path)


def paragraphs_of_page(path):
    # Pages of a manual that is there in other languages too have names like index.de.html.
    if re.search(r"/[a-z]{2}(-[A-Z]{2})?/|\.(?!en)[a-z]{2}(-[a-z]{2})?(\.[a-z0-9-]+)?\.html", str(path)):
        return []
    if path.name.endswith((".html", ".html.gz")):
        return [html.unescape(TAG.sub("", found[1])) for found in PARAGRAPH.findall(text_of(path))]
    if path.name.endswith((".txt", ".txt.gz", ".rst.gz", ".pod")):
        return re.split(r"\n\s*\n", text_of(path))
    return []


def text_of(path):
    opened = gzip.open if path.suffix in (".gz", ".dz") else open
    with opened(path, "rt", encoding="utf-8", errors="replace") as file:
        return file.read()


def reads_as_prose(sentence):
    words = sentence.split(" ")
    if len(words) not in WORD_COUNTS or not sentence.isascii():
        return False
    return sum(WORD.match(word) is not None for word in words) >= 0.8 * len(words)


def likeness(sentence):
    """The same for sentences that differ in case, figures and marks alone."""
    return re.sub(r"[^a-z]", "", sentence.lower())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
