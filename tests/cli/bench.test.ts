/** `medweave bench` in processes of its own: numbers of notes compared, and Ctrl-C. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ScalingBench } from '../../src/bench/scaling.js';
import { start, succeed } from './command-line.js';

const small = ['--width', '16', '--heads', '2', '--tokens', '8', '--codes', '30', '--medications', '5', '--visit-codes', '4', '--set', 'model.codes.width=8', '--device', 'cpu'];

let dir: string;
beforeEach(() => (dir = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-bench-cli-'))));
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

it('compares numbers of notes, smallest first', async () => {
  const { rows, shape } = JSON.parse(await succeed(dir, 'bench', 'epoch', ...small, '--scaling', '60,20', '--json')) as ScalingBench;
  expect(rows.map(({ notes }) => notes)).toEqual([20, 60]);
  expect(shape).toMatchObject({ width: 16, layers: 3, frozen: 2, max_tokens: 8 });
  expect(rows[1]!.cache_mib).toBeGreaterThan(2 * rows[0]!.cache_mib);
  for (const row of rows) expect(Math.min(row.first_seconds, row.cached_seconds, row.peak_memory_mib)).toBeGreaterThan(0);
});

it('stops at Ctrl-C, says so and leaves nothing behind', async () => {
  const { child, ended } = start(dir, ['bench', 'epoch', ...small, '--notes', '20000', '--batch', '1'], { TMPDIR: dir });
  child.stderr!.on('data', (text: string) => void (text.includes('frozen') && setTimeout(() => child.kill('SIGINT'), 500)));
  const { code, stderr } = await ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(/interrupted; nothing was measured/);
  expect(fs.readdirSync(dir).filter((name) => name.startsWith('medweave'))).toEqual([]);
});
