#!/usr/bin/env python3
"""Predicts with the model beside this file: raw notes and codes in, labels with probabilities out.

    pip install onnxruntime tokenizers numpy
    python predict.py records.jsonl > predictions.jsonl

One JSON object a line: {"id": "1", "text": "...", "codes": ["atc:A10B", {"system": "icd10cm", "code": "E11.9"}],
"history": [{"text": "...", "codes": [...]}]}; whatever is absent is absent. `history`: past visits, oldest first,
for medication recommendation. config.json says what is read, how text is cleaned and cut, and what the inputs are.
"""
import argparse
import contextlib
import json
import pathlib
import re
import sys
import unicodedata

import numpy
import onnxruntime
from tokenizers import Tokenizer

HERE = pathlib.Path(__file__).resolve().parent
FORMAT = 1
CODE_SYSTEMS = {
    # system: (kind, canonical form without its dot; the group is the category)
    "icd9cm": ("dx", r"(\d{3}(?=\d{0,2}$)|V\d{2}(?=\d{0,2}$)|E\d{3}(?=\d?$))\w*"),
    "icd10cm": ("dx", r"([A-Z]\d[0-9A-Z])(?=[0-9A-Z]{0,4}$)\w*"),
    "icd9proc": ("px", r"(\d{2})(?=\d{0,2}$)\w*"),
    "icd10pcs": ("px", r"[0-9A-HJ-NP-Z]{1,7}"),
    "atc": ("rx", r"[ABCDGHJLMNPRSV](\d{2}([A-Z]([A-Z](\d{2})?)?)?)?"),
}
ATC_LENGTH = {3: 4, 4: 5, 5: 7}
# That an explained label shows.
PIECES = 5


