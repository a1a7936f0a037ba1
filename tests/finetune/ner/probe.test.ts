/** The probe from a store to its report: it learns what is planted, in every form of head and start, and ends as it would have without an interruption. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nerSchema } from '../../../finetune/ner/config.js';
import type { NerEvaluation } from '../../../finetune/ner/evaluation.js';
import { probeNer, type NerOptions } from '../../../finetune/ner/run.js';
import { firstPieces, wordsOf } from '../../../finetune/ner/words.js';
import { modelLanguage } from '../../../pretrain/mlm/run.js';
import { mlmSchema } from '../../../pretrain/mlm/config.js';
import { execute } from '../../../src/cli/execute.js';
import { packageFile } from '../../../src/core/paths.js';
import { silentLogger } from '../../../src/core/log.js';
import { createRng } from '../../../src/core/rng.js';
import { createPieceLocator, openDataset } from '../../../src/dataset/index.js';
import { modelSchema } from '../../../src/encoders/config.js';
import { cacheConfigSchema } from '../../../src/prefix-cache/index.js';
import { sqlString, withDuckDB } from '../../../src/records/store.js';
import { prepareStore, temporaryDirectory, type FixtureVisit } from '../../dataset/store-fixture.js';

const dir = temporaryDirectory();
const store = path.join(dir, 'store');
const data = path.join(dir, 'data');
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }));

/** Findings are diagnoses of one or two words, "se hizo …" is followed by a procedure; the rest is none. */
const findings = ['fiebre', 'tos seca', 'disnea', 'dolor torácico', 'anemia', 'ictericia leve', 'vértigo'];
const procedures = ['ecografía', 'biopsia hepática', 'radiografía', 'punción'];
const fillers = ['Paciente sin alergias.', 'Acude por la mañana a consulta;', 'vive con su familia,', 'no fuma.', 'Buen estado general 😀.'];

interface Planted {
  visit: string;
  kind: 'dx' | 'px';
  start: number;
  end: number;
}

function synthesise(count: number): { visits: FixtureVisit[]; evidence: Planted[] } {
  const rng = createRng('notes');
  const pick = <T>(items: readonly T[]): T => items[rng.integer(items.length)]!;
  const evidence: Planted[] = [];
  const visits = Array.from({ length: count }, (_, v): FixtureVisit => {
    let text = '';
    const mention = (words: string, kind: Planted['kind']): void => {
      const start = Array.from(text).length;
      evidence.push({ visit: `v${v}`, kind, start, end: start + words.length });
      text += words;
    };
    for (let sentence = 0; sentence < 4 + rng.integer(8); sentence++) {
      text += `${pick(fillers)} Presenta `;
      mention(pick(findings), 'dx');
      text += ' y se hizo ';
      mention(pick(procedures), 'px');
      text += '.\n';
    }
    return { visit: `v${v}`, patient: `p${v}`, split: v % 4 === 0 ? 'dev' : 'train', text, dx: ['icd10cm R50.9'] };
  });
  return { visits, evidence };
}

beforeAll(async () => {
  const { visits, evidence } = synthesise(48);
  await prepareStore(dir, visits, { split: { by: 'source' }, tokenizer: { vocabulary_size: 300, lowercase: true } });
  const rows = evidence.map(({ visit, kind, start, end }) => `('${visit}', '${kind}', 'icd10cm', 'R50.9', ${start}, ${end}, '${start} ${end}', '')`);
  await withDuckDB({}, (connection) => connection.run(`copy (select * from (values ${rows.join(', ')}) t(visit_id, kind, system, code, "start", "end", fragments, text)) to ${sqlString(path.join(store, 'evidence.parquet'))} (format parquet)`));
});

const model = modelSchema.parse({ text: { width: 16, layers: 1, heads: 2, feed_forward: 16, window: 32, max_tokens: 64, dropout: 0 } });
const cache = cacheConfigSchema.parse({ enabled: false });

