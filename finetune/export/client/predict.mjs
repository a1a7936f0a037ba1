#!/usr/bin/env node
/**
 * Predicts with the model beside this file: raw notes and codes in, labels with probabilities out.
 *
 *     npm install onnxruntime-node tokenizers
 *     node predict.mjs records.jsonl > predictions.jsonl
 *
 * One JSON object a line, as for predict.py: {"id": "1", "text": "...", "codes": ["atc:A10B", {"system": "icd10cm", "code": "E11.9"}],
 * "history": [{"text": "...", "codes": [...]}]}; whatever is absent is absent. config.json says what is read, how text is cleaned and cut,
 * and what the inputs are. In a program: `const { predict } = await openPredictor(folder); for await (const answer of predict(records)) …`
 */
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const FORMAT = 1;
/** System → kind, and the canonical form without its dot; group 1 is the category. */
const CODE_SYSTEMS = {
  icd9cm: ['dx', /^(\d{3}(?=\d{0,2}$)|V\d{2}(?=\d{0,2}$)|E\d{3}(?=\d?$))/],
  icd10cm: ['dx', /^([A-Z]\d[0-9A-Z])(?=[0-9A-Z]{0,4}$)/],
  icd9proc: ['px', /^(\d{2})(?=\d{0,2}$)/],
  icd10pcs: ['px', /^[0-9A-HJ-NP-Z]{1,7}$/],
  atc: ['rx', /^[ABCDGHJLMNPRSV](\d{2}([A-Z]([A-Z](\d{2})?)?)?)?$/],
};
const ATC_LENGTH = { 3: 4, 4: 5, 5: 7 };

/** @returns what `config.json` says, and `predict(records, { batchSize })`, which yields one answer a record, in their order */
export async function openPredictor(folder = path.dirname(fileURLToPath(import.meta.url)), sessionOptions = {}) {
  const { default: ort } = await import('onnxruntime-node');
  const json = (name) => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
  const config = json('config.json');
  if (config.format !== FORMAT) throw new Error(`${folder}: format ${config.format}, expected ${FORMAT}; use the predict.mjs that lies there`);
  const { labels } = json('labels.json');
  const readCode = codeReader(config, json('vocab.json'));
  const encode = config.text && (await textReader(config.text, folder));
  const session = await ort.InferenceSession.create(path.join(folder, config.model.file), sessionOptions);

  const readVisit = async (visit) => {
    const codes = Object.fromEntries(config.reads.filter((kind) => kind !== 'text').map((kind) => [kind, []]));
    const unknown = [];
    for (const given of visit.codes ?? []) {
      const { kind, number } = readCode(given);
      if (number !== undefined) codes[kind].push(number);
      if (number === undefined || number === config.codes.special['[UNK]']) unknown.push(given);
    }
    return { pieces: encode ? await encode(visit.text ?? '') : [], codes, unknown };
  };
  const visitsOf = async (record) => {
    const past = config.history ? (record.history ?? []).slice(-config.history.most_visits) : [];
    if (config.history && !past.length) throw new Error(`record ${record.id ?? ''}: this model recommends medications from past visits; give "history"`);
    return Promise.all([...past, record].map(readVisit));
  };
  const run = async (batch) => {
    const visits = batch.flatMap((one) => one.visits);
    const ends = batch.map((_, r) => batch.slice(0, r + 1).reduce((sum, one) => sum + one.visits.length, 0));
    const tensors = { ...feedsOf(config, visits, ends), ...askedLabels(config) };
    const feeds = Object.fromEntries(session.inputNames.map((name) => [name, new ort.Tensor(tensors[name].dtype, tensors[name].data, tensors[name].shape)]));
    const { probabilities } = await session.run(feeds, ['probabilities']);
    return batch.map(({ record, visits: ofRecord }, r) => {
      const row = (ends[r] - 1) * labels.length;
      return {
        id: record.id ?? null,
        codes: ranked(labels, probabilities.data.subarray(row, row + labels.length)),
        unknown_codes: ofRecord.flatMap(({ unknown }) => unknown),
        truncated: ofRecord.some(({ pieces }) => isTruncated(config, pieces.length)),
      };
    });
  };

  async function* predict(records, { batchSize = 16 } = {}) {
    const most = config.fixed_axes.batch ?? batchSize;
    let batch = [];
    let size = 0;
    for await (const record of records) {
      const visits = await visitsOf(record);
      if (batch.length && size + visits.length > most) {
        yield* await run(batch);
        [batch, size] = [[], 0];
      }
      batch.push({ record, visits });
      size += visits.length;
    }
    if (batch.length) yield* await run(batch);
  }
  return { config, labels, predict };
}

const ranked = (labels, probabilities) =>
  labels
    .map(({ number, kind, system, code, title, threshold }) => ({ number, ...(kind && { kind }), system, code, ...(title && { title }), probability: probabilities[number], predicted: probabilities[number] > threshold }))
    .sort((a, b) => b.probability - a.probability);

