"""Makes sets of questions with known answers, to judge search by, out of documentation that Debian packages.

    apt-get download manpages manpages-de manpages-zh git-man coreutils \
        debian-faq debian-faq-de debian-faq-zh-cn debian-handbook
    for package in *.deb; do dpkg -x $package unpacked; done
    make_retrieval_sets.py unpacked sets

Writes a folder for each set, as `opengpts bench retrieval` reads it (the layout of BEIR):

man-en, man-de, man-zh        what a manual page is for, in the words of its NAME line -> the page without that line
handbook-en, handbook-de,     the heading of a section -> the section without its heading;
handbook-zh                   of the Debian handbook and the Debian FAQ
"""
import collections
import gzip
import html.parser
import json
import pathlib
import re
import sys


def main(source, target):
    share = pathlib.Path(source) / "usr/share"
    for name, folder in (("man-en", "man"), ("man-de", "man/de"), ("man-zh", "man/zh_CN")):
        save(pathlib.Path(target) / name, manual_pages(share / folder))
    for language, handbook, faq in (
        ("en", "en-US", ".en.html"), ("de", "de-DE", "de/*.de.html"), ("zh", "zh-CN", "zh-cn/*.zh-cn.html"),
    ):
        pages = sorted((share / "doc/debian-handbook/html" / handbook).glob("*.html"))
        pages += sorted((share / "doc/debian/FAQ").glob(faq if "/" in faq else "*" + faq))
        save(pathlib.Path(target) / f"handbook-{language}", sections(pages))


def save(folder, pairs):
    """Texts with their questions; a question that several texts answer counts for each of them."""
    answers = collections.defaultdict(list)
    folder.joinpath("qrels").mkdir(parents=True, exist_ok=True)
    with open(folder / "corpus.jsonl", "w") as corpus:
        for number, (question, text) in enumerate(pairs):
            corpus.write(json.dumps({"_id": f"d{number}", "title": "", "text": text}, ensure_ascii=False) + "\n")
            if question:
                answers[question].append(f"d{number}")
    with open(folder / "queries.jsonl", "w") as queries, open(folder / "qrels/test.tsv", "w") as judgements:
        judgements.write("query-id\tcorpus-id\tscore\n")
        for number, (question, found) in enumerate(answers.items()):
            queries.write(json.dumps({"_id": f"q{number}", "text": question}, ensure_ascii=False) + "\n")
            judgements.writelines(f"q{number}\t{document}\t1\n" for document in found)
    print(folder.name, number, "questions")


# Manual pages; the longest would be half of all text

LONGEST = 20_000

def manual_pages(folder):
    for path in sorted(folder.glob("man[1-8]/*.gz")):
        raw = gzip.open(path, "rt", encoding="utf-8", errors="replace").read()
        if raw.startswith(".so ") or path.is_symlink():
            continue
        lines = plain(raw)
        heads = [place for place, line in enumerate(lines) if line.startswith("\x01")]
        if len(heads) < 3:
            continue
        name = " ".join(lines[heads[0] + 1:heads[1]])
        parts = re.split(r"\s(?:-|–|—|--)\s|\s*\\\(em\s*", name, maxsplit=1)
        purpose = parts[1].strip() if len(parts) == 2 else ""
        text = "\n".join(lines[heads[1]:]).replace("\x01", "\n")
        if 300 < len(text) < LONGEST:
            yield (purpose if 8 <= len(purpose) <= 200 else ""), text


ROFF = re.compile(r"\\f(?:\[[^]]*\]|\(..|.)|\\[&%/,|^)]|\\s[-+]?\d")


def plain(raw):
    """The lines of a manual page without its markup; a section's begins with a mark."""
    lines = []
    for line in raw.splitlines():
        line = ROFF.sub("", line).replace("\\-", "-").replace("\\(en", "–").replace("\\e", "\\").replace("\\ ", " ")
        if re.match(r"[.'][ \t]*S[Hh]\b", line):
            lines.append("\x01" + line[3:].strip().strip('"'))
        elif re.match(r"[.'][ \t]*(B|I|R|SS|Ss|SM|SB|[BIR]{2}|Nm|Nd|Fl|Ar|Xr|Pa|It|Em|Sy|Ic)\b", line):
            lines.append(re.sub(r"^[.'][ \t]*\w+\s*", "– " if ".Nd" in line else "", line).replace('"', ""))
        elif not line.startswith((".", "'")):
            lines.append(line)
    return lines


# Sections of web pages

def sections(pages):
    seen = set()
    for page in pages:
        reader = Sections()
        reader.feed(page.read_text(encoding="utf-8", errors="replace"))
        reader.close()
        for heading, text in reader.found:
            heading = re.sub(r"^\s*(Chapter|Kapitel|第)?\s*[\d.]+\s*(章)?\.?\s*", "", " ".join(heading.split()))
            text = re.sub(r"\n\s*\n+", "\n\n", text).strip()
            if len(text) < 200 or text in seen:
                continue
            seen.add(text)
            telling = len(heading.split()) > 2 or (len(heading) > 4 and not heading.isascii())
            yield (heading if telling else ""), text


class Sections(html.parser.HTMLParser):
    """The text between one heading and the next, each with its heading."""

    def __init__(self):
        super().__init__()
        self.found = []
        self.heading, self.text, self.in_heading, self.skipped = "", "", False, 0

    def handle_starttag(self, tag, attributes):
        if tag in ("h1", "h2", "h3", "h4"):
            self.flush()
            self.in_heading = True
        elif tag in ("script", "style", "dl") and (tag != "dl" or ("class", "toc") in attributes):
            self.skipped += 1
        elif tag in ("p", "div", "li", "pre", "td"):
            self.text += "\n\n"

    def handle_endtag(self, tag):
        if tag in ("h1", "h2", "h3", "h4"):
            self.in_heading = False
        elif tag in ("script", "style") or (tag == "dl" and self.skipped):
            self.skipped -= 1

    def handle_data(self, data):
        if self.in_heading:
            self.heading += data
        elif not self.skipped:
            self.text += data

    def flush(self):
        if self.heading:
            self.found.append((self.heading, self.text))
        self.heading, self.text = "", ""

    def close(self):
        super().close()
        self.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
