"""The vector index beside hnswlib, usearch and faiss: same vectors, one thread, CPU time, in turns, medians.

    bench_index.py PROGRAM FOLDER [--plot FILE] [--rounds N] [--rows N] [--peers NAME,…]
      [--parts speed,wide,growth,changes]

FOLDER keeps vectors and indexes between runs. With fewer rows than 200,000 the first of them are taken, and what is
larger is left out. Speeds are compared at equal recall@10: between the two widths whose recalls lie on either side,
the logarithm of the speed is taken to be a straight line.
"""

import argparse
import json
import math
import pathlib
import statistics
import subprocess
import sys

import numpy

from bench_plot import drawn

HERE = pathlib.Path(__file__).parent
ROWS, QUERIES, DIMENSIONS = 200_000, 1_000, 384
WIDE_ROWS, WIDE_DIMENSIONS = 50_000, 1_536
GROWTH = [1_000, 5_000, 20_000, 50_000, 100_000, 200_000, 500_000]
# The peer of the growth plot takes a quarter of an hour beyond this.
PEER_GROWTH = 200_000
WIDTHS = "20,30,40,50,60,80,100,150,200,300"
RECALLS = (0.95, 0.99)
OURS = "opengpts"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--plot", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--peers", default="hnswlib,usearch-bf16,usearch-i8,faiss,faiss-sq8")
    parser.add_argument("--parts", default="speed,wide,growth,changes")
    options = parser.parse_args()
    bench = Bench(options.program, options.folder, options.rounds, options.rows)
    engines = [OURS] + options.peers.split(",")
    parts = options.parts.split(",")
    bench.prepare()
    if "speed" in parts:
        compare(bench, engines, "sentences", bench.rows, DIMENSIONS)
    if "wide" in parts:
        compare(bench, engines, "wide", min(bench.rows, WIDE_ROWS), WIDE_DIMENSIONS)
    if "growth" in parts:
        growth(bench, options.plot)
    if "changes" in parts:
        print(bench.text("--changes", "--ef", "100"))


class Bench:
    def __init__(self, program, folder, rounds, rows):
        self.program, self.folder, self.rounds, self.rows = program, folder, rounds, rows

    def prepare(self):
        """Sentences, their vectors, and of each set the true neighbours of its queries."""
        self.folder.mkdir(parents=True, exist_ok=True)
        count = self.rows + QUERIES
        lines, vectors = self.folder / "sentences.txt", self.folder / "sentences.f32"
        if not lines.exists() or len(lines.read_text().splitlines()) < count:
            run(sys.executable, HERE / "bench_sentences.py", self.folder / "packages", count, lines)
        if size(vectors) < count * DIMENSIONS * 4:
            run(self.program, "bench", "vectors", "--lines", lines, "--to", vectors)
        if size(self.folder / "sentences" / "vectors.f32") < self.rows * DIMENSIONS * 4:
            sentences = numpy.fromfile(vectors, numpy.float32).reshape(-1, DIMENSIONS)
            self.write("sentences", sentences[:QUERIES], sentences[QUERIES:])

    def write(self, name, queries, vectors):
        place = self.folder / name
        place.mkdir(exist_ok=True)
        queries.tofile(place / "queries.f32")
        vectors.tofile(place / "vectors.f32")

    def ensure(self, name):
        """Sets that are made of the sentences when they are first asked for."""
        if (self.folder / name / "vectors.f32").exists():
            return
        if name == "wide":
            vectors = self.wide()
            return self.write(name, vectors[:QUERIES], vectors[QUERIES:])
        vectors, queries = (self.read("sentences", kind, DIMENSIONS) for kind in ("vectors", "queries"))
        pairs = numpy.random.default_rng(1).integers(0, len(vectors), (GROWTH[-1] - len(vectors), 2))
        between = vectors[pairs[:, 0]] + vectors[pairs[:, 1]]
        self.write(name, queries, numpy.concatenate([vectors, unit(between)]))

    def wide(self):
        """Of each sentence the vectors of the whole, of both halves and of its longer words, one after the other."""
        count = min(self.rows, WIDE_ROWS) + QUERIES
        lines, parts = self.folder / "parts.txt", self.folder / "parts.f32"
        with open(self.folder / "sentences.txt") as sentences:
            texts = [part for _, sentence in zip(range(count), sentences) for part in parts_of(sentence.split())]
        lines.write_text("".join(f"{text}\n" for text in texts))
        run(self.program, "bench", "vectors", "--lines", lines, "--to", parts)
        whole = numpy.fromfile(self.folder / "sentences.f32", numpy.float32, count * DIMENSIONS)
        rest = numpy.fromfile(parts, numpy.float32).reshape(count, -1)
        return unit(numpy.concatenate([whole.reshape(count, -1), rest], axis=1))

    def read(self, name, kind, dimensions):
        return numpy.fromfile(self.folder / name / f"{kind}.f32", numpy.float32).reshape(-1, dimensions)

    def measure(self, engine, name, rows, dimensions, widths=WIDTHS):
        self.ensure(name)
        self.ensure_truth(name, rows, dimensions)
        place = self.folder / name
        if engine != OURS:
            peers = HERE / "bench_peers.py"
            return json.loads(run(sys.executable, peers, engine, place, dimensions, rows, widths))
        index, kept = place / f"{OURS}-{rows}.index", place / f"{OURS}-{rows}.json"
        if not kept.exists():
            index.unlink(missing_ok=True)
        report = json.loads(run(*self.command(name, rows, dimensions), "--index", index, "--ef", widths, "--json"))
        if "build_cpu_seconds" in report:
            kept.write_text(json.dumps(report["build_cpu_seconds"]))
        return report | {"build_cpu_seconds": json.loads(kept.read_text())}

    def command(self, name, rows, dimensions):
        place = self.folder / name
        files = [("--vectors", "vectors.f32"), ("--queries", "queries.f32"), ("--truth", f"truth-{rows}.i32")]
        paths = [part for option, file in files for part in (option, place / file)]
        return [self.program, "bench", "index", *paths, "--dimensions", dimensions, "--rows", rows]

    def text(self, *options):
        self.ensure_truth("sentences", self.rows, DIMENSIONS)
        index = self.folder / "sentences" / f"{OURS}-{self.rows}.index"
        return run(*self.command("sentences", self.rows, DIMENSIONS), "--index", index, *options)

    def ensure_truth(self, name, rows, dimensions):
        path = self.folder / name / f"truth-{rows}.i32"
        if path.exists():
            return
        vectors, queries = (self.read(name, kind, dimensions) for kind in ("vectors", "queries"))
        vectors = vectors[:rows]
        nearest = []
        for start in range(0, len(queries), 50):
            scores = queries[start : start + 50] @ vectors.T
            best = numpy.argpartition(-scores, 100, axis=1)[:, :100]
            order = numpy.argsort(-numpy.take_along_axis(scores, best, 1), axis=1, kind="stable")
            nearest.append(numpy.take_along_axis(best, order, 1).astype(numpy.int32))
        numpy.concatenate(nearest).tofile(path)


