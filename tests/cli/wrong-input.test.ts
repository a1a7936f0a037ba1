/** Wrong input: one line that says what to do, exit code 2, and nothing half-written. */
import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complaint, exists, medweave, succeed, tinyData, WITH_TINY } from './command-line.js';
import { openSession, type Session } from './session.js';

let dir: string;
let session: Session;

beforeAll(async () => {
  dir = await tinyData();
  session = openSession(dir);
  await succeed(dir, 'pretrain', '--data', 'data', ...WITH_TINY, '--out', 'pt');
  await succeed(dir, 'prepare', '--store', 'store', '--config', 'tiny.yaml', '--set', 'prepare.codes.min_count=3', '--out', 'other-data');
}, 180_000);
afterAll(() => {
  session.close();
  fs.rmSync(dir, { recursive: true, force: true });
});

/** Fails with exit code 2 and a line that matches; nothing may lie at `out`, nor beside it under a temporary name. */
async function refuses(args: readonly string[], line: RegExp): Promise<void> {
  const before = fs.readdirSync(dir).sort();
  const outcome = await session.run(...args);
  expect(complaint(outcome)).toMatch(line);
  expect(outcome).toMatchObject({ code: 2, stdout: '' });
  expect(fs.readdirSync(dir).sort()).toEqual(before);
}

describe('ingest', () => {
  const DIAGNOSES = 'hosp/diagnoses_icd.csv.gz';
  const NOTES = 'note/discharge.csv.gz';

  /** A copy of the raw tables with one file replaced. */
  function damaged(name: string, file: string, change: (bytes: Buffer) => Buffer | undefined, as = file): string {
    const raw = path.join(dir, name);
    fs.cpSync(path.join(dir, 'raw'), raw, { recursive: true });
    fs.rmSync(path.join(raw, 'manifest.json'));
    const changed = change(fs.readFileSync(path.join(raw, file)));
    fs.rmSync(path.join(raw, file));
    if (changed) fs.writeFileSync(path.join(raw, as), changed);
    return name;
  }

  const rewritten = (edit: (text: Buffer) => Buffer) => (bytes: Buffer) => gzipSync(edit(gunzipSync(bytes)));
  const badByte = (text: Buffer): Buffer => {
    const at = text.indexOf('\n', 2000) - 3;
    return Buffer.concat([text.subarray(0, at), Buffer.from([0xff, 0xfe]), text.subarray(at)]);
  };

  it.each([
    ['a truncated gzip file', () => damaged('truncated', DIAGNOSES, (bytes) => bytes.subarray(0, bytes.length >> 1)), /diagnoses_icd\.csv\.gz.*truncated/],
    ['a missing column', () => damaged('column', DIAGNOSES, rewritten((text) => Buffer.from(text.toString().replace('icd_code', 'icd_kode')))), /diagnoses_icd\.csv\.gz line 1: missing column icd_code/],
    ['a missing file', () => damaged('file', DIAGNOSES, () => undefined), /diagnoses_icd/],
    ['notes in another encoding', () => damaged('latin', NOTES, rewritten(badByte)), /discharge\.csv\.gz line \d+: not valid UTF-8/],
    ['codes in another encoding', () => damaged('latin-codes', DIAGNOSES, rewritten(badByte)), /diagnoses_icd\.csv\.gz line \d+: not valid UTF-8/],
    ['an empty notes file', () => damaged('empty', NOTES, () => Buffer.alloc(0), 'note/discharge.csv'), /discharge\.csv: the file is empty/],
    ['an empty compressed notes file', () => damaged('empty-gzip', NOTES, () => gzipSync('')), /discharge\.csv\.gz: the file is empty/],
    ['no such folder', () => 'nowhere', /nowhere/],
  ])('%s', async (_name, make, line) => {
    await refuses(['ingest', '--source', 'mimic4', '--raw', make(), '--out', 'new'], line);
  });
});

