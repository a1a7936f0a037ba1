import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toYaml } from '../../src/core/config.js';
import type { Dataset } from '../../src/dataset/index.js';
import { temporaryDirectory } from '../dataset/store-fixture.js';
import { cleanVisits, prepareClean, writeRun } from '../leaks/planted.js';
import { runInProcess } from '../support/in-process.js';

const root = temporaryDirectory();
afterAll(() => fs.rmSync(root, { recursive: true }));

let clean: Dataset;
let leaking: Dataset;
beforeAll(async () => {
  clean = await prepareClean(path.join(root, 'clean'));
  leaking = await prepareClean(path.join(root, 'by-visit'), cleanVisits, { split: { by: 'visit' } });
});

const check = (...args: string[]) => runInProcess(['check', ...args]);

/** A run as `finetune` leaves it, as far as `check` reads it. */
function finetuned(name: string, task: string, config: object, data = clean): string {
  const dir = writeRun(path.join(root, name), { command: 'finetune', inputs: [data.dir], split_id: data.manifest.split_id }, data);
  fs.writeFileSync(path.join(dir, 'config.yaml'), toYaml({ finetune: config }));
  fs.writeFileSync(path.join(dir, 'task.json'), JSON.stringify({ task, inputs: [], labels: [], threshold: 0.5, threshold_from: 'dev' }));
  return dir;
}

describe('medweave check', () => {
  it('prints one line a check and exits with 0 when nothing leaks', async () => {
    const { code, stdout, stderr } = await check('--data', clean.dir);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trim().split('\n');
    expect(lines.at(-1)).toBe('no leak found in 6 checks');
    expect(lines.slice(0, -2).every((line) => line.startsWith('ok '))).toBe(true);
  });

  it('exits with 2 and says why when something does', async () => {
    const { code, stdout, stderr } = await check('--data', leaking.dir);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^LEAK +every patient in one split \[patient-overlap\]: .* patients have visits in more than one split .*prepare\.split\.by: patient/m);
    expect(stdout).not.toContain('no leak found');
    expect(stderr).toMatch(/^medweave: a leak found: patient-overlap .*\n$/);
  });

  it('gives the same as JSON', async () => {
    const { code, stdout } = await check('--data', leaking.dir, '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ passed: false, findings: [{ status: 'leak', name: 'patient-overlap' }, { status: 'ok' }, {}, {}, {}, {}] });
  });

  it('takes task, inputs and allowed leaks from the run', async () => {
    const fine = await check('--data', clean.dir, '--run', finetuned('coding', 'icd-coding', {}));
    expect(fine).toMatchObject({ code: 0, stderr: '' });
    expect(fine.stdout).toContain('inputs of icd-coding without its label: text of the visit, medications of the visit');
    const leak = { medication: { current: ['dx', 'text'] } };
    const refused = await check('--data', clean.dir, '--run', finetuned('leaking-medication', 'medication', leak));
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('same-visit-text');
    const allowed = await check('--data', clean.dir, '--run', finetuned('protocol', 'medication', { ...leak, allow_leaks: ['same-visit-text'] }));
    expect(allowed.code).toBe(0);
    expect(allowed.stdout).toMatch(/^allowed .*\[same-visit-text\]/m);
    expect(allowed.stdout).toContain('1 allowed on purpose');
  });

  it('knows the released history of medication, and diagnoses as input of coding', async () => {
    expect((await check('--data', clean.dir, '--run', finetuned('released', 'medication', { medication: { history: 'released' } }))).stderr).toContain('target-medications');
    expect((await check('--data', clean.dir, '--run', finetuned('dx', 'icd-coding', { inputs: ['text', 'dx'] }))).stderr).toContain('target-diagnoses');
  });

  it('compares the times of the visits that the task reads', async () => {
    const late = await prepareClean(path.join(root, 'late'), cleanVisits.map((visit) => (visit.visit === 'v4' ? { ...visit, charted: visit.discharged!.replace('-06 ', '-09 ') } : visit)));
    const { code, stdout } = await check('--data', late.dir, '--run', finetuned('late-readmission', 'readmission', {}, late));
    expect(code).toBe(2);
    expect(stdout).toMatch(/^LEAK +notes are charted by discharge, or 1 day later \[late-notes\]: 1 of 72 notes .*e\.g\. for visit v4.*prepare\.text\.charted_within_days: 1$/m);
  });

  it('passes over what is unclear, unless --strict', async () => {
    const checkpoint = path.join(root, 'bert-of-somebody');
    fs.mkdirSync(checkpoint);
    const run = writeRun(path.join(root, 'mlm'), { command: 'mlm', inputs: [clean.dir, checkpoint], split_id: clean.manifest.split_id }, clean);
    const { code, stdout } = await check('--data', clean.dir, '--run', run);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^unclear +patients that bert-of-somebody was trained on/m);
    const strict = await check('--data', clean.dir, '--run', run, '--strict');
    expect(strict).toMatchObject({ code: 2, stderr: expect.stringContaining('1 of 9 checks are unclear, and --strict was given') as string });
  });

  it('says what is wrong with its arguments', async () => {
    expect(await check('--data', root)).toMatchObject({ code: 2, stderr: expect.stringContaining('not a medweave directory') as string });
    expect(await check('--data', clean.dir, '--run', clean.dir)).toMatchObject({ code: 2, stderr: expect.stringContaining('expected the output of `medweave finetune`') as string });
    expect(await check('--data', clean.dir, '--run', finetuned('of-the-future', 'mortality', {}))).toMatchObject({ code: 2, stderr: expect.stringContaining('task mortality is none of icd-coding') as string });
  });
});