function options(out: string, ner: Record<string, unknown> = {}, more: Partial<NerOptions> = {}): NerOptions {
  return {
    source: { name: 'codiesp', store }, data, out: path.join(dir, out), seed: 1, device: 'cpu', resume: false, force: false, signal: new AbortController().signal, log: silentLogger(),
    config: { model, cache, ner: nerSchema.parse({ training: { epochs: 12, batch_size: 8 }, optimizer: { learning_rate: 0.01 }, ...ner }) },
    ...more,
  };
}

const evaluationOf = (out: string) => JSON.parse(fs.readFileSync(path.join(dir, out, 'evaluation.json'), 'utf8')) as NerEvaluation;
const weightsOf = (out: string) => fs.readFileSync(path.join(dir, out, 'model.safetensors'));

describe('probeNer', () => {
  it('finds what is planted, and writes figures, predictions and an ordinary run', async () => {
    const result = await probeNer(options('crf'));
    expect(result).toMatchObject({ done: true, finished: true });
    const { rows, annotations, types } = evaluationOf('crf');
    expect(types).toEqual(['DIAGNOSTICO', 'PROCEDIMIENTO']);
    expect(rows.map(({ split, name }) => [split, name])).toEqual([['dev', 'model'], ['dev', 'dictionary']]);
    for (const { figures } of rows) expect(figures.micro.f1).toBeGreaterThan(0.95);
    expect(annotations.dev).toMatchObject({ notes: 12, overlapping: 0, inside_words: 0, kept: rows[0]!.figures.micro.gold });
    const predictions = fs.readFileSync(path.join(dir, 'crf', 'predictions-dev.tsv'), 'utf8').trimEnd().split('\n');
    expect(predictions[0]).toBe('document\ttype\tstart\tend');
    expect(predictions).toHaveLength(1 + rows[0]!.figures.micro.predicted);
    expect(fs.readdirSync(path.join(dir, 'crf')).sort()).toEqual(['config.yaml', 'evaluation.json', 'history.jsonl', 'manifest.json', 'model.safetensors', 'predictions-dev.tsv', 'tokenizer.json', 'vocab.json']);
    expect((await probeNer(options('crf'))).done).toBe(false);
  });

  it.each([
    ['softmax', { head: { decoder: 'softmax' } }, 0.95],
    ['an LSTM under the CRF', { head: { lstm: 5 }, training: { epochs: 5, batch_size: 8 } }, 0.6],
    // A random encoder of width 16: what a linear head can still tell.
    ['nothing of the encoder trained', { freeze: 1 }, 0.3],
  ])('learns with %s', async (name, ner, atLeast) => {
    const { evaluation } = await probeNer(options(name, ner));
    expect(evaluation!.rows[0]!.figures.micro.f1).toBeGreaterThan(atLeast);
  });

  it('reads frozen layers as it reads trained ones', async () => {
    const untrained = { training: { epochs: 1, batch_size: 8 }, optimizer: { learning_rate: 1e-12 } };
    await probeNer(options('whole encoder', untrained));
    await probeNer(options('frozen encoder', { ...untrained, freeze: 1 }));
    const [whole, frozen] = ['whole encoder', 'frozen encoder'].map((out) => fs.readFileSync(path.join(dir, out, 'predictions-dev.tsv'), 'utf8')) as [string, string];
    expect(whole.split('\n').length).toBeGreaterThan(50);
    expect(frozen).toBe(whole);
  });

  it('starts from a pre-trained run', async () => {
    const { config: _, source: __, ...request } = options('lm');
    await modelLanguage({ ...request, config: { model, cache, mlm: mlmSchema.parse({ training: { epochs: 1 } }) } });
    const { evaluation } = await probeNer(options('from lm', {}, { from: path.join(dir, 'lm') }));
    expect(evaluation!.rows[0]!.figures.micro.f1).toBeGreaterThan(0.95);
  });

  it('ends, interrupted and resumed, with the same weights and figures', async () => {
    const stop = new AbortController();
    const log = { ...silentLogger(), info: (line: string) => void (/epoch 3/.test(line) && stop.abort()) } as never;
    const stopped = await probeNer(options('resumed', {}, { signal: stop.signal, log }));
    expect(stopped.finished).toBe(false);
    await probeNer(options('resumed', {}, { resume: true }));
    expect(weightsOf('resumed').equals(weightsOf('crf'))).toBe(true);
    expect(evaluationOf('resumed')).toEqual(evaluationOf('crf'));
  });

  it('refuses a store without evidence, and one of other notes', async () => {
    const other = path.join(dir, 'other');
    await prepareStore(other, [{ visit: 'x', patient: 'y', split: 'train', text: 'nada' }], { split: { by: 'source' }, tokenizer: { vocabulary_size: 100 } });
    fs.copyFileSync(path.join(store, 'evidence.parquet'), path.join(other, 'store', 'evidence.parquet'));
    await expect(probeNer(options('no', {}, { source: { name: 'codiesp', store: path.join(other, 'store') } }))).rejects.toThrow(/no note of visit v\d+, which is in .*; give the store/);
    await withDuckDB({}, (connection) => connection.run(`copy (select * from read_parquet(${sqlString(path.join(store, 'evidence.parquet'))}) where false) to ${sqlString(path.join(other, 'store', 'evidence.parquet'))} (format parquet)`));
    await expect(probeNer(options('no', {}, { source: { name: 'codiesp', store: path.join(other, 'store') } }))).rejects.toThrow(/no evidence/);
  });
});

