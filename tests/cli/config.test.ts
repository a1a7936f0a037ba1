/** `medweave config`: every value with where it comes from, as a file that gives the same configuration again. */
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { execute } from '../../src/cli/execute.js';
import { loadRunConfig } from '../../src/cli/run-config.js';
import { temporaryDirectory } from './command-line.js';

const config = async (...args: string[]) => (await execute(['config', ...args], { signal: new AbortController().signal }))!.result;

interface Shown {
  origins: Record<string, string>;
  config: Record<string, unknown>;
}
const originsOf = async (...args: string[]): Promise<Record<string, string>> => ((await config(...args)).json as Shown).origins;

describe('medweave config', () => {
  it('says where values come from', async () => {
    const origins = await originsOf('--config', 'demo', '--set', 'finetune.fraction=0.1', '--set', 'model.reader={width: 32}');
    expect(origins).toMatchObject({
      'finetune.fraction': '--set',
      'model.reader.width': '--set',
      'finetune.training.epochs': 'file',
      'finetune.inputs': 'file',
      'finetune.training.patience': 'default',
      'protocol.base': 'default',
    });
  });

  it('tells a protocol and its switches from the file below and the defaults', async () => {
    const released = await originsOf('--protocol', 'released');
    expect([released['model.codes.heads'], released['model.text.heads'], released['protocol.base']]).toEqual(['protocol', 'default', 'protocol']);
    const switched = await originsOf('--config', 'demo', '--switch', 'code-heads=paper');
    expect([switched['model.codes.heads'], switched['model.codes.width']]).toEqual(['protocol', 'file']);
    expect(Object.values(await originsOf('--protocol', 'corrected')).filter((origin) => origin === 'protocol')).toEqual([]);
  });

  it('knows a field that was written in another spelling', async () => {
    expect(await originsOf('--set', 'finetune.labels.kind=px')).toMatchObject({ 'finetune.labels.kinds': '--set', 'finetune.labels.visits': 'default' });
  });

  it.each([[[]], [['--config', 'medm-plm']], [['--config', 'codiesp', '--set', 'ingest.source=codiesp', '--set', 'coder.titles.px=procedures, official.tsv']]])('prints a file that gives the same again: %j', async (args) => {
    const { text } = await config(...args);
    const file = path.join(temporaryDirectory(), 'shown.yaml');
    fs.writeFileSync(file, text);
    expect(loadRunConfig({ config: file, set: [] })).toEqual(loadRunConfig({ config: args[1], set: args.filter((_, i) => args[i - 1] === '--set') }));
  });

  it('leaves out what is not asked for', async () => {
    expect(parse((await config('finetune', '--set', 'finetune.fraction=0.5', '--set', 'model.reader.width=8', '--changed')).text)).toEqual({ finetune: { fraction: 0.5 } });
    expect(parse((await config('cache')).text)).toEqual({ cache: { enabled: true, precision: 'float16' } });
    expect(parse((await config('--changed')).text)).toBeNull();
  });

  it('refuses what no command would take', async () => {
    await expect(config('--set', 'finetune.epochs=3')).rejects.toThrow(/epochs.*finetune/);
    await expect(config('fine')).rejects.toThrow(/section/);
  });
});
