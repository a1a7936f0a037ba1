/** Exported runs, from raw notes and codes to labels, without the framework: predict.mjs in plain onnxruntime-node and, where Python has the packages, predict.py. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import onnxProto from 'onnx-proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFittedRun } from '../../../finetune/fitted-run.js';
import { openPredictor, type ClinicalRecord, type VisitRecord } from '../../../finetune/predictor/index.js';
import type { Task } from '../../../finetune/tasks/index.js';
import { silentLogger } from '../../../src/core/log.js';
import { packageFile } from '../../../src/core/paths.js';
import { cleaningSteps, cleanNote, openDataset, type Dataset } from '../../../src/dataset/index.js';
import { openDevice, type Device } from '../../../src/engine/index.js';
import { runInProcess } from '../../support/in-process.js';
import { smallHospital, succeed, type SmallHospital } from '../small-hospital.js';

const PYTHON = process.env['MEDWEAVE_PYTHON'] ?? 'python3';
const hasPython = spawnSync(PYTHON, ['-c', 'import onnxruntime, tokenizers, numpy']).status === 0;

let at: SmallHospital['at'];
let device: Device;
let dataset: Dataset;
let raw: SmallHospital['visits'];

const RUNS = { 'icd-coding': [], medication: [], frozen: ['--set', 'finetune.freeze=1', '--set', 'cache.enabled=false', '--set', 'finetune.head.chunks=max', '--set', 'finetune.inputs=[text]'] };

beforeAll(async () => {
  ({ at, visits: raw } = await smallHospital('{ drop_headers: true, deidentification: normalise }'));
  for (const [name, settings] of Object.entries(RUNS)) {
    const task = name === 'frozen' ? 'icd-coding' : name;
    await succeed('finetune', task, '--data', at('data'), '--out', at(name), '--config', at('tiny.yaml'), '--device', 'cpu', ...settings);
    await succeed('export', 'model', '--run', at(name), '--out', at(`${name}-model`), ...(name === 'medication' ? [] : ['--with-attention']));
  }
  device = await openDevice('cpu', silentLogger());
  dataset = await openDataset(at('data'));
}, 180_000);

afterAll(() => fs.rmSync(at(), { recursive: true, force: true }));

interface Answer {
  id: string;
  codes: { system: string; code: string; title?: string; probability: number; predicted: boolean; pieces?: { start: number; end: number; weight: number }[] }[];
  unknown_codes: unknown[];
  truncated: boolean;
}

interface Client {
  openPredictor(folder: string): Promise<{ predict(records: Iterable<ClinicalRecord>, options?: { batchSize: number }): AsyncIterable<Answer> }>;
}

/** The client of the package itself: one in a folder of its own would find no onnxruntime-node. */
async function inNode(folder: string, records: readonly ClinicalRecord[], batchSize = 5): Promise<Answer[]> {
  const { openPredictor: open } = (await import(packageFile('finetune', 'export', 'client', 'predict.mjs'))) as Client;
  const answers: Answer[] = [];
  for await (const answer of (await open(folder)).predict(records, { batchSize })) answers.push(answer);
  return answers;
}