describe('command line and configuration', () => {
  const PRETRAIN = ['pretrain', '--data', 'data', '--config', 'tiny.yaml', '--out', 'new'];

  it.each([
    ['no command', [], /No command named/],
    ['an unknown command', ['pretain'], /pretain: no such command/],
    ['an unknown option', [...PRETRAIN, '--epochs', '3'], /Unknown argument: epochs/],
    ['a missing option', ['pretrain'], /Missing required arguments: data, out/],
    ['an unknown device', [...PRETRAIN, '--device', 'tpu'], /--device tpu: unknown; expected .*cpu/],
    ['a misspelt key', [...PRETRAIN, '--set', 'pretrain.training.epoch=3'], /"epoch" → pretrain\.training/],
    ['a wrong value', [...PRETRAIN, '--set', 'pretrain.training.epochs=none'], /pretrain\.training\.epochs/],
    ['heads that do not divide the width', [...PRETRAIN, '--set', 'model.text.heads=3'], /must divide 16 → model\.text\.heads/],
    ['a configuration that is not there', [...PRETRAIN.slice(0, 3), '--config', 'nowhere', '--out', 'new'], /--config nowhere/],
    ['data that is not there', ['pretrain', '--data', 'nowhere', '--out', 'new'], /nowhere/],
    ['a store in place of data', ['pretrain', '--data', 'store', '--out', 'new'], /expected the output of `medweave prepare`, got the output of `medweave ingest`/],
    ['a file format that predict does not know', ['predict', '--run', 'pt', '--data', 'data', '--out', 'new.xlsx'], /new\.xlsx/],
  ])('%s', async (_name, args, line) => {
    await refuses(args, line);
  });

  it('an --out that is not ours is left alone', async () => {
    fs.mkdirSync(path.join(dir, 'foreign'));
    fs.writeFileSync(path.join(dir, 'foreign', 'thesis.txt'), 'mine');
    for (const force of [[], ['--force']]) await refuses([...PRETRAIN.slice(0, -1), 'foreign', ...force], /foreign: exists, is not empty and was not written by medweave/);
    expect(fs.readdirSync(path.join(dir, 'foreign'))).toEqual(['thesis.txt']);
  });
});

describe('checkpoints', () => {
  const finetune = (from: string, data = 'data'): string[] => ['finetune', 'icd-coding', '--data', data, '--from', from, ...WITH_TINY, '--out', 'new'];

  it('of another vocabulary', () => refuses(finetune('pt', 'other-data'), /pt\/vocab\.json: differs from other-data\/vocab\.json/));
  it('that is no run', () => refuses(finetune('raw/hosp'), /raw\/hosp: not a medweave directory/));
  it('that is the output of another command', () => refuses(finetune('data'), /expected the output of `medweave pretrain`/));
  it('that is not there', () => refuses(finetune('nowhere'), /nowhere/));

  it('that was cut short', async () => {
    fs.cpSync(path.join(dir, 'pt'), path.join(dir, 'cut'), { recursive: true });
    fs.truncateSync(path.join(dir, 'cut', 'model.safetensors'), 3000);
    await refuses(finetune('cut'), /cut\/model\.safetensors.*cut short/);
  });

  it('of pre-training, where a fine-tuned run is wanted', () =>
    refuses(['evaluate', '--run', 'pt', '--data', 'data', '--out', 'new'], /expected the output of `medweave finetune`, got the output of `medweave pretrain`/));
});

describe('a loss that is not a number', () => {
  const diverge = (out: string, ...more: string[]): string[] => ['pretrain', '--data', 'data', ...WITH_TINY, '--out', out, '--set', 'pretrain.optimizer.learning_rate=1e30', ...more];

  it('stops the run, names the step, and leaves no checkpoint that holds it', async () => {
    const outcome = await medweave(dir, ...diverge('nan'));
    expect([outcome.code, complaint(outcome)]).toEqual([1, expect.stringMatching(/loss became (NaN|-?Infinity) at step \d+/)]);
    expect(exists(dir, 'nan')).toBe(false);
    expect(exists(dir, 'nan.partial')).toBe(false);
  });

  it('keeps the last good checkpoint', async () => {
    const outcome = await medweave(dir, ...diverge('late', '--set', 'pretrain.training.checkpoint_every=1'));
    expect([outcome.code, complaint(outcome)]).toEqual([1, expect.stringMatching(/at step (\d+)/)]);
    const failed = Number(/at step (\d+)/.exec(outcome.stderr)![1]);
    const kept = fs.readdirSync(path.join(dir, 'late.partial')).filter((name) => name.startsWith('checkpoint-'));
    expect(kept).toEqual([`checkpoint-${String(failed - 1).padStart(9, '0')}`]);
    const again = await medweave(dir, ...diverge('late', '--set', 'pretrain.training.checkpoint_every=1', '--resume'));
    expect([again.code, complaint(again)]).toEqual([1, expect.stringContaining(`at step ${failed}`)]);
  });
});
