"""Exported models against the framework: probabilities of every label, from raw text, for all visits of a prediction file.

    medweave predict --run RUN --data DATA --split test --top 100000 --out predictions.jsonl
    medweave export model --run RUN --out MODEL
    python bench/onnx/compare.py --model MODEL --store STORE --predictions predictions.jsonl

Needs onnxruntime, tokenizers, numpy, pyarrow and onnx (for the checker). The records are made of the store, raw: notes.parquet and codes.parquet.
Says the largest absolute difference, and exits with 1 where it is above --tolerance.
"""
import argparse
import collections
import importlib.util
import json
import pathlib
import sys
import time

import numpy
import onnx
import onnxruntime
import pyarrow.parquet
import tokenizers


def client_of(model):
    """The predict.py that lies beside the model."""
    spec = importlib.util.spec_from_file_location("predict", pathlib.Path(model) / "predict.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def records_of(store, visits):
    """Raw notes and codes of visits, in the order of the file."""
    notes = pyarrow.parquet.read_table(store / "notes.parquet", columns=["visit_id", "text"]).to_pylist()
    texts = {row["visit_id"]: row["text"] for row in notes}
    codes = collections.defaultdict(list)
    for row in sorted(pyarrow.parquet.read_table(store / "codes.parquet").to_pylist(), key=lambda row: row["position"]):
        codes[row["visit_id"]].append({"system": row["system"], "code": row["code"], "kind": row["kind"]})
    return [{"id": visit, "text": texts.get(visit, ""), "codes": codes[visit]} for visit in visits]


def by_label(codes):
    return {(code["system"], code["code"]): code["probability"] for code in codes}


def differences(answers, expected):
    """One row a visit: a difference for each label."""
    for answer in answers:
        got, want = by_label(answer["codes"]), by_label(expected[str(answer["id"])])
        if got.keys() != want.keys():
            sys.exit(f"visit {answer['id']}: {len(want)} labels predicted, {len(got)} exported; write the predictions with a --top above the number of labels")
        yield [abs(got[label] - want[label]) for label in want]


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("model", "store", "predictions"):
        options.add_argument(f"--{name}", required=True, type=pathlib.Path)
    options.add_argument("--tolerance", type=float, default=1e-5)
    options.add_argument("--batch-size", type=int, default=16)
    given = options.parse_args()
    onnx.checker.check_model(str(given.model / "model.onnx"), full_check=True)
    lines = given.predictions.read_text("utf-8").splitlines()
    expected = {row["visit_id"]: row["codes"] for row in map(json.loads, lines)}
    predictor = client_of(given.model).Predictor(given.model)
    records = records_of(given.store, expected)
    started = time.perf_counter()
    answers = list(predictor.predict(records, given.batch_size))
    seconds = time.perf_counter() - started
    found = numpy.array(list(differences(answers, expected)))
    print(f"onnxruntime {onnxruntime.__version__}, tokenizers {tokenizers.__version__}, Python {sys.version.split()[0]}")
    print(f"{found.shape[0]} visits x {found.shape[1]} labels: largest absolute difference {found.max():.2e}, mean {found.mean():.2e}; {len(records) / seconds:.0f} visits a second")
    sys.exit(int(found.max() > given.tolerance))


if __name__ == "__main__":
    main()
