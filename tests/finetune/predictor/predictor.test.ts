/** New records, through everything that `prepare` did to the training data: what a predictor says of a visit's raw note and codes is what the run says of the visit itself. */
import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBaseline } from '../../../finetune/baselines/fitted.js';
import { openFittedRun } from '../../../finetune/fitted-run.js';
import { openPredictor, type ClinicalRecord, type Prediction } from '../../../finetune/predictor/index.js';
import type { Scored } from '../../../finetune/scoring.js';
import type { Task } from '../../../finetune/tasks/index.js';
import { silentLogger } from '../../../src/core/log.js';
import { openDataset, type Dataset } from '../../../src/dataset/index.js';
import { openDevice, type Device } from '../../../src/engine/index.js';
import { queryRows, sqlString, withDuckDB } from '../../../src/records/store.js';
import { runInProcess } from '../../support/in-process.js';
import { smallHospital, succeed, type RawVisit, type SmallHospital } from '../small-hospital.js';

let at: SmallHospital['at'];
let device: Device;
let dataset: Dataset;
let raw: SmallHospital['visits'];

beforeAll(async () => {
  ({ at, visits: raw } = await smallHospital());
  const configured = ['--config', at('tiny.yaml'), '--device', 'cpu'];
  for (const task of ['icd-coding', 'readmission', 'medication']) await succeed('finetune', task, '--data', at('data'), '--out', at(task), ...configured);
  await succeed('finetune', 'icd-coding', '--data', at('data'), '--out', at('frozen'), ...configured, '--set', 'finetune.freeze=1', '--set', 'cache.precision=float32', '--set', 'finetune.inputs=[text]', '--set', 'finetune.head.label_embeddings=codes+titles');
  for (const [name, store] of [['words', ['--store', at('store')]], ['pieces', []]] as const) {
    await succeed('baseline', 'tfidf', '--data', at('data'), '--out', at(name), ...store, '--config', at('tiny.yaml'), '--set', 'baseline.tfidf.min_df=2', '--set', 'finetune.labels.top=20', '--set', 'baseline.thresholds.min_support=1', '--threads', '1');
  }
  device = await openDevice('cpu', silentLogger());
  dataset = await openDataset(at('data'));
}, 180_000);

afterAll(() => fs.rmSync(at(), { recursive: true, force: true }));

const visitOf = (row: number): RawVisit => raw.get(dataset.visitIds[row]!)!;

const recordsOf = ({ historyOf }: Task, rows: Int32Array): ClinicalRecord[] =>
  Array.from(rows, (row) => ({ id: dataset.visitIds[row]!, ...visitOf(row), history: historyOf(row).map(visitOf) }));

/** By label, whatever the order. */
function expectSame(predictions: readonly Prediction[], { scores, L }: Scored, labels: Task['labels']): void {
  predictions.forEach(({ codes }, v) => {
    const byName = new Map(codes.map(({ system, code, probability }) => [`${system} ${code}`, probability]));
    expect(byName.size).toBe(L);
    labels.forEach(({ system, code }, label) => expect(byName.get(`${system} ${code}`), `${code} of record ${v}`).toBeCloseTo(scores[v * L + label]!, 5));
  });
}

