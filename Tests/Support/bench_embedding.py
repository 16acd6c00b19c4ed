"""What a vector costs in this program, beside torch, ctranslate2 and onnxruntime, as ratios of processor time.

    bench_embedding.py PROGRAM FOLDER_OF_THE_MODEL [ROUNDS]

Every program reads the same texts (strings in, vectors out, tokenizer included), on one thread. They take turns,
and each figure is the median over the turns of a program's processor time for one text: the machine may be busy.
torch runs transformers' BertModel, without the wrapping that sentence-transformers puts around it.
"""
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

SHAPES = [(20, 1), (20, 32), (256, 1), (256, 32)]
WORDS = """the water river house garden music letter number paper table window street school market doctor lawyer
summer winter morning evening bridge island mountain forest engine driver pilot captain soldier artist
writer reader student teacher mother father brother sister friend""".split()
CONFIG = """{"architectures": ["BertModel"], "model_type": "bert", "hidden_size": 384, "num_hidden_layers": 6,
"num_attention_heads": 12, "intermediate_size": 1536, "hidden_act": "gelu", "max_position_embeddings": 512,
"type_vocab_size": 2, "vocab_size": 30522, "layer_norm_eps": 1e-12, "pad_token_id": 0,
"position_embedding_type": "absolute"}"""


def main(program, model, rounds=5):
    rivals = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, maker in (("torch", torch_model), ("ctranslate2 float32", ctranslate(folder, "float32")),
                            ("ctranslate2 int8", ctranslate(folder, "int8")), ("onnxruntime", onnx(folder))):
            try:
                rivals[name] = maker(pathlib.Path(model))
            except Exception as error:  # one that is not installed, or does not run here, is left out
                print(f"{name}: left out ({type(error).__name__}: {str(error)[:120]})")
        check(rivals, model)
        figures = {}
        for _ in range(int(rounds)):
            for shape in SHAPES:
                for precision in ("float32", "int8"):
                    figures.setdefault((f"opengpts {precision}", shape), []).append(
                        ours(program, model, precision, *shape))
                for name, embed in rivals.items():
                    figures.setdefault((name, shape), []).append(measure(embed, *shape))
        show({key: statistics.median(values) for key, values in figures.items()})


def show(figures):
    names = list(dict.fromkeys(name for name, _ in figures))
    print("\nµs of processor time for a text, and how often opengpts in float32 and int8 goes into it")
    print(f"{'':22}" + "".join(f"{f'{t} tokens, batch {b}':>28}" for t, b in SHAPES))
    for name in names:
        cells = []
        for shape in SHAPES:
            value = figures[name, shape]
            ratios = [value / figures[f"opengpts {p}", shape] for p in ("float32", "int8")]
            cells.append(f"{value:12.0f}  {ratios[0]:5.2f}x {ratios[1]:5.2f}x")
        print(f"{name:22}" + "".join(f"{cell:>28}" for cell in cells))


def text(number, tokens):
    return " ".join(WORDS[(number * 7 + place * 3) % len(WORDS)] for place in range(tokens - 2))


def ours(program, model, precision, tokens, batch):
    data = pathlib.Path(model).resolve().parent.parent
    out = subprocess.run(
        [program, "bench", "embedding", "--bare", "--precision", precision, "--tokens", str(tokens), "--batch",
         str(batch), "--seconds", "0.5", "--data", str(data)], capture_output=True, text=True, check=True)
    return float(out.stdout)


def measure(embed, tokens, batch):
    texts = [text(number, tokens) for number in range(batch)]
    embed(texts)
    samples, end = [], time.monotonic() + 0.5
    while not samples or time.monotonic() < end:
        start = time.process_time()
        embed(texts)
        samples.append((time.process_time() - start) * 1e6 / batch)
    return statistics.median(samples)


def check(rivals, model):
    """All make the same vectors, or the figures mean nothing."""
    texts = [text(3, 20), text(5, 100)]
    made = {name: embed(texts) for name, embed in rivals.items()}
    base = next(iter(made.values()))
    for name, vectors in made.items():
        print(f"{name}: cosine with the first {min(float(a @ b) for a, b in zip(vectors, base)):.5f}")


def tokenizer(model):
    from tokenizers import BertWordPieceTokenizer
    made = BertWordPieceTokenizer(str(model / "vocab.txt"), lowercase=True)
    made.enable_truncation(256)
    made.enable_padding()
    return made


def pooled(states, mask):
    vectors = (states * mask[:, :, None]).sum(1) / mask.sum(1)[:, None]
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def torch_model(model):
    import torch
    from safetensors.torch import load_file
    from transformers import BertConfig, BertModel
    torch.set_num_threads(1)
    import json
    bert = BertModel(BertConfig(**json.loads(CONFIG)), add_pooling_layer=False).eval()
    weights = {name.removeprefix("bert."): value for name, value in load_file(model / "model.safetensors").items()}
    bert.load_state_dict(weights, strict=False)
    tokens = tokenizer(model)

    def embed(texts):
        batch = tokens.encode_batch(texts)
        ids = torch.tensor([one.ids for one in batch])
        mask = torch.tensor([one.attention_mask for one in batch])
        with torch.inference_mode():
            states = bert(input_ids=ids, attention_mask=mask).last_hidden_state
        return pooled(states.numpy(), mask.numpy())

    embed.bert = bert
    return embed


def ctranslate(folder, precision):
    def make(model):
        import ctranslate2
        source, target = pathlib.Path(folder) / "source", pathlib.Path(folder) / precision
        if not source.exists():
            source.mkdir()
            (source / "config.json").write_text(CONFIG)
            for name in ("model.safetensors", "vocab.txt"):
                (source / name).symlink_to((model / name).resolve())
        ctranslate2.converters.TransformersConverter(str(source)).convert(str(target), quantization=precision)
        encoder = ctranslate2.Encoder(str(target), compute_type=precision, intra_threads=1, inter_threads=1)
        tokens = tokenizer(model)

        def embed(texts):
            ids = [[i for i, m in zip(one.ids, one.attention_mask) if m] for one in tokens.encode_batch(texts)]
            states = np.array(encoder.forward_batch(ids).last_hidden_state)
            mask = np.array([[1] * len(i) + [0] * (states.shape[1] - len(i)) for i in ids])
            return pooled(states, mask)

        return embed
    return make


def onnx(folder):
    def make(model):
        import onnxruntime
        import torch
        path = pathlib.Path(folder) / "model.onnx"
        bert = torch_model(model).bert
        ids = torch.ones(2, 8, dtype=torch.long)

        class Named(torch.nn.Module):
            def __init__(self, bert):
                super().__init__()
                self.bert = bert

            def forward(self, ids, mask):
                return self.bert(input_ids=ids, attention_mask=mask).last_hidden_state

        axes = {0: "batch", 1: "tokens"}
        torch.onnx.export(
            Named(bert), (ids, ids), str(path), input_names=["ids", "mask"], output_names=["states"],
            dynamic_axes={"ids": axes, "mask": axes, "states": axes}, dynamo=False)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        tokens = tokenizer(model)

        def embed(texts):
            batch = tokens.encode_batch(texts)
            mask = np.array([one.attention_mask for one in batch])
            states = session.run(["states"], {"ids": np.array([one.ids for one in batch]), "mask": mask})[0]
            return pooled(states, mask)

        return embed
    return make


if __name__ == "__main__":
    main(*sys.argv[1:])
