"""One vector index of those people pick, measured as `opengpts bench index` measures ours.

    bench_peers.py PEER FOLDER DIMENSIONS ROWS WIDTHS

Opens PEER's index of the first ROWS vectors in FOLDER, building and keeping it where there is none, and prints JSON.
One thread, CPU time, M = 16, efConstruction = 200.
"""

import json
import pathlib
import sys
import time

import numpy

M, BUILD_WIDTH, COUNT = 16, 200, 10


class HNSWlib:
    def __init__(self, dimensions):
        import hnswlib

        self.index = hnswlib.Index(space="ip", dim=dimensions)
        self.index.set_num_threads(1)

    def build(self, vectors):
        self.index.init_index(max_elements=len(vectors), M=M, ef_construction=BUILD_WIDTH)
        self.index.add_items(vectors, num_threads=1)

    def save(self, path):
        self.index.save_index(path)

    def open(self, path):
        self.index.load_index(path)

    def width(self, width):
        self.index.set_ef(width)

    def search(self, queries):
        return self.index.knn_query(queries, COUNT, num_threads=1)[0]


class USearch:
    def __init__(self, dimensions, kind):
        from usearch.index import Index

        self.index = Index(
            ndim=dimensions, metric="ip", dtype=kind, connectivity=M, expansion_add=BUILD_WIDTH, multi=False
        )

    def build(self, vectors):
        self.index.add(numpy.arange(len(vectors)), vectors, threads=1)

    def save(self, path):
        self.index.save(path)

    def open(self, path):
        self.index.load(path)

    def width(self, width):
        self.index.expansion_search = width

    def search(self, queries):
        return self.index.search(queries, COUNT, threads=1).keys


class Faiss:
    def __init__(self, dimensions, kind):
        import faiss

        self.faiss = faiss
        faiss.omp_set_num_threads(1)
        metric = faiss.METRIC_INNER_PRODUCT
        if kind == "sq8":
            self.index = faiss.IndexHNSWSQ(dimensions, faiss.ScalarQuantizer.QT_8bit, M, metric)
        else:
            self.index = faiss.IndexHNSWFlat(dimensions, M, metric)
        self.index.hnsw.efConstruction = BUILD_WIDTH

    def build(self, vectors):
        self.index.train(vectors)
        self.index.add(vectors)

    def save(self, path):
        self.faiss.write_index(self.index, path)

    def open(self, path):
        self.index = self.faiss.read_index(path)

    def width(self, width):
        self.index.hnsw.efSearch = width

    def search(self, queries):
        return self.index.search(queries, COUNT)[1]


PEERS = {
    "hnswlib": HNSWlib,
    "usearch-bf16": lambda dimensions: USearch(dimensions, "bf16"),
    "usearch-i8": lambda dimensions: USearch(dimensions, "i8"),
    "faiss": lambda dimensions: Faiss(dimensions, "flat"),
    "faiss-sq8": lambda dimensions: Faiss(dimensions, "sq8"),
}


def main(name, folder, dimensions, rows, widths):
    folder = pathlib.Path(folder)
    path = folder / f"{name}-{rows}.index"
    kept = folder / f"{name}-{rows}.json"
    if not path.exists():
        build(name, folder, dimensions, rows, path, kept)
    report = json.loads(kept.read_text())
    queries = read(folder / "queries.f32", dimensions)
    truth = numpy.fromfile(folder / f"truth-{rows}.i32", numpy.int32).reshape(len(queries), 100)[:, :COUNT]
    peer = PEERS[name](dimensions)
    before, start = resident(), time.monotonic()
    peer.open(str(path))
    report["open_seconds"] = time.monotonic() - start
    report["resident_bytes_per_vector"] = (resident() - before) / rows
    report["widths"] = [measured(peer, queries, truth, width) for width in widths]
    print(json.dumps(report))


def build(name, folder, dimensions, rows, path, kept):
    vectors = numpy.array(read(folder / "vectors.f32", dimensions)[:rows])
    peer = PEERS[name](dimensions)
    start = time.process_time()
    peer.build(vectors)
    kept.write_text(json.dumps({"build_cpu_seconds": time.process_time() - start}))
    peer.save(str(path))


def measured(peer, queries, truth, width):
    peer.width(width)
    peer.search(queries[:100])
    start = time.process_time()
    found = peer.search(queries)
    seconds = time.process_time() - start
    hits = sum(len(set(row) & set(true)) for row, true in zip(found.tolist(), truth.tolist()))
    return {
        "width": width,
        "recall_at10": hits / truth.size,
        "queries_per_cpu_second": len(queries) / seconds,
    }


def read(path, dimensions):
    return numpy.memmap(path, numpy.float32, "r").reshape(-1, dimensions)


def resident():
    fields = pathlib.Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * 4096


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), [int(w) for w in sys.argv[5].split(",")])