describe('a fine-tuned run', () => {
  it.each(['icd-coding', 'readmission', 'medication', 'frozen'])('%s: predicts for raw notes and codes what it predicts for the visits', async (name) => {
    const fitted = await openFittedRun(at(name), dataset, { device, log: silentLogger() });
    const predictor = await openPredictor(at(name), { device });
    try {
      const rows = fitted.task.targets('train').slice(0, 45);
      const records = recordsOf(fitted.task, rows);
      const scored = await fitted.score(rows);
      expect(rows.length).toBeGreaterThan(20);
      expectSame(await predictor.predict(records), scored, fitted.task.labels);
      // Alone, and among others.
      const few = { ...scored, scores: scored.scores.subarray(2 * scored.L) };
      expectSame(await predictor.predict(records.slice(2, 3)), few, fitted.task.labels);
      const predictions = await predictor.predict(records.slice(2, 7));
      expectSame(predictions, few, fitted.task.labels);
      for (const { codes } of predictions) {
        expect(codes.map(({ probability }) => probability)).toEqual([...codes.map(({ probability }) => probability)].sort((a, b) => b - a));
        expect(codes.every(({ probability, predicted }) => predicted === probability > fitted.threshold)).toBe(true);
      }
    } finally {
      fitted.dispose();
      predictor.dispose();
    }
  });

  it('says what it has not read: codes that it does not know or does not read, the end of a long text', async () => {
    const predictor = await openPredictor(at('icd-coding'), { device });
    const known = dataset.vocabulary.kinds.rx[0]!;
    const codes = [
      { system: 'ATC', code: known.code },
      { system: 'atc', code: `  ${known.code.toLowerCase()} ` },
      { system: 'atc', code: 'Z99' },
      { system: 'icd10cm', code: 'I10' },
      { system: 'snomed', code: '38341003' },
    ];
    const [short, long, bare] = await predictor.predict([{ text: 'Fever.', codes }, { text: 'fever and cough '.repeat(300) }, { codes: [{ system: 'atc', code: known.code }] }]);
    expect(short!.unknownCodes).toEqual([codes[0], ...codes.slice(2)]);
    expect([short, long, bare].map((prediction) => prediction!.truncated)).toEqual([false, true, false]);
    predictor.dispose();
  });

  it('explains a record as it predicts for it, with places of the raw text', async () => {
    const predictor = await openPredictor(at('icd-coding'), { device });
    const records = [{ id: 'a', text: '😀 Fever,\ncough [**Name**] and dyspnoea.' }, { codes: [{ system: 'atc', code: dataset.vocabulary.kinds.rx[0]!.code }] }];
    const [plain, explained] = [await predictor.predict(records), await predictor.explain!(records, 5)];
    explained.forEach(({ note, codes }, r) => {
      expect(codes).toEqual(plain[r]!.codes);
      expect(note.codes.map(({ code }) => code)).toEqual(codes.filter(({ predicted }, rank) => rank < 5 || predicted).map(({ code }) => code));
    });
    const characters = Array.from(records[0]!.text!);
    const spans = explained[0]!.note.codes.flatMap((code) => code.spans);
    expect(spans.length).toBeGreaterThan(0);
    for (const { start, end } of spans) expect(characters.slice(start, end).join('')).toMatch(/^(Fever|cough|and|dyspnoea)/);
    expect(explained[1]!.note.codes.every(({ spans: none }) => none.length === 0)).toBe(true);
    predictor.dispose();
  });

  it('gives the same answers after it was warmed up, and describes itself', async () => {
    const predictor = await openPredictor(at('medication'), { device });
    await predictor.warmUp();
    expect(predictor.card).toMatchObject({ command: 'finetune', task: 'medication', inputs: ['text', 'dx', 'rx', 'history'], systems: ['atc'], maxTokens: 192 });
    await expect(predictor.predict([{ text: 'Fever.' }])).rejects.toMatchObject({ message: expect.stringMatching(/^history: .*give at least one$/) as unknown });
    predictor.dispose();
  });

  it('refuses a run that does not say how its data was prepared', async () => {
    fs.cpSync(at('readmission'), at('old'), { recursive: true });
    const { prepared: _, ...manifest } = JSON.parse(fs.readFileSync(at('old', 'manifest.json'), 'utf8')) as Record<string, unknown>;
    fs.writeFileSync(at('old', 'manifest.json'), JSON.stringify(manifest));
    await expect(openPredictor(at('old'), { device })).rejects.toThrow(/old: does not say how notes and codes were prepared.*train it again/);
    await expect(openPredictor(at('data'), { device })).rejects.toThrow(/expected the output of `medweave finetune` or/);
  });
});

