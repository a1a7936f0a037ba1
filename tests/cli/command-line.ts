/** Runs the compiled command line as a user does, and makes the small data sets its tests share. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { packageFile } from '../../src/core/paths.js';

export interface Outcome {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  child: ChildProcess;
  ended: Promise<Outcome>;
}

/** Starts `medweave …` in a directory. */
export function start(cwd: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(process.execPath, [packageFile('bin', 'medweave.js'), ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name]!.setEncoding('utf8').on('data', (text: string) => (output[name] += text));
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...output }));
  });
  return { child, ended };
}

export const medweave = (cwd: string, ...args: string[]): Promise<Outcome> => start(cwd, args).ended;

/** Runs a command that must succeed. @returns its standard output */
export async function succeed(cwd: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await medweave(cwd, ...args);
  expect(code, `medweave ${args.join(' ')}\n${stderr}`).toBe(0);
  return stdout;
}

/** The one line that a failed command says, after its log lines; anything else on standard error (a stack) fails the test. */
export function complaint({ stderr }: Outcome): string {
  const lines = stderr.trimEnd().split('\n').filter((line) => !/^(INFO|WARN): /.test(line));
  expect(lines, stderr).toHaveLength(1);
  expect(lines[0]).toMatch(/^medweave: \S/);
  return lines[0]!;
}

/** A model that trains in a second. */
export const TINY_CONFIG = `
prepare:
  codes: { min_count: 2 }
  tokenizer: { vocabulary_size: 300 }
model:
  text: { width: 16, layers: 1, heads: 2, feed_forward: 16, max_tokens: 64, window: 64 }
  codes: { width: 16, layers: 1, heads: 2, feed_forward: 16, ontology_heads: 2 }
  reader: { width: 16 }
pretrain:
  head_width: 16
  training: { batch_size: 8, epochs: 2, checkpoint_every: 2 }
finetune:
  inputs: [text, rx]
  training: { batch_size: 8, epochs: 2, checkpoint_every: 2 }
`;

export const WITH_TINY = ['--config', 'tiny.yaml', '--device', 'cpu'] as const;

export const temporaryDirectory = (): string => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-cli-'));
  fs.writeFileSync(path.join(dir, 'tiny.yaml'), TINY_CONFIG);
  return dir;
};

/** `raw/` and `store/` of a small synthetic MIMIC-IV, beside `tiny.yaml`, in a new directory. */
export async function tinyStore(): Promise<string> {
  const dir = temporaryDirectory();
  await succeed(dir, 'synth', '--patients', '60', '--out', 'raw');
  await succeed(dir, 'ingest', '--source', 'mimic4', '--raw', 'raw', '--out', 'store');
  return dir;
}

/** The same and `data/`. */
export async function tinyData(): Promise<string> {
  const dir = await tinyStore();
  await succeed(dir, 'prepare', '--store', 'store', '--config', 'tiny.yaml', '--out', 'data');
  return dir;
}

export const exists = (dir: string, ...parts: string[]): boolean => fs.existsSync(path.join(dir, ...parts));

export const hashOf = (...parts: string[]): string => createHash('sha256').update(fs.readFileSync(path.join(...parts))).digest('hex');

export const readJson = (...parts: string[]): Record<string, unknown> => JSON.parse(fs.readFileSync(path.join(...parts), 'utf8')) as Record<string, unknown>;