class Predictor:
    """The model, opened once. Batches are padded to their longest member, so that similar records go well together."""

    def __init__(self, folder=HERE, **session):
        folder = pathlib.Path(folder)
        self.config = read_json(folder / "config.json")
        if self.config["format"] != FORMAT:
            raise ValueError(f"{folder}: format {self.config['format']}, expected {FORMAT}; use the predict.py that lies there")
        self.labels = read_json(folder / "labels.json")["labels"]
        self.kinds = [kind for kind in self.config["reads"] if kind != "text"]
        self.fixed = self.config["fixed_axes"]
        self.open_vocabulary(read_json(folder / "vocab.json")["kinds"])
        self.text = self.config["text"]
        if self.text:
            self.clean = cleaner(self.text["cleaning"])
            self.tokenizer = Tokenizer.from_file(str(folder / self.text["tokenizer"]))
            self.tokenizer.no_truncation()
            self.tokenizer.no_padding()
        self.session = onnxruntime.InferenceSession(str(folder / self.config["model"]["file"]), **session)
        self.inputs = [tensor.name for tensor in self.session.get_inputs()]

    def open_vocabulary(self, kinds):
        first = self.config["codes"]["first_number"]
        self.unknown = self.config["codes"]["special"]["[UNK]"]
        self.number = {(kind, c["system"], c["code"]): first + i for kind, codes in kinds.items() for i, c in enumerate(codes)}
        self.kind_of = {system: kind for system, (kind, _) in CODE_SYSTEMS.items()}
        self.kind_of.update({c["system"]: kind for kind, codes in kinds.items() for c in codes})

    def predict(self, records, batch_size=16, explain=0):
        """Yields one answer a record, in their order. `explain`: so many labels a record with where they looked."""
        if explain and "explain.labels" not in self.inputs:
            raise ValueError("the model has no attention in it; export it --with-attention")
        most = self.fixed.get("batch", batch_size)
        batch, size = [], 0
        for record in records:
            visits = self.visits_of(record)
            if batch and size + len(visits) > most:
                yield from self.run(batch, explain)
                batch, size = [], 0
            batch.append((record, visits))
            size += len(visits)
        if batch:
            yield from self.run(batch, explain)

    def visits_of(self, record):
        """The past visits that are read, and the visit itself."""
        history = self.config["history"]
        past = (record.get("history") or [])[-history["most_visits"]:] if history else []
        if history and not past:
            raise ValueError(f"record {record.get('id', '')}: this model recommends medications from past visits; give `history`")
        return [self.read(visit) for visit in [*past, record]]

    def read(self, visit):
        """Word pieces with their places in the text, and numbers of codes."""
        encoding = self.tokenizer.encode(self.clean(well_formed(visit.get("text") or "")), add_special_tokens=False) if self.text else None
        codes, unknown = {kind: [] for kind in self.kinds}, []
        for given in visit.get("codes") or []:
            kind, number = self.read_code(given)
            if number is not None:
                codes[kind].append(number)
            if number in (None, self.unknown):
                unknown.append(given)
        return {"encoding": encoding, "codes": codes, "unknown": unknown}

    def read_code(self, given):
        """Kind and number of a code; no number where the model knows nothing of the sort."""
        if isinstance(given, str):
            system, _, code = given.partition(":")
            given = {"system": system, "code": code}
        if not isinstance(given, dict) or not all(isinstance(given.get(field), str) for field in ("system", "code")):
            raise ValueError('expected a code as "system:code", e.g. "icd10cm:E11.9", or as {"system", "code", "kind"?}')
        system = given["system"]
        kind = given.get("kind") or self.kind_of.get(system)
        canonical = canonical_code(system, given["code"]) if system in self.kind_of else None
        if canonical is None or kind not in self.kinds:
            return kind, None
        code = at_granularity(kind, system, canonical, self.config["codes"]["granularity"])
        return kind, self.number.get((kind, system, code), self.unknown)

    def run(self, batch, explain):
        visits = [visit for _, of_record in batch for visit in of_record]
        ends = numpy.cumsum([len(of_record) for _, of_record in batch])
        feeds = self.feeds(visits, ends)
        probabilities = self.session.run(["probabilities"], feeds)[0]
        for (record, of_record), end in zip(batch, ends):
            codes = self.ranked(probabilities[end - 1])
            if explain:
                self.explain(codes[:explain], record, visits[end - 1]["encoding"], feeds, end - 1)
            yield {
                "id": record.get("id"),
                "codes": codes,
                "unknown_codes": [code for visit in of_record for code in visit["unknown"]],
                "truncated": any(self.is_truncated(visit["encoding"]) for visit in of_record),
            }

    def ranked(self, probabilities):
        """All labels, the most probable first."""
        shown = ("number", "kind", "system", "code", "title")
        labels = [self.labels[i] for i in numpy.argsort(-probabilities, kind="stable")]
        return [
            {
                **{field: label[field] for field in shown if label[field] is not None},
                "probability": float(probabilities[label["number"]]),
                "predicted": bool(probabilities[label["number"]] > label["threshold"]),
            }
            for label in labels
        ]

    def is_truncated(self, encoding):
        if encoding is None:
            return False
        pieces = len(encoding.ids)
        return pieces > self.text["most_pieces"] or chunks_of(pieces, self.text["chunking"])[-1][1] < pieces

    def feeds(self, visits, ends):
        """The model's inputs. `ends`: the place after each record's own visit."""
        B = self.fixed.get("batch", len(visits))
        if len(visits) > B:
            raise ValueError(f"{len(visits)} visits do not fit the model's fixed batch of {B}; export it with another --shape")
        padding = B - len(visits)
        feeds = {}
        if self.text:
            feeds.update(self.text_feeds([self.pieces_of(visit["encoding"]) for visit in visits] + [[]] * padding))
        for kind in self.kinds:
            feeds.update(self.code_feeds(kind, [visit["codes"][kind] for visit in visits] + [[]] * padding))
        if self.config["history"]:
            feeds["past"] = feeds["past.rx"] = past_of(B, ends)
        feeds["explain.labels"] = numpy.zeros(self.fixed.get("labels", 1), numpy.int32)
        return {name: feeds[name] for name in self.inputs}

    def pieces_of(self, encoding):
        return encoding.ids[: self.text["most_pieces"]]

    def text_feeds(self, notes):
        chunks = [chunks_of(len(note), self.text["chunking"]) for note in notes]
        longest = max(end - start + 2 for of_note in chunks for start, end in of_note)
        C, W = self.fixed.get("chunks", max(map(len, chunks))), self.fixed.get("tokens", longest)
        if longest > W or max(map(len, chunks)) > C:
            raise ValueError(f"a note does not fit the model's fixed {C} chunks of {W} tokens; export it with another --shape")
        special = self.text["special"]
        ids, mask = numpy.full((len(notes), C, W), special["pad"], numpy.int32), numpy.zeros((len(notes), C, W), bool)
        for b, (note, of_note) in enumerate(zip(notes, chunks)):
            for c, (start, end) in enumerate(of_note):
                ids[b, c, : end - start + 2] = [special["cls"], *note[start:end], special["sep"]]
                mask[b, c, : end - start + 2] = True
        return {"text.ids": ids, "text.mask": mask, "text.present": numpy.array([len(note) > 0 for note in notes])}

    def code_feeds(self, kind, lists):
        sets = [list(dict.fromkeys(numbers))[: self.config["codes"]["most_of_a_kind"]] for numbers in lists]
        S = self.fixed.get(f"{kind}_codes", 1 + max(map(len, sets)))
        ids, mask = numpy.zeros((len(sets), S), numpy.int32), numpy.zeros((len(sets), S), bool)
        for b, numbers in enumerate(sets):
            read = [self.config["codes"]["special"]["[CLS]"], *numbers][:S]
            ids[b, : len(read)] = read
            mask[b, : len(read)] = True
        return {f"{kind}.ids": ids, f"{kind}.mask": mask, f"{kind}.present": numpy.array([len(numbers) > 0 for numbers in sets])}

    def explain(self, codes, record, encoding, feeds, row):
        """Adds to each code the word pieces that its label attends to most, as half-open ranges of characters of the raw text."""
        raw = well_formed(record.get("text") or "")
        to_raw = raw_places(raw, self.clean(raw))
        at_once = len(feeds["explain.labels"])
        for first in range(0, len(codes), at_once):
            block = codes[first : first + at_once]
            wanted = numpy.zeros(at_once, numpy.int32)
            wanted[: len(block)] = [code["number"] for code in block]
            attention = self.session.run(["attention"], {**feeds, "explain.labels": wanted})[0][row]
            for code, weights in zip(block, attention):
                pieces = self.piece_weights(weights, len(self.pieces_of(encoding)), feeds["text.ids"].shape[2])
                best = [(piece, *encoding.offsets[piece]) for piece in numpy.argsort(-pieces, kind="stable")[:PIECES]]
                code["pieces"] = [{"start": int(to_raw[start]), "end": int(to_raw[end]), "weight": float(pieces[piece])} for piece, start, end in best]

    def piece_weights(self, weights, pieces, width):
        """From the tokens of all chunks to the pieces of the note; what is paid to [CLS] and [SEP] is dropped."""
        chunks = chunks_of(pieces, self.text["chunking"])
        of_pieces = numpy.zeros(chunks[-1][1])
        for c, (start, end) in enumerate(chunks):
            of_pieces[start:end] += weights[c * width + 1 : c * width + 1 + end - start]
        return of_pieces


