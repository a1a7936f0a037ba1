"""A run of `medweave baseline tfidf --store STORE` beside scikit-learn: same notes, labels, TF-IDF settings, penalty and threshold procedure.

python compare.py --store STORE --data DATA --run RUN [--tolerance 1e-4]
"""
import argparse
import json
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet
import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, precision_recall_curve

parser = argparse.ArgumentParser()
for name in ("store", "data", "run"):
    parser.add_argument(f"--{name}", type=Path, required=True)
parser.add_argument("--tolerance", type=float, default=1e-4)
args = parser.parse_args()

config = json.loads((args.run / "manifest.json").read_text())["config"]["baseline"]
task = json.loads((args.run / "task.json").read_text())
ours = json.loads((args.run / "evaluation.json").read_text())
column = {(label["system"], label["code"]): i for i, label in enumerate(task["labels"])}

notes = parquet.read_table(args.store / "notes.parquet", columns=["visit_id", "text"]).to_pydict()
text_of = dict(zip(notes["visit_id"], notes["text"]))
visits = parquet.read_table(args.data / "visits.parquet", columns=["visit_id", "split", "labelled"]).to_pylist()
gold = parquet.read_table(args.data / "gold.parquet", columns=["visit_id", "system", "code"]).to_pylist()
carried = {}
for row in gold:
    label = column.get((row["system"], row["code"]))
    if label is not None:
        carried.setdefault(row["visit_id"], []).append(label)
with_codes = {row["visit_id"] for row in gold if row["system"] in {system for system, _ in column}}


def split(name):
    ids = [v["visit_id"] for v in visits if v["split"] == name and v["labelled"] and v["visit_id"] in with_codes]
    matrix = np.zeros((len(ids), len(column)), dtype=np.int8)
    for i, visit in enumerate(ids):
        matrix[i, carried.get(visit, [])] = 1
    return [text_of.get(visit, "") for visit in ids], matrix


def tuned(y, scores):
    """The mimic-icd-coder's thresholds.py."""
    thresholds = np.full(y.shape[1], config["thresholds"]["fallback"], dtype=np.float32)
    for j in range(y.shape[1]):
        if y[:, j].sum() >= config["thresholds"]["min_support"]:
            precision, recall, at = precision_recall_curve(y[:, j], scores[:, j])
            total = precision[:-1] + recall[:-1]
            f1 = np.where(total > 0, 2 * precision[:-1] * recall[:-1] / np.where(total > 0, total, 1), 0)
            thresholds[j] = at[int(np.argmax(f1))]
    return thresholds


tfidf, regression = config["tfidf"], config["regression"]
(train_texts, y_train), (dev_texts, y_dev) = split("train"), split("dev")
vectorizer = TfidfVectorizer(ngram_range=tuple(tfidf["ngrams"]), min_df=tfidf["min_df"], max_features=tfidf["max_features"],
                             sublinear_tf=tfidf["sublinear"], strip_accents="unicode" if tfidf["strip_accents"] else None)
start = time.time()
x_train, x_dev = vectorizer.fit_transform(train_texts), vectorizer.transform(dev_texts)
scores = np.zeros(y_dev.shape, dtype=np.float32)
for j in range(y_train.shape[1]):
    if y_train[:, j].all() or not y_train[:, j].any():
        scores[:, j] = y_train[0, j]
        continue
    # liblinear penalises the intercept, lbfgs does not.
    solver = "liblinear" if regression["intercept"] == "penalised" else "lbfgs"
    model = LogisticRegression(C=regression["C"], class_weight=None if regression["class_weight"] == "none" else "balanced",
                               solver=solver, max_iter=1000, tol=args.tolerance, random_state=42)
    scores[:, j] = model.fit(x_train, y_train[:, j]).predict_proba(x_dev)[:, 1]
seconds = time.time() - start
thresholds = tuned(y_dev, scores)
micro = f1_score(y_dev, scores >= thresholds, average="micro", zero_division=0)
macro = f1_score(y_dev, scores >= thresholds, average="macro", zero_division=0)
dev = next(one for one in ours["splits"] if one["split"] == "dev")
figures = dev["figures"]["mimic-icd-coder"]
print(f"scikit-learn {sklearn.__version__}, numpy {np.__version__}: {len(train_texts)} training and {len(dev_texts)} dev notes, {y_train.shape[1]} labels, {seconds:.1f} s")
print(f"terms: {len(vectorizer.vocabulary_)}, medweave {ours['terms']}; visits of dev: medweave {dev['visits']}")
terms = json.loads((args.run / "terms.json").read_text())["terms"]
print(f"terms of one only: {len(set(terms) ^ set(vectorizer.vocabulary_))}")
for name, theirs in (("micro_f1", micro), ("macro_f1", macro)):
    print(f"{name}: scikit-learn {theirs:.5f}, medweave {figures[name]:.5f}, difference {figures[name] - theirs:+.5f}")
