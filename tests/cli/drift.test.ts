/** `medweave drift` and `medweave check --phi` as a user runs them, on a small synthetic MIMIC-IV. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DriftReport } from '../../src/drift/index.js';
import { complaint, exists, readJson, tinyData, WITH_TINY } from './command-line.js';
import { openSession, type Session } from './session.js';

let dir: string;
let session: Session;

beforeAll(async () => {
  dir = await tinyData();
  session = openSession(dir);
  await session.succeed('finetune', 'icd-coding', '--data', 'data', ...WITH_TINY, '--out', 'ft');
  await session.succeed('synth', '--patients', '60', '--seed', '3', '--note-words', '320', '--out', 'raw2');
  await session.succeed('ingest', '--source', 'mimic4', '--raw', 'raw2', '--set', 'ingest.licence.notice=ours', '--set', 'ingest.licence.do_not_share=true', '--out', 'store2');
  await session.succeed('prepare', '--store', 'store2', '--config', 'tiny.yaml', '--set', 'prepare.tokenizer.from=data/tokenizer.json', '--out', 'data2');
}, 180_000);
afterAll(() => {
  session.close();
  fs.rmSync(dir, { recursive: true, force: true });
});

const driftOf = async (...args: string[]): Promise<DriftReport> => JSON.parse(await session.succeed('drift', ...args, '--json')) as DriftReport;

describe('drift', () => {
  it('finds longer notes and nothing else, and what a model makes of them', async () => {
    const report = await driftOf('--reference', 'data', '--current', 'data2', '--run', 'ft', '--device', 'cpu', '--visits', '40', '--out', 'drift');
    const drifted = report.rows.filter(({ severity, group }) => severity !== 'none' && group === 'input').map(({ name }) => name);
    expect(drifted).toEqual(expect.arrayContaining(['note length, tokens', 'note length, characters']));
    expect(drifted.filter((name) => !/note length|word pieces/.test(name))).toEqual([]);
    expect(report.severity).toBe('major');
    expect(report.notes).toEqual([]);
    const predictions = report.rows.filter(({ group }) => group === 'prediction').map(({ name }) => name);
    expect(predictions).toEqual(expect.arrayContaining(['highest score', 'labels predicted a visit', 'labels predicted']));
    expect(fs.readFileSync(path.join(dir, 'drift', 'report.html'), 'utf8')).toContain('Do not share.');
    expect(readJson(dir, 'drift', 'manifest.json')).toMatchObject({ command: 'drift', do_not_share: true });
  }, 60_000);

  it('watches a model that reads past visits on the visits that have a past', async () => {
    await session.succeed('finetune', 'medication', '--data', 'data', ...WITH_TINY, '--out', 'medication');
    const { rows } = await driftOf('--reference', 'data', '--current', 'data2', '--run', 'medication', '--device', 'cpu', '--out', 'drift-medication');
    expect(rows.filter(({ group }) => group === 'prediction').map(({ name }) => name)).toEqual(expect.arrayContaining(['highest score', 'labels predicted']));
  }, 60_000);

  it('finds none between splits of the same patients’ hospital', async () => {
    const { rows, severity } = await driftOf('--reference', 'data', '--reference-split', 'train', '--current', 'data', '--current-split', 'test');
    expect(severity, JSON.stringify(rows.filter((row) => row.severity !== 'none'))).toBe('none');
  });

  it('fails a job that says so, after printing the table', async () => {
    const { code, stdout, stderr } = await session.run('drift', '--reference', 'data', '--current', 'data2', '--fail-on', 'major');
    expect(code).toBe(2);
    expect(stdout).toMatch(/note length, tokens +major/);
    expect(stderr).toContain('drift is major');
  });

  it.each([
    [['--reference', 'data', '--current', 'data'], /the same visits/],
    [['--reference', 'data', '--current', 'store'], /store: expected the output of `medweave prepare`/],
    [['--reference', 'data', '--current', 'data2', '--visits', '0'], /--visits 0: expected a whole number from 1/],
  ])('%j is refused', async (args, message) => {
    const outcome = await session.run('drift', ...args);
    expect(outcome.code).toBe(2);
    expect(complaint(outcome)).toMatch(message);
  });

  it('refuses data of another granularity, and says so where the tokenizers or stores differ', async () => {
    await session.succeed('prepare', '--store', 'store2', '--config', 'tiny.yaml', '--set', 'prepare.codes.dx=category', '--out', 'coarse');
    const outcome = await session.run('drift', '--reference', 'data', '--current', 'coarse');
    expect(complaint(outcome)).toMatch(/prepare\.codes\.dx: full and category/);
    await session.succeed('prepare', '--store', 'store2', '--config', 'tiny.yaml', '--out', 'own-tokenizer');
    fs.renameSync(path.join(dir, 'store2'), path.join(dir, 'moved'));
    const { notes, rows } = await driftOf('--reference', 'data', '--current', 'own-tokenizer');
    expect(notes.join()).toMatch(/the tokenizers differ.*the store that the current data was prepared from is gone/);
    expect(rows.map(({ name }) => name)).not.toContain('age');
    expect(complaint(await session.run('drift', '--reference', 'data', '--current', 'data2', '--run', 'ft', '--device', 'cpu'))).toMatch(/data2: the store .* is gone/);
  }, 60_000);
});

describe('check --phi', () => {
  it('passes a report, and a run against its store', async () => {
    await session.succeed('evaluate', '--run', 'ft', '--data', 'data', '--device', 'cpu', '--out', 'evaluation');
    expect(await session.succeed('check', '--phi', 'ft', 'evaluation', '--against', 'store')).toMatch(/nothing found in \d+ files/);
  }, 60_000);

  it('exits with 2 for data, and shows no identifier', async () => {
    const { code, stdout, stderr } = await session.run('check', '--phi', 'data');
    expect(code).toBe(2);
    expect(stdout).toMatch(/record-number {2}data\/split\.json:\d+: 9+/);
    expect(stderr).toMatch(/found what may identify patients: .*record-number \d+/);
    expect(`${stdout}${stderr}`).not.toMatch(/100000\d\d/);
    expect(exists(dir, 'data')).toBe(true);
  });

  it.each([
    [['check'], /--data DATA is missing .* or --phi/],
    [['check', '--phi', 'nowhere'], /nowhere: no such file/],
    [['check', '--phi', 'ft', '--words', '2'], /--words 2: expected a whole number from 3/],
    [['check', '--phi', 'ft', '--against', 'data'], /expected the output of `medweave ingest`/],
  ])('%j is refused', async (args, message) => {
    const outcome = await session.run(...args);
    expect(outcome.code).toBe(2);
    expect(complaint(outcome)).toMatch(message);
  });
});