describe('a baseline', () => {
  it.each([['words', true], ['pieces', false]] as const)('%s: predicts for raw notes what it predicts for the visits', async (name, withStore) => {
    const fitted = openBaseline(at(name), dataset, { ...(withStore && { store: at('store') }), signal: new AbortController().signal });
    const predictor = await openPredictor(at(name), { device });
    const rows = fitted.task.targets('test').slice(0, 20);
    const predictions = await predictor.predict(recordsOf(fitted.task, rows));
    expectSame(predictions, await fitted.score(rows), fitted.task.labels);
    const thresholdOf = new Map(fitted.task.labels.map(({ system, code }, label) => [`${system} ${code}`, fitted.thresholds[label]!]));
    for (const { system, code, probability, predicted } of predictions.flatMap(({ codes }) => codes)) expect(predicted).toBe(probability >= thresholdOf.get(`${system} ${code}`)!);
    expect(predictor.explain).toBeUndefined();
  });
});

describe('medweave predict --records', () => {
  const predict = (...more: string[]) => runInProcess(['predict', '--run', at('icd-coding'), '--out', ...more, '--json']);
  const write = (name: string, lines: readonly unknown[]): string => {
    fs.writeFileSync(at(name), lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
    return at(name);
  };

  it('writes the same codes as for the visits of the data, in every format', async () => {
    const rows = dataset.rowsOf('test');
    const codesOf = (row: number): string[] => visitOf(row).codes.filter(({ kind }) => kind === 'rx').map(({ system, code }) => `${system}:${code}`);
    const records = write('new.jsonl', Array.from(rows, (row) => ({ id: dataset.visitIds[row], text: visitOf(row).text ?? null, codes: codesOf(row) })));
    const { stdout, code } = await predict(at('new.tsv'), '--records', records);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ records: rows.length });
    await predict(at('visits.tsv'), '--data', at('data'));
    expect(fs.readFileSync(at('new.tsv'), 'utf8')).toBe(fs.readFileSync(at('visits.tsv'), 'utf8'));

    await predict(at('new.parquet'), '--records', records, '--top', '3');
    await predict(at('new.jsonl.jsonl'), '--records', records, '--top', '3');
    const table = await withDuckDB({}, (connection) => queryRows(connection, `select * from read_parquet(${sqlString(at('new.parquet'))})`));
    const lines = fs.readFileSync(at('new.jsonl.jsonl'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as { visit_id: string; codes: { system: string; code: string; probability: number }[] });
    expect(table).toEqual(lines.flatMap(({ visit_id, codes }) => codes.map((one, i) => ({ visit_id, rank: i + 1, ...one, probability: Math.fround(one.probability) }))));
    expect(table.length).toBe(3 * rows.length);
  });

  it('takes a folder of texts', async () => {
    fs.mkdirSync(at('texts'));
    fs.writeFileSync(at('texts', 'one.txt'), 'Fever and cough.');
    const { stdout } = await predict(at('texts.csv'), '--records', at('texts'), '--top', '2');
    expect(JSON.parse(stdout)).toMatchObject({ records: 1, codes: 2 });
    expect(fs.readFileSync(at('texts.csv'), 'utf8')).toMatch(/^visit_id,system,code,probability\none,/);
  });

  it.each([
    ['{"text": "SECRET', /bad\.jsonl:2: not valid JSON/],
    [{ text: 7 }, /bad\.jsonl:2: not a record, see text; expected the fields text, codes, history, id/],
    [{ text: 'x', codes: ['SECRET'] }, /bad\.jsonl:2: not a record, see codes\.0/],
    [{ note: 'SECRET' }, /bad\.jsonl:2: not a record/],
    [{ text: ' ' }, /bad\.jsonl:2: the record has no text, no codes and no history/],
  ])('names the line of a wrong record without quoting it, and writes nothing: %j', async (line, message) => {
    const { code, stderr } = await predict(at('wrong.tsv'), '--records', write('bad.jsonl', [{ text: 'Fever.' }, line]));
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('SECRET');
    expect(fs.readdirSync(at()).filter((name) => name.startsWith('wrong'))).toEqual([]);
  });

  it('says what is missing', async () => {
    expect((await predict(at('x.tsv'))).stderr).toMatch(/--data DATA or --records FILE is missing/);
    expect((await predict(at('x.tsv'), '--records', at('none.jsonl'))).stderr).toMatch(/none\.jsonl: no such file or folder/);
    expect((await predict(at('x.tsv'), '--records', at('tiny.yaml'))).stderr).toMatch(/expected a \.jsonl file/);
  });
});
