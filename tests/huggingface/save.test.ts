import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/artifact.js';
import { packageFile } from '../../src/core/paths.js';
import { readSafetensors } from '../../src/core/safetensors.js';
import { loadTextEncoder } from '../../src/huggingface/load.js';
import { saveTextEncoder } from '../../src/huggingface/save.js';
import { expectAllClose } from '../support/all-close.js';
import { checkpoint, goldenFile, temporaryFolder } from './fixtures.js';

const SAVED = ['bert', 'roberta'] as const;

type Saved = (typeof SAVED)[number];

/** What Python made of the folders saved here: see tests/fixtures/huggingface/roundtrip.py. */
interface RoundTrip {
  model_type: string;
  architecture: string;
  files: Record<string, string>;
  ids_equal_to_tokenizer_json: boolean;
  tokens: Record<string, number[]>;
  last_hidden_state: number[];
}

const recorded = JSON.parse(fs.readFileSync(packageFile('tests', 'fixtures', 'huggingface', 'roundtrip.json'), 'utf8')) as Record<Saved, RoundTrip>;

/** `MEDWEAVE_KEEP_SAVED=DIR` leaves the folders in DIR, for Python to read. */
function saved(name: Saved): string {
  const keep = process.env['MEDWEAVE_KEEP_SAVED'];
  const dir = path.join(keep ?? temporaryFolder(), name);
  saveTextEncoder(dir, { ...loadTextEncoder(checkpoint(name)), tokenizerFile: path.join(checkpoint(name), 'tokenizer.json') });
  return dir;
}

describe('saveTextEncoder', () => {
  it.each(SAVED)('%s comes back as it was', (name) => {
    expect(loadTextEncoder(saved(name))).toEqual(loadTextEncoder(checkpoint(name)));
  });

  it.each(SAVED)('%s: the files are, byte for byte, those that Python loaded', (name) => {
    const dir = saved(name);
    const hashes = Object.fromEntries(fs.readdirSync(dir).sort().map((file) => [file, sha256(fs.readFileSync(path.join(dir, file)))]));
    expect(hashes).toEqual(recorded[name].files);
  });

  it.each(SAVED)('%s: Python computed from them what the original computes, and the same ids', (name) => {
    const { model_type, architecture, last_hidden_state, ids_equal_to_tokenizer_json } = recorded[name];
    expect([model_type, architecture]).toEqual(name === 'bert' ? ['bert', 'BertModel'] : ['roberta', 'RobertaModel']);
    const golden = readSafetensors(goldenFile(name));
    const last = golden[`hidden.${loadTextEncoder(checkpoint(name)).architecture.layers}`]!;
    // The tanh form of gelu has several names in Python, which round differently.
    expectAllClose(last_hidden_state, last.data, { rtol: 0, atol: 1e-6, label: name });
    expect(ids_equal_to_tokenizer_json).toBe(true);
  });

  it('writes nothing of an encoder that does not fit its architecture', () => {
    const encoder = loadTextEncoder(checkpoint('bert'));
    const tokenizerFile = path.join(checkpoint('bert'), 'tokenizer.json');
    const dir = path.join(temporaryFolder(), 'out');
    const { 'embeddings.LayerNorm.bias': _, ...incomplete } = encoder.tensors;
    const save = (changes: object): (() => void) => () => saveTextEncoder(dir, { ...encoder, tokenizerFile, ...changes });
    expect(save({ tensors: incomplete })).toThrow(/tensor embeddings\.LayerNorm\.bias \[14\] is missing/);
    expect(save({ tensors: { ...encoder.tensors, 'head.weight': encoder.tensors['pooler.dense.bias'] } })).toThrow(/no such tensor/);
    expect(save({ architecture: { ...encoder.architecture, width: 16 } })).toThrow(/is \[61, 14\], the architecture calls for \[61, 16\]/);
    expect(fs.existsSync(dir)).toBe(false);
  });

  it('refuses a tokenizer of another encoder, as far as it can be told', () => {
    const dir = path.join(temporaryFolder(), 'out');
    const tokenizerFile = path.join(checkpoint('bert'), 'tokenizer.json');
    expect(() => saveTextEncoder(dir, { ...loadTextEncoder(checkpoint('roberta')), tokenizerFile })).toThrow(/its padding has id 0, .* as for padding id 1/);
  });

  it('refuses a tokenizer without special tokens', () => {
    const tokenizerFile = path.join(temporaryFolder(), 'tokenizer.json');
    const save = () => saveTextEncoder(path.join(path.dirname(tokenizerFile), 'out'), { ...loadTextEncoder(checkpoint('bert')), tokenizerFile });
    fs.writeFileSync(tokenizerFile, JSON.stringify({ model: { vocab: { '[PAD]': 0, a: 1 } } }));
    expect(save).toThrow(/has neither the special tokens \[PAD\] \[UNK\] \[CLS\] \[SEP\] \[MASK\] nor <pad>/);
    fs.writeFileSync(tokenizerFile, 'none');
    expect(save).toThrow(/cannot be read as a tokenizer\.json/);
  });
});
