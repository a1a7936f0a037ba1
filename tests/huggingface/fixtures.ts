/** The tiny checkpoints made by tests/fixtures/huggingface/make.py, and copies of them to damage. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { packageFile } from '../../src/core/paths.js';

export const CHECKPOINTS = ['bert', 'roberta', 'xlm-roberta', 'sharded', 'float16', 'bfloat16', 'legacy'] as const;

export const checkpoint = (name: (typeof CHECKPOINTS)[number]): string => packageFile('tests', 'fixtures', 'huggingface', name);

export const goldenFile = (name: (typeof CHECKPOINTS)[number]): string => `${checkpoint(name)}.golden.safetensors`;

/** Gone when the test that asked for it has finished. */
export function temporaryFolder(): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-huggingface-'));
  onTestFinished(() => fs.rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A copy of a checkpoint whose config.json has other fields; undefined takes one away. */
export function withConfig(name: (typeof CHECKPOINTS)[number], changes: Record<string, unknown>): string {
  const dir = temporaryFolder();
  fs.cpSync(checkpoint(name), dir, { recursive: true });
  const file = path.join(dir, 'config.json');
  fs.writeFileSync(file, JSON.stringify({ ...(JSON.parse(fs.readFileSync(file, 'utf8')) as object), ...changes }));
  return dir;
}