def read_json(file):
    return json.loads(file.read_text("utf-8"))


def past_of(B, ends):
    """Row t: 1 / (number of past visits) at the rows that are t's past, which lie before it."""
    past, start = numpy.zeros((B, B), numpy.float32), 0
    for end in ends:
        past[end - 1, start : end - 1] = 1 / max(1, end - 1 - start)
        start = end
    return past


def cleaner(steps):
    """The replacements of config.json, whose patterns are JavaScript's."""
    compiled = [(python_pattern(step["pattern"], step["flags"]), "u" in step["flags"], step["fill"]) for step in steps]

    def clean(text):
        for pattern, reads_characters, fill in compiled:
            # Without the flag u, JavaScript sees a character beyond U+FFFF as two.
            text = text if reads_characters else split_units(text)
            text = pattern.sub(lambda found: fill.ljust(units_in(found.group())), text)
            text = text if reads_characters else join_units(text)
        return text

    return clean


def python_pattern(pattern, flags):
    for name, category, inside in ((r"\p{Lu}", "Lu", False), (r"\p{L}", "L", True)):
        if name in pattern:
            pattern = pattern.replace(name, characters_of(category, inside))
    if "m" in flags:
        pattern = pattern.replace("^", r"(?:^|(?<=[\n\r\u2028\u2029]))", 1)
    return re.compile(pattern, re.ASCII)


