/** Jobs on disk: done work of the same request is found again, work of another request is made anew. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { disposeOf, openJob, stateOf, type Job } from '../../src/compare/job.js';
import { planGrid } from '../../src/compare/plan.js';
import { unfinished } from '../../src/compare/run-jobs.js';
import { gridOf, OPTIONS } from './grid-fixture.js';

let root: string;
beforeEach(() => void (root = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-job-'))));
afterEach(() => fs.rmSync(root, { recursive: true }));

const jobOf = (request: unknown): Job => ({ name: 'job', dir: path.join(root, 'job'), commands: [], result: path.join(root, 'job', 'result'), request, needs: [], disposable: [path.join(root, 'job', 'weights')] });

function finish({ result }: Job): void {
  fs.mkdirSync(result, { recursive: true });
  fs.writeFileSync(path.join(result, 'manifest.json'), '{}');
}

describe('a job', () => {
  it('is new, begun, done', () => {
    const job = jobOf({ seed: 1, set: { a: 1, b: 2 } });
    expect(stateOf(job)).toBe('new');
    openJob(job);
    expect(stateOf(job)).toBe('begun');
    finish(job);
    expect(stateOf(job)).toBe('done');
    expect(stateOf(jobOf({ set: { b: 2, a: 1 }, seed: 1 })), 'the order of fields does not matter').toBe('done');
  });

  it('of another request is stale, and opening it leaves nothing of the old one', () => {
    const old = jobOf({ seed: 1 });
    openJob(old);
    finish(old);
    const changed = jobOf({ seed: 2 });
    expect(stateOf(changed)).toBe('stale');
    openJob(changed);
    expect([stateOf(changed), fs.existsSync(old.result)]).toEqual(['begun', false]);
  });

  it('keeps what it has begun when it is opened again', () => {
    const job = jobOf(1);
    openJob(job);
    fs.writeFileSync(path.join(job.dir, 'checkpoint'), '');
    openJob(job);
    expect(fs.existsSync(path.join(job.dir, 'checkpoint'))).toBe(true);
  });

  it('throws away only what is disposable', () => {
    const job = jobOf(1);
    openJob(job);
    finish(job);
    fs.writeFileSync(job.disposable[0]!, '');
    disposeOf(job);
    expect([fs.existsSync(job.disposable[0]!), stateOf(job)]).toEqual([false, 'done']);
  });
});

describe('what is left of a plan', () => {
  const planned = () => planGrid(gridOf({ seeds: [11] }), { ...OPTIONS, out: root });

  it('is everything at first', () => {
    expect(unfinished(planned())).toHaveLength(planned().jobs.length);
  });

  it('has no pre-training that only finished cells need', () => {
    const plan = planned();
    for (const { model, job } of plan.cells) if (model.name !== 'Scratch') { openJob(job); finish(job); }
    expect(unfinished(plan).map(({ name }) => name)).toEqual(plan.cells.filter(({ model }) => model.name === 'Scratch').map(({ job }) => job.name));
  });

  it('has what a stale pre-training leads to', () => {
    const plan = planned();
    for (const job of plan.jobs) { openJob(job); finish(job); }
    const changed = planGrid(gridOf({ seeds: [11], pretrainings: { language: { stage: 'mlm' }, joint: { stage: 'pretrain', from: 'language' } } }), { ...OPTIONS, out: root });
    const left = unfinished(changed).map(({ name }) => name);
    expect(left.filter((name) => !/Full model|joint/.test(name))).toEqual([]);
    expect(left).toHaveLength(1 + 4);
  });
});
