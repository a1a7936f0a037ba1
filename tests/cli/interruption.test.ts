/** A run that is killed or interrupted at any moment ends, resumed, with the weights of an uninterrupted one. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complaint, exists, hashOf, medweave, start, succeed, tinyData, WITH_TINY } from './command-line.js';

let dir: string;
let uninterrupted: string;
const pretrain = (out: string, ...more: string[]): string[] => ['pretrain', '--data', 'data', ...WITH_TINY, '--set', 'pretrain.training.epochs=4', '--out', out, ...more];

beforeAll(async () => {
  dir = await tinyData();
  await succeed(dir, ...pretrain('whole'));
  uninterrupted = hashOf(dir, 'whole', 'model.safetensors');
}, 180_000);
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }));

const STEP = /^checkpoint-(\d+)(\.tmp)?$/;

/** The last step of which a checkpoint exists, or is being written. */
function lastStep(out: string): number {
  const partial = path.join(dir, `${out}.partial`);
  if (!fs.existsSync(partial)) return -1;
  return Math.max(0, ...fs.readdirSync(partial).map((name) => Number(STEP.exec(name)?.[1] ?? 0)));
}

/** Sends one signal when the run has reached a step; looks every millisecond, so that it also falls into the writing of checkpoints. */
async function stopAt(out: string, step: number, signal: NodeJS.Signals, ...more: string[]) {
  const { child, ended } = start(dir, pretrain(out, ...more));
  const timer = setInterval(() => {
    if (lastStep(out) < step) return;
    clearInterval(timer);
    child.kill(signal);
  }, 1);
  return ended.finally(() => clearInterval(timer));
}

describe('kill -9 in the middle of pre-training', () => {
  it.each([0, 2, 10, 18, 34])('once step %i is being saved', async (step) => {
    const out = `killed-${step}`;
    const { signal } = await stopAt(out, step, 'SIGKILL');
    expect(signal).toBe('SIGKILL');
    expect(exists(dir, out)).toBe(false);
    await succeed(dir, ...pretrain(out, '--resume'));
    expect(hashOf(dir, out, 'model.safetensors')).toBe(uninterrupted);
  });

  it('twice in one run', async () => {
    for (const [step, more] of [[4, []], [26, ['--resume']]] as const) expect((await stopAt('twice', step, 'SIGKILL', ...more)).signal).toBe('SIGKILL');
    await succeed(dir, ...pretrain('twice', '--resume'));
    expect(hashOf(dir, 'twice', 'model.safetensors')).toBe(uninterrupted);
  });
});

describe('an unfinished run', () => {
  it('is not continued without --resume, nor with another request', async () => {
    await stopAt('unfinished', 10, 'SIGKILL');
    const refused = await medweave(dir, ...pretrain('unfinished'));
    expect([refused.code, complaint(refused)]).toEqual([2, expect.stringContaining('--resume')]);
    const changed = await medweave(dir, ...pretrain('unfinished', '--resume', '--set', 'pretrain.optimizer.learning_rate=0.01'));
    expect([changed.code, complaint(changed)]).toEqual([2, expect.stringMatching(/another config/)]);
    await succeed(dir, ...pretrain('unfinished', '--resume'));
    expect(hashOf(dir, 'unfinished', 'model.safetensors')).toBe(uninterrupted);
  });
});

describe('Ctrl-C', () => {
  it('saves pre-training, says how to go on, and resumes exactly', async () => {
    const stopped = await stopAt('stopped', 10, 'SIGINT');
    expect([stopped.code, complaint(stopped)]).toEqual([1, expect.stringContaining('--resume')]);
    await succeed(dir, ...pretrain('stopped', '--resume'));
    expect(hashOf(dir, 'stopped', 'model.safetensors')).toBe(uninterrupted);
  });

  it('stops ingest with one line and leaves nothing', async () => {
    const { child, ended } = start(dir, ['ingest', '--source', 'mimic4', '--raw', 'raw', '--out', 'stopped-store']);
    child.stderr!.once('data', () => child.kill('SIGINT'));
    const stopped = await ended;
    expect([stopped.code, complaint(stopped)]).toEqual([1, expect.stringContaining('interrupted')]);
    expect(fs.readdirSync(dir).filter((name) => name.startsWith('stopped-store'))).toEqual([]);
  });
});

describe('a reader that leaves early', () => {
  it('is no error', async () => {
    const { child, ended } = start(dir, ['ontology', 'icd9cm', '250.00', '--json']);
    child.stdout!.destroy();
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });
});