def characters_of(category, inside):
    """A class of the characters of a Unicode category, or what stands inside such a class."""
    ranges, start = [], None
    for point in range(0x110000):
        belongs = unicodedata.category(chr(point)).startswith(category)
        if belongs and start is None:
            start = point
        elif not belongs and start is not None:
            ranges.append(f"\\U{start:08x}-\\U{point - 1:08x}")
            start = None
    return "".join(ranges) if inside else f"[{''.join(ranges)}]"


def units_in(text):
    return len(text) + sum(character > "\uffff" for character in text)


def split_units(text):
    if not any(character > "\uffff" for character in text):
        return text
    return "".join(map(chr, numpy.frombuffer(text.encode("utf-16-le"), "<u2")))


def join_units(text):
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def well_formed(text):
    """Half a character of UTF-16, which JSON can hold, becomes U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def raw_places(raw, clean):
    """Character of the cleaned text -> character of the raw one; they have as many units of UTF-16."""
    return numpy.searchsorted(unit_offsets(raw), unit_offsets(clean), side="left")


def unit_offsets(text):
    return numpy.cumsum([0, *(units_in(character) for character in text)])


def chunks_of(pieces, chunking):
    """As few chunks as the window allows, of about equal length: half-open ranges of pieces, one empty range for none."""
    window, overlap, most_tokens = chunking["window"], chunking["overlap"], chunking["maxTokens"]
    content = min(window, most_tokens) - 2
    most = max(1, most_tokens // window)
    readable = min(pieces, content + (most - 1) * (content - overlap))
    if readable <= content:
        return [(0, readable)]
    count = 1 - (content - readable) // (content - overlap)
    length = -(-(readable + (count - 1) * overlap) // count)
    starts = [i * (length - overlap) for i in range(count)]
    return [(start, min(start + length, readable)) for start in starts]


def canonical_code(system, code):
    """Upper case, with its dot where the system has one; None for what is no code of the system."""
    if system not in CODE_SYSTEMS:
        return code.strip().upper() or None
    compact = re.sub(r"\s+", "", code.upper())
    plain = compact if system == "atc" else compact.replace(".", "", 1)
    found = re.fullmatch(CODE_SYSTEMS[system][1], plain, re.ASCII)
    if found is None or system in ("icd10pcs", "atc"):
        return plain if found else None
    category = found.group(1)
    expected = category + ("." + plain[len(category):] if len(plain) > len(category) else "")
    return expected if "." not in compact or compact in (expected, expected + ".") else None


def at_granularity(kind, system, code, granularity):
    if system == "atc":
        return code[: ATC_LENGTH[granularity["atc_level"]]]
    if kind == "rx" or granularity[kind] == "full":
        return code
    return code[:3] if system == "icd10pcs" else re.match(r"[^\W_]*", code).group() or code


def records_in(file):
    with open(file, encoding="utf-8") if file else contextlib.nullcontext(sys.stdin) as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"{file or 'standard input'}:{number}: not JSON ({error.msg}, column {error.colno}); expected one object a line") from None
            if not isinstance(record, dict):
                raise ValueError(f"{file or 'standard input'}:{number}: expected an object with text, codes or both")
            yield record


def main():
    options = argparse.ArgumentParser(description="labels with probabilities for records of visits")
    options.add_argument("records", nargs="?", help="file of one JSON object a line; standard input without it")
    options.add_argument("--top", type=int, help="most labels a record, the most probable; all by default")
    options.add_argument("--predicted", action="store_true", help="only labels above their threshold")
    options.add_argument("--explain", type=int, default=0, metavar="N", help="the word pieces that the N most probable labels look at")
    options.add_argument("--batch-size", type=int, default=16)
    options.add_argument("--model", default=HERE, metavar="FOLDER", help="another exported model than the one beside this file")
    given = options.parse_args()
    try:
        write_answers(given)
    except ValueError as error:
        sys.exit(f"predict.py: {error}")


def write_answers(given):
    for answer in Predictor(given.model).predict(records_in(given.records), given.batch_size, given.explain):
        codes = [code for code in answer["codes"] if code["predicted"] or not given.predicted]
        print(json.dumps({**answer, "codes": codes[: given.top]}, ensure_ascii=False))


if __name__ == "__main__":
    main()
