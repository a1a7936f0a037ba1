/** Every file in configs/ is complete and current: it parses strictly, says what it is for, and its commands exist. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import { bundledConfigs } from '../../src/cli/bundled-configs.js';
import { loadRunConfig } from '../../src/cli/run-config.js';
import { packageFile } from '../../src/core/paths.js';

const folder = packageFile('configs');
const textOf = (name: string): string => fs.readFileSync(path.join(folder, `${name}.yaml`), 'utf8');

describe.each(bundledConfigs())('configs/%s.yaml', (name) => {
  it('parses, by name and by path', () => {
    const byName = loadRunConfig({ config: name, set: [] });
    expect(loadRunConfig({ config: path.join(folder, `${name}.yaml`), set: [] })).toEqual(byName);
  });

  it('opens with a comment', () => {
    expect(textOf(name)).toMatch(/^# \S.{20,}/);
  });

  it('names only commands that exist', () => {
    const named = [...textOf(name).matchAll(/^#\s+medweave ([a-z-]+)/gm)].map(([, command]) => command!);
    expect(named.filter((command) => command !== 'demo' && !(command in commands))).toEqual([]);
  });

  it('refuses a field that does not exist', () => {
    expect(() => loadRunConfig({ config: name, set: ['model.text.depth=3'] })).toThrow(/depth.*model\.text/);
  });
});

describe('configs/medm-plm.yaml', () => {
  const { model, pretrain, finetune } = loadRunConfig({ config: 'medm-plm', set: [] });

  it('has the paper\'s sizes', () => {
    // The checkpoint is a BERT-base; what else the text encoder is comes from it.
    expect(model.text).toMatchObject({ checkpoint: 'emilyalsentzer/Bio_ClinicalBERT', max_tokens: 512, window: 512, pooling: 'cls', dropout: 0.1 });
    expect([pretrain.freeze, finetune.freeze]).toEqual([10, 10]);
    expect(model.codes.width / model.codes.ontology_heads).toBe(75);
    expect(model.codes).toMatchObject({ layers: 2, heads: 2, max_codes: 61, dropout: 0.1 });
    expect(pretrain.training).toMatchObject({ batch_size: 32, epochs: 200 });
    expect(pretrain.optimizer.learning_rate).toBe(5e-4);
    expect(finetune.optimizer.learning_rate).toBe(1e-5);
  });

  it('has the paper\'s objectives and no other', () => {
    expect(pretrain).toMatchObject({ loss: 'masked-ce', text_to_code: true, code_to_code: true, reading: [], modality_dropout: { text: 0, codes: 0 } });
  });
});
