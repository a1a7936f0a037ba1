/** `medweave synth`: writes once, says so the second time, and refuses nonsense. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import command from '../../src/cli/commands/synth.js';
import type { CommandContext, CommandResult } from '../../src/cli/command.js';
import { readManifest } from '../../src/core/artifact.js';
import { silentLogger } from '../../src/core/log.js';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-synth-command-'));
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

const context = (changes: Partial<CommandContext> = {}): CommandContext =>
  ({ log: silentLogger(), seed: 4, device: 'auto', force: false, signal: new AbortController().signal, announce: () => undefined, ...changes });

const synth = (args: Record<string, unknown>, changes?: Partial<CommandContext>): Promise<CommandResult> =>
  command.run({ format: 'mimic4', patients: 15, out: path.join(root, 'raw'), gzip: true, noteWords: 120, listMedications: false, ceiling: true, ...args } as never, context(changes));

describe('medweave synth', () => {
  it('writes an artifact that defines its ceiling, and does nothing the second time', async () => {
    const first = (await synth({})).json as Record<string, unknown>;
    expect(first).toMatchObject({ done: true, patients: 15 });
    const manifest = readManifest(path.join(root, 'raw'));
    expect(manifest).toMatchObject({ command: 'synth', seed: 4, config: { format: 'mimic4', patients: 15, note_words: 120 } });
    expect(Object.keys(manifest.ceiling as object)).toEqual(['icd-coding', 'readmission', 'medication']);
    const second = await synth({});
    expect(second.text).toContain('nothing to do');
    expect(second.json).toEqual({ ...first, done: false });
  });

  it('leaves nothing half-written when interrupted', async () => {
    const out = path.join(root, 'interrupted');
    await expect(synth({ out }, { signal: AbortSignal.abort() })).rejects.toThrow(/interrupted after 0 of 15 patients; nothing was written/);
    expect(fs.readdirSync(root).filter((name) => name.startsWith('interrupted'))).toEqual([]);
  });

  it.each([[{ patients: 0 }, /--patients 0: expected a whole number from 1/], [{ patients: 2.5 }, /--patients 2.5/], [{ noteWords: -1 }, /--note-words -1/]])('refuses %o', async (args, message) => {
    await expect(synth(args)).rejects.toThrow(message);
  });
});
