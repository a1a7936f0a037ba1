/** `--protocol`, `--switch` and the key `protocol` of a file: which wins, what is refused, what a run's configuration then holds. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadRunConfig, type ConfigArgs } from '../../src/cli/run-config.js';
import { toYaml } from '../../src/core/config.js';
import { stageConfig } from '../../src/training/run-files.js';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-protocol-'));
let files = 0;
const fileOf = (content: object): string => {
  const file = path.join(folder, `${files++}.yaml`);
  fs.writeFileSync(file, toYaml(content));
  return file;
};
const load = (content: object, args: Partial<ConfigArgs> = {}) => loadRunConfig({ set: [], ...args, config: fileOf(content) });

describe('a run\'s configuration', () => {
  it('is corrected without a word, and the schema\'s defaults are that protocol', () => {
    const silent = loadRunConfig({ set: [] });
    expect(silent.protocol).toEqual({ base: 'corrected' });
    expect(loadRunConfig({ set: [], protocol: 'corrected' })).toEqual(silent);
  });

  it('follows a protocol, by flag or by file', () => {
    const byFlag = loadRunConfig({ set: [], protocol: 'released' });
    expect(byFlag).toEqual(load({ protocol: 'released' }));
    expect(byFlag.model.codes).toMatchObject({ heads: 4, dropout: 0.4, mask_cls: true, repeat_atc_leaf: true, embedding: 'ontology-without-messages' });
    expect(byFlag.model.fusion_padding).toBe('read');
    expect(byFlag.pretrain).toMatchObject({ loss: 'visit-bce', reading: [], masking: { draw: 'static', random_from: 'same-system' } });
    expect(byFlag.finetune).toMatchObject({ fraction_by: 'prefix', allow_leaks: ['patient-overlap', 'same-visit-text', 'target-medications'] });
    expect(byFlag.finetune.medication).toMatchObject({ current: ['dx', 'text'], history: 'released' });
    expect(byFlag.prepare.split.by).toBe('visit');
  });

  it('paper: no leak, no error, and nothing of ours', () => {
    const { model, pretrain, finetune, prepare } = loadRunConfig({ set: [], protocol: 'paper' });
    expect(model.codes).toMatchObject({ embedding: 'ontology', mask_cls: false, heads: 2 });
    expect(pretrain).toMatchObject({ loss: 'masked-ce', reading: [], modality_dropout: { text: 0, codes: 0 } });
    expect(finetune).toMatchObject({ allow_leaks: [], head: { kind: 'mlp' }, readmission: { balance: 'one-to-one', drop_newborns: true } });
    expect(prepare.split.by).toBe('patient');
  });

  it('takes, in this order: protocol, file, single switches, --set', () => {
    const content = { protocol: 'released', model: { codes: { dropout: 0.3, heads: 1 } } };
    expect(load(content).model.codes).toMatchObject({ dropout: 0.3, heads: 1, mask_cls: true });
    expect(load(content, { switch: ['code-dropout=paper'] }).model.codes).toMatchObject({ dropout: 0.1, heads: 1 });
    expect(load(content, { switch: ['code-dropout=paper'], set: ['model.codes.dropout=0.2'] }).model.codes.dropout).toBe(0.2);
    expect(load({ ...content, protocol: { base: 'released', 'code-heads': 'paper' } }).model.codes).toMatchObject({ dropout: 0.3, heads: 2 });
  });

  it('replaces the file\'s protocol by --protocol, and adds --switch to either', () => {
    const content = { protocol: { base: 'paper', 'cls-mask': 'released' } };
    expect(load(content).protocol).toEqual({ base: 'paper', 'cls-mask': 'released' });
    expect(load(content, { protocol: 'corrected' }).protocol).toEqual({ base: 'corrected' });
    expect(load(content, { switch: ['code-loss=released', 'cls-mask=paper'] }).protocol).toEqual({ base: 'paper', 'cls-mask': 'paper', 'code-loss': 'released' });
  });

  it.each([
    [{ switch: ['cls-mask'] }, '--switch cls-mask: expected name=variant'],
    [{ switch: ['base=released'] }, '--switch base=released: expected name=variant'],
    [{ switch: ['cls-mask=always'] }, '--switch: ✖'],
    [{ switch: ['cls=released'] }, '--switch: there is no switch cls; there are split, '],
    [{ switch: ['cls-mask=gbert'] }, 'switch cls-mask: expected paper, released, corrected, configured, got gbert'],
    [{ set: ['protocol=released'] }, '--set protocol=released: use --protocol NAME and --switch NAME=VARIANT'],
    [{ set: ['protocol.cls-mask=released'] }, 'use --protocol NAME'],
  ])('refuses %o', (args, message) => {
    expect(() => loadRunConfig({ set: [], ...args })).toThrow(message);
  });

  it('refuses a file\'s protocol that is none, and names the file', () => {
    expect(() => load({ protocol: 'published' })).toThrow(/\d\.yaml: protocol: ✖/);
    expect(() => load({ protocol: { 'cls-msk': 'released' } })).toThrow(/\d\.yaml: protocol: there is no switch cls-msk/);
  });
});

describe('the record of a run', () => {
  it('says what the stage follows, in its own sections', () => {
    const run = loadRunConfig({ set: ['model.codes.dropout=0.25'], protocol: 'released', switch: ['medication-text=paper', 'mask-draw=paper'] });
    expect(stageConfig('pretrain', run).protocol).toEqual({ base: 'released', 'code-dropout': 'configured', 'mask-draw': 'paper' });
    expect(stageConfig('finetune', run).protocol).toEqual({ base: 'released', 'code-dropout': 'configured', 'medication-text': 'paper' });
  });

  it('is told by the model that a stage starts from, not by what was asked for', () => {
    const asked = loadRunConfig({ set: [], switch: ['cls-mask=released'] });
    const { model } = loadRunConfig({ set: [] });
    expect(stageConfig('finetune', { ...asked, model }).protocol).toEqual({ base: 'corrected' });
  });

  it('makes two pre-trained runs the same that differ in a switch of fine-tuning', () => {
    const [plain, leaking] = [[], ['medication-text=released']].map((chosen) => stageConfig('pretrain', loadRunConfig({ set: [], switch: chosen })));
    expect(leaking).toEqual(plain);
  });

  it('can be given back as a configuration', () => {
    const run = loadRunConfig({ set: ['model.codes.dropout=0.25'], protocol: 'released', switch: ['mask-draw=paper'] });
    const again = load(stageConfig('pretrain', run));
    expect([again.model, again.pretrain]).toEqual([run.model, run.pretrain]);
  });
});