def compare(bench, engines, name, rows, dimensions):
    reports = {engine: [] for engine in engines}
    for _ in range(bench.rounds):
        for engine in engines:
            reports[engine].append(bench.measure(engine, name, rows, dimensions))
    base = reports.get("hnswlib", reports[engines[0]])
    print(f"{rows} vectors of {dimensions} dimensions ({name}); hnswlib = 1")
    print("               queries at 0.95   at 0.99   build CPU   resident bytes a vector   opened in")
    for engine, runs in reports.items():
        ratios = [ratio(speed_at(runs, recall), speed_at(base, recall)) for recall in RECALLS]
        build = runs[0]["build_cpu_seconds"] / base[0]["build_cpu_seconds"]
        opened = statistics.median(run["open_seconds"] for run in runs) * 1000
        line = f"  {engine:13} {ratios[0]:>14} {ratios[1]:>9} {build:11.2f} {resident(runs, 'all'):25.0f} {opened:11.1f} ms"
        if engine == OURS:
            line += f" ({resident(runs, 'float'):.0f} of the bytes are float vectors of the file)"
        print(line)
    print(flush=True)


def growth(bench, plot):
    """Microseconds of CPU a search at recall 0.95, by the number of vectors."""
    lines = {OURS: [], "hnswlib": []}
    for rows in sizes(bench):
        name = "sentences" if rows <= ROWS else "grown"
        for engine, points in lines.items():
            if engine == OURS or rows <= PEER_GROWTH:
                runs = [bench.measure(engine, name, rows, DIMENSIONS) for _ in range(bench.rounds)]
                speed = speed_at(runs, 0.95) or max(width["queries_per_cpu_second"] for width in runs[0]["widths"])
                points.append((rows, 1e6 / speed))
    print("microseconds of CPU a search at recall@10 of 0.95")
    for engine, points in lines.items():
        print(f"  {engine:9}" + "".join(f"  {rows}: {time:.0f}" for rows, time in points))
    if plot:
        plot.write_text(drawn(lines, "vectors; CPU time of a search at recall@10 of 0.95, or above it with the narrowest walk"))


def resident(runs, kind):
    """Bytes a vector; ours tells apart what is in the process, and of its file what walks read and float vectors."""
    def bytes_of(run):
        if "residence" not in run:
            return run["resident_bytes_per_vector"]
        kinds = ("anonymous", "walk", "float") if kind == "all" else (kind,)
        return sum(run["residence"][f"{kind}_bytes_per_vector"] for kind in kinds)

    return statistics.median(bytes_of(run) for run in runs)


def speed_at(runs, recall):
    """Queries a second at a recall; of several runs the median at each width. None where no width reaches it."""
    points = []
    for widths in zip(*(run["widths"] for run in runs)):
        speed = statistics.median(width["queries_per_cpu_second"] for width in widths)
        points.append((widths[0]["recall_at10"], speed))
    for (low, fast), (high, slow) in zip(points, points[1:]):
        if low <= recall <= high and low < high:
            share = (recall - low) / (high - low)
            return math.exp((1 - share) * math.log(fast) + share * math.log(slow))
    return None


def ratio(speed, base):
    return f"{speed / base:.2f}" if speed and base else "not reached"


def parts_of(words):
    half = len(words) // 2
    longest = sorted(words, key=len)[half:]
    return [" ".join(words[:half]), " ".join(words[half:]), " ".join(word for word in words if word in longest)]


def unit(vectors):
    return (vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)).astype(numpy.float32)


def run(*command):
    return subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, text=True).stdout


def sizes(bench):
    """The largest of them are more than there are sentences; see `ensure`."""
    return [rows for rows in GROWTH if rows <= bench.rows or bench.rows == ROWS]


def size(path):
    return path.stat().st_size if path.exists() else 0


if __name__ == "__main__":
    main()