function inPython(folder: string, records: readonly ClinicalRecord[], ...options: string[]): Answer[] {
  fs.writeFileSync(at('records.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  const { status, stdout, stderr } = spawnSync(PYTHON, [path.join(folder, 'predict.py'), at('records.jsonl'), '--batch-size', '5', ...options], { encoding: 'utf8', maxBuffer: 1 << 28 });
  expect(status, stderr).toBe(0);
  return stdout.trim().split('\n').map((line) => JSON.parse(line) as Answer);
}

const visitOf = (row: number): VisitRecord => raw.get(dataset.visitIds[row]!)!;

const recordsOf = ({ historyOf }: Task, rows: Int32Array): ClinicalRecord[] =>
  Array.from(rows, (row) => ({ id: dataset.visitIds[row]!, ...visitOf(row), history: historyOf(row).map(visitOf) }));

const byLabel = ({ codes }: Pick<Answer, 'codes'>) => new Map(codes.map(({ system, code, probability }) => [`${system} ${code}`, probability]));

const CLIENTS: [string, (folder: string, records: readonly ClinicalRecord[]) => Answer[] | Promise<Answer[]>][] = [['predict.mjs', inNode], ...(hasPython ? [['predict.py', inPython] as [string, typeof inPython]] : [])];

describe.each(CLIENTS)('%s', (_, predict) => {
  it.each(Object.keys(RUNS))('%s: gives for raw notes and codes the run\'s probabilities for the visits', async (name) => {
    const { task, score, dispose } = await openFittedRun(at(name), dataset, { device, log: silentLogger() });
    const rows = task.targets('dev').slice(0, 24);
    const { scores, L } = await score(rows);
    const answers = await predict(at(`${name}-model`), recordsOf(task, rows));
    dispose();
    expect(answers.map(({ id }) => id)).toEqual(Array.from(rows, (row) => dataset.visitIds[row]));
    let worst = 0;
    answers.forEach((answer, v) => {
      const probabilities = byLabel(answer);
      task.labels.forEach(({ system, code }, label) => (worst = Math.max(worst, Math.abs(probabilities.get(`${system} ${code}`)! - scores[v * L + label]!))));
    });
    expect(worst).toBeLessThan(1e-5);
    expect(new Set(scores).size).toBeGreaterThan(rows.length);
  });

  it('reads whatever clients send as the framework\'s own predictor does', async () => {
    const predictor = await openPredictor(at('icd-coding'), { device });
    const records: ClinicalRecord[] = [
      { id: 'nothing' },
      { id: 'blank', text: ' \n\t ' },
      { id: 'markers', text: 'Chief Complaint: pain since [**2101-1-1**]\r\nNAME: ___ [NAME_2] XXXX_____ **DATE[1] [**🩺🩺 Dr. Who**]\u2028Plan: rest.' },
      { id: 'characters', text: '🩺 ÁRBOL: Ünïcode\u00a0Ж字 [MASK] [CLS] é e\u0301 \u0000 😀___\vHISTORY:\fnone' },
      { id: 'half', text: 'half of \ud83d a pair \udc00' },
      { id: 'long', text: 'fever and cough. '.repeat(400), codes: [{ system: 'atc', code: ' c10aa05 ' }, { system: 'atc', code: 'C10AA' }, { system: 'atc', code: 'Z99' }] },
      { id: 'codes', codes: [{ system: 'icd10cm', code: 'e119' }, { system: 'atc', code: 'B01AC06' }, { system: 'nosuch', code: 'x' }, { system: 'atc', code: 'N02BE', kind: 'px' }, { system: 'atc', code: 'N02BE', kind: 'text' }] },
    ];
    const [answers, expected] = [await predict(at('icd-coding-model'), records), await predictor.predict(records)];
    predictor.dispose();
    answers.forEach((answer, r) => {
      const probabilities = byLabel(answer);
      for (const { system, code, probability } of expected[r]!.codes) expect(probabilities.get(`${system} ${code}`), `${code} of ${answer.id}`).toBeCloseTo(probability, 6);
      expect(answer.codes.filter((one) => one.predicted).length).toBe(expected[r]!.codes.filter((one) => one.predicted).length);
      expect(answer.unknown_codes, answer.id).toEqual(expected[r]!.unknownCodes);
      expect(answer.truncated, answer.id).toBe(expected[r]!.truncated);
    });
  });
});

describe('an exported folder', () => {
  it('says what is in it, and repeats what is asked of those who hold a copy', () => {
    const json = (name: string) => JSON.parse(fs.readFileSync(at('icd-coding-model', name), 'utf8')) as Record<string, unknown>;
    expect(fs.readdirSync(at('icd-coding-model')).sort()).toEqual(['README.md', 'config.json', 'labels.json', 'manifest.json', 'model.onnx', 'predict.mjs', 'predict.py', 'tokenizer.json', 'vocab.json']);
    expect(json('manifest.json')).toMatchObject({ command: 'export', licence_notice: expect.stringContaining('Synthetic') as unknown, model: { files: ['model.onnx'] } });
    expect(json('config.json')).toMatchObject({ licence_notice: expect.stringContaining('Synthetic') as unknown, do_not_share: false, open_axes: ['batch', 'chunks', 'tokens', 'rx_codes', 'labels'] });
    const model = onnxProto.onnx.ModelProto.decode(fs.readFileSync(at('icd-coding-model', 'model.onnx')));
    expect(Object.fromEntries(model.metadataProps.map(({ key, value }) => [key, value]))).toMatchObject({ 'medweave.task': 'icd-coding', 'medweave.licence_notice': expect.stringContaining('Synthetic') as unknown });
  });

  it('warns where the data may not be shared', async () => {
    fs.cpSync(at('icd-coding'), at('credentialed'), { recursive: true });
    const manifest = JSON.parse(fs.readFileSync(at('credentialed', 'manifest.json'), 'utf8')) as object;
    fs.writeFileSync(at('credentialed', 'manifest.json'), JSON.stringify({ ...manifest, do_not_share: true, licence_notice: 'Credentialed' }));
    await succeed('export', 'model', '--run', at('credentialed'), '--out', at('credentialed-model'));
    expect(fs.readFileSync(at('credentialed-model', 'README.md'), 'utf8')).toMatch(/DO NOT SHARE[\s\S]*Credentialed/);
    expect(fs.readFileSync(at('credentialed-model', 'manifest.json'), 'utf8')).toMatch(/"do_not_share": true/);
    expect(fs.readFileSync(at('credentialed-model', 'model.onnx')).includes('DO NOT SHARE')).toBe(true);
  });

  it('answers on the command line, and says which line it cannot read', () => {
    const client = packageFile('finetune', 'export', 'client', 'predict.mjs');
    expect(fs.readFileSync(at('icd-coding-model', 'predict.mjs')).equals(fs.readFileSync(client))).toBe(true);
    const node = (input: string) => spawnSync(process.execPath, [client, '--model', at('icd-coding-model'), '--top', '3', '--batch-size', '1'], { input, encoding: 'utf8' });
    const { status, stdout } = node('{"id": 7, "text": "cough"}\n\n{"codes": ["atc:C10AA05"]}\n');
    expect(status).toBe(0);
    expect(stdout.trim().split('\n').map((line) => JSON.parse(line) as Answer).map(({ id, codes }) => [id, codes.length])).toEqual([[7, 3], [null, 3]]);
    const wrong = node('{"text": "cough"}\n{"text": "secret');
    expect([wrong.status, wrong.stderr]).toEqual([1, 'predict.mjs: standard input:2: expected a JSON object with text, codes or both\n']);
  });

  it('is left alone by an equal request, and refuses what cannot be exported', async () => {
    expect(await succeed('export', 'model', '--run', at('icd-coding'), '--out', at('icd-coding-model'), '--with-attention')).toMatch(/unchanged/);
    const refused = async (...argv: string[]) => (await runInProcess(['export', ...argv, '--out', at('refused')])).stderr;
    expect(await refused('model', '--run', at('data'))).toMatch(/expected the output of `medweave finetune`/);
    expect(await refused('model', '--run', at('medication'), '--with-attention')).toMatch(/leave --with-attention out/);
    expect(await refused('model', '--run', at('icd-coding'), '--shape', 'batch')).toMatch(/expected axis=extent/);
    expect(fs.existsSync(at('refused'))).toBe(false);
  });

  it('cleans texts by steps that do what the framework does', () => {
    const text = 'Plan: x\r\n[**Name**] ___ Árbol Ñ: y\fXXXX';
    for (const deidentification of ['drop', 'normalise', 'keep'] as const) {
      for (const drop_headers of [true, false]) {
        const steps = cleaningSteps({ deidentification, drop_headers });
        const clean = steps.reduce((left, { pattern, flags, fill }) => left.replace(new RegExp(pattern, flags), (found) => fill.padEnd(found.length)), text);
        expect(clean).toBe(cleanNote(text, { deidentification, drop_headers }));
      }
    }
  });

  it.skipIf(!hasPython)('explains where labels look, in characters of the raw text', () => {
    const text = '🩺 [**🩺🩺**] Chest pain\nsince yesterday';
    const [answer] = inPython(at('icd-coding-model'), [{ id: '1', text }], '--explain', '2');
    const spans = answer!.codes.slice(0, 2).map(({ pieces }) => pieces!.map(({ start, end }) => Array.from(text).slice(start, end).join('')));
    expect(answer!.codes[2]!.pieces).toBeUndefined();
    for (const pieces of spans) for (const piece of pieces) expect(['🩺', '[', ...'chestpainsinceyesterday'.split('')].some((part) => piece.toLowerCase().startsWith(part))).toBe(true);
    expect(spans[0]!.length).toBe(5);
  });
});