/** @returns a function from raw text to word pieces */
async function textReader({ cleaning, tokenizer: file }, folder) {
  const { default: library } = await import('tokenizers');
  const tokenizer = library.Tokenizer.fromFile(path.join(folder, file));
  tokenizer.disableTruncation();
  tokenizer.disablePadding();
  const steps = cleaning.map(({ pattern, flags, fill }) => ({ pattern: new RegExp(pattern, flags), fill }));
  const clean = (text) => steps.reduce((left, { pattern, fill }) => left.replace(pattern, (found) => fill.padEnd(found.length)), text);
  return async (text) => (await tokenizer.encode(clean(text.toWellFormed()), null, { addSpecialTokens: false })).getIds();
}

/** @returns a function from a given code to its kind and number; no number where the model knows nothing of the sort */
function codeReader({ codes: { first_number: first, special, granularity }, reads }, { kinds }) {
  const read = reads.filter((kind) => kind !== 'text');
  const all = Object.entries(kinds).flatMap(([kind, codes]) => codes.map(({ system, code }, place) => ({ kind, system, code, number: first + place })));
  const numberOf = new Map(all.map(({ kind, system, code, number }) => [`${kind} ${system} ${code}`, number]));
  const kindOf = { ...Object.fromEntries(Object.entries(CODE_SYSTEMS).map(([system, [kind]]) => [system, kind])), ...Object.fromEntries(all.map(({ system, kind }) => [system, kind])) };
  return (given) => {
    const { system, code, kind: stated } = typeof given === 'string' ? splitCode(given) : (given ?? {});
    if (typeof system !== 'string' || typeof code !== 'string') throw new Error('expected a code as "system:code", e.g. "icd10cm:E11.9", or as {"system", "code", "kind"?}');
    const kind = stated ?? kindOf[system];
    const canonical = Object.hasOwn(kindOf, system) ? canonicalCode(system, code) : null;
    if (canonical === null || !read.includes(kind)) return { kind };
    return { kind, number: numberOf.get(`${kind} ${system} ${atGranularity(granularity, { kind, system, code: canonical })}`) ?? special['[UNK]'] };
  };
}

const splitCode = (given) => ({ system: given.split(':', 1)[0], code: given.includes(':') ? given.slice(given.indexOf(':') + 1) : '' });

/** Upper case, with its dot where the system has one; null for what is no code of the system. */
export function canonicalCode(system, code) {
  if (!Object.hasOwn(CODE_SYSTEMS, system)) return code.trim().toUpperCase() || null;
  const [, pattern] = CODE_SYSTEMS[system];
  const compact = code.toUpperCase().replace(/\s+/g, '');
  const plain = system === 'atc' ? compact : compact.replace('.', '');
  const found = pattern.exec(plain);
  if (!found || system === 'icd10pcs' || system === 'atc') return found ? plain : null;
  const expected = [found[1], plain.slice(found[1].length)].filter(Boolean).join('.');
  return !compact.includes('.') || compact === expected || compact === `${expected}.` ? expected : null;
}

function atGranularity(granularity, { kind, system, code }) {
  if (system === 'atc') return code.slice(0, ATC_LENGTH[granularity.atc_level]);
  if (kind === 'rx' || granularity[kind] === 'full') return code;
  return system === 'icd10pcs' ? code.slice(0, 3) : (/^[\p{L}\p{N}]+/u.exec(code)?.[0] ?? code);
}

/** As few chunks as the window allows, of about equal length: half-open ranges of pieces, one empty range for none. */
function chunksOf(pieces, { window, overlap, maxTokens }) {
  const content = Math.min(window, maxTokens) - 2;
  const most = Math.max(1, Math.floor(maxTokens / window));
  const readable = Math.min(pieces, content + (most - 1) * (content - overlap));
  if (readable <= content) return [[0, readable]];
  const count = 1 + Math.ceil((readable - content) / (content - overlap));
  const length = Math.ceil((readable + (count - 1) * overlap) / count);
  return Array.from({ length: count }, (_, i) => [i * (length - overlap), Math.min(i * (length - overlap) + length, readable)]);
}

function isTruncated({ text }, pieces) {
  return text !== null && (pieces > text.most_pieces || chunksOf(pieces, text.chunking).at(-1)[1] < pieces);
}

/** Of a model with attention in it, which must be asked for some label. */
const askedLabels = ({ fixed_axes: { labels = 1 } }) => ({ 'explain.labels': { dtype: 'int32', shape: [labels], data: new Int32Array(labels) } });