describe('medweave probe ner', () => {
  const run = (...more: string[]) => execute(['probe', 'ner', '--data', data, ...more], { signal: new AbortController().signal, log: silentLogger() });

  it('prints strict figures in per cent, the dictionary\'s beside the model\'s', async () => {
    const small = ['model.text={width: 8, layers: 0, heads: 2, window: 32, max_tokens: 32}', 'ner.training.epochs=1'].flatMap((assignment) => ['--set', assignment]);
    const executed = await run('--source', 'codiesp', '--store', store, '--out', path.join(dir, 'by command'), ...small);
    const lines = executed!.result.text.split('\n');
    expect(lines.find((line) => line.startsWith('dev dictionary'))).toMatch(/ all +100\.00 +100\.00 +100\.00 +\d+$/);
    expect(lines.filter((line) => line.startsWith('dev model'))).toHaveLength(3);
    expect(executed!.result.json).toMatchObject({ done: true, evaluation: { task: 'ner' } });
  });

  it('says which directory is missing', async () => {
    await expect(run('--source', 'codiesp', '--out', 'x')).rejects.toThrow(/--store is missing/);
    await expect(run('--source', 'i2b2', '--out', 'x')).rejects.toThrow(/--raw is missing/);
  });
});

describe('createPieceLocator', () => {
  it('gives the ids that the data has, with their places', async () => {
    const { tokenizer } = await openDataset(data);
    const locate = await createPieceLocator(path.join(data, 'tokenizer.json'));
    const texts = ['Presenta  FIEBRE y 😀 tos;', '', 'ecografi\u0301a [UNK] x'];
    const located = await locate(texts);
    expect(located.map(({ ids }) => [...ids])).toEqual((await tokenizer.encode(texts, 1000)).map((ids) => [...ids]));
    const { starts, ends } = located[0]!;
    expect(Array.from(starts.keys(), (i) => Array.from(texts[0]!).slice(starts[i], ends[i]).join('')).join('')).toBe('PresentaFIEBREy😀tos;');
  });

  it.each(['bert-json', 'roberta-json', 'unigram', 'own-names'])('finds the beginning of each word: %s', async (name) => {
    const text = 'Fiebre 😀 leve, tos  seca (ñandú)';
    const locate = await createPieceLocator(packageFile('tests', 'fixtures', 'tokenizers', name, 'tokenizer.json'));
    const [pieces] = await locate([text]);
    const words = wordsOf(text);
    const first = firstPieces(words, pieces!);
    expect(words).toHaveLength(9);
    for (const [w, { start }] of words.entries()) expect(pieces!.starts[first[w]!]! <= start && start < pieces!.ends[first[w]!]!, `word ${w}`).toBe(true);
  });
});
