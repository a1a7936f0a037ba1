import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { start } from '../cli/command-line.js';

const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-telemetry-'));
afterAll(() => fs.rmSync(temporary, { recursive: true, force: true }));

it('ONNX Runtime\'s telemetry never starts: its library leaves no log of it behind', async () => {
  const { stdout, code } = await start(temporary, ['devices', '--json'], { TMPDIR: temporary, ORT_DISABLE_TELEMETRY: '0' }).ended;
  expect(code).toBe(0);
  expect(stdout).toContain('ONNX Runtime');
  expect(fs.readdirSync(temporary)).toEqual([]);
});