/** The model's inputs for visits of records, one after the other. @param ends place after each record's own visit */
function feedsOf(config, visits, ends) {
  const B = config.fixed_axes.batch ?? visits.length;
  if (visits.length > B) throw new Error(`${visits.length} visits do not fit the model's fixed batch of ${B}; export it with another --shape`);
  const kinds = config.reads.filter((kind) => kind !== 'text');
  const empty = { pieces: [], codes: Object.fromEntries(kinds.map((kind) => [kind, []])) };
  const rows = [...visits, ...Array.from({ length: B - visits.length }, () => empty)];
  return {
    ...(config.text ? textFeeds(config, rows) : {}),
    ...Object.assign({}, ...kinds.map((kind) => codeFeeds(config, kind, rows))),
    ...(config.history ? historyFeeds(B, ends) : {}),
  };
}

function textFeeds({ text, fixed_axes: fixed }, rows) {
  const chunks = rows.map(({ pieces }) => chunksOf(Math.min(pieces.length, text.most_pieces), text.chunking));
  const longest = Math.max(...chunks.flat().map(([start, end]) => end - start + 2));
  const [C, W] = [fixed.chunks ?? Math.max(...chunks.map(({ length }) => length)), fixed.tokens ?? longest];
  if (longest > W || chunks.some(({ length }) => length > C)) throw new Error(`a note does not fit the model's fixed ${C} chunks of ${W} tokens; export it with another --shape`);
  const { pad, cls, sep } = text.special;
  const ids = new Int32Array(rows.length * C * W).fill(pad);
  const mask = new Uint8Array(ids.length);
  chunks.forEach((ofVisit, b) => ofVisit.forEach(([start, end], c) => {
    const at = (b * C + c) * W;
    ids.set([cls, ...rows[b].pieces.slice(start, end), sep], at);
    mask.fill(1, at, at + end - start + 2);
  }));
  const shape = [rows.length, C, W];
  return { 'text.ids': { dtype: 'int32', shape, data: ids }, 'text.mask': { dtype: 'bool', shape, data: mask }, 'text.present': flags(rows.map(({ pieces }) => pieces.length > 0)) };
}

const flags = (values) => ({ dtype: 'bool', shape: [values.length], data: Uint8Array.from(values, Number) });

function codeFeeds({ codes: { special, most_of_a_kind: most }, fixed_axes: fixed }, kind, rows) {
  const sets = rows.map(({ codes }) => [...new Set(codes[kind])].slice(0, most));
  const S = fixed[`${kind}_codes`] ?? 1 + Math.max(...sets.map(({ length }) => length));
  const ids = new Int32Array(rows.length * S);
  const mask = new Uint8Array(ids.length);
  sets.forEach((set, b) => {
    const read = [special['[CLS]'], ...set].slice(0, S);
    ids.set(read, b * S);
    mask.fill(1, b * S, b * S + read.length);
  });
  const shape = [rows.length, S];
  return { [`${kind}.ids`]: { dtype: 'int32', shape, data: ids }, [`${kind}.mask`]: { dtype: 'bool', shape, data: mask }, [`${kind}.present`]: flags(sets.map(({ length }) => length > 0)) };
}

function historyFeeds(B, ends) {
  const data = new Float32Array(B * B);
  ends.forEach((end, r) => {
    const start = r ? ends[r - 1] : 0;
    data.fill(1 / (end - 1 - start), (end - 1) * B + start, (end - 1) * B + end - 1);
  });
  const past = { dtype: 'float32', shape: [B, B], data };
  return { past, 'past.rx': past };
}

async function* recordsIn(file) {
  const lines = readline.createInterface({ input: file === undefined ? process.stdin : fs.createReadStream(file) });
  let number = 0;
  for await (const line of lines) {
    number++;
    if (line.trim()) yield parseRecord(line, `${file ?? 'standard input'}:${number}`);
  }
}

function parseRecord(line, where) {
  let record;
  try {
    record = JSON.parse(line);
  } catch {
    // What JSON.parse says quotes the line, which may be a patient's.
  }
  if (typeof record !== 'object' || record === null || Array.isArray(record)) throw new Error(`${where}: expected a JSON object with text, codes or both`);
  return record;
}

async function main() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { top: { type: 'string' }, predicted: { type: 'boolean' }, 'batch-size': { type: 'string' }, model: { type: 'string' } } });
  const { predict } = await openPredictor(values.model);
  for await (const answer of predict(recordsIn(positionals[0]), { batchSize: Number(values['batch-size'] ?? 16) })) {
    const codes = answer.codes.filter(({ predicted }) => predicted || !values.predicted);
    process.stdout.write(`${JSON.stringify({ ...answer, codes: codes.slice(0, values.top === undefined ? undefined : Number(values.top)) })}\n`);
  }
}

if (process.argv[1] !== undefined && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await main().catch((error) => {
    process.stderr.write(`predict.mjs: ${error.message}\n`);
    process.exitCode = 1;
  });
}
