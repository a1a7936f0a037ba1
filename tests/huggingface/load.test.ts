import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSafetensors, writeSafetensors, type StoredTensor } from '../../src/core/safetensors.js';
import { loadTextEncoder, openTextEncoder } from '../../src/huggingface/load.js';
import { checkpoint, CHECKPOINTS, temporaryFolder, withConfig } from './fixtures.js';

/** A copy of a checkpoint whose single weight file has been changed. */
function withWeights(change: (tensors: Record<string, StoredTensor>) => Record<string, StoredTensor>): string {
  const dir = withConfig('bert', {});
  const file = path.join(dir, 'model.safetensors');
  writeSafetensors(file, change(readSafetensors(file)));
  return dir;
}

const prefixed = (prefix: string) => (tensors: Record<string, StoredTensor>) => Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));

describe('loadTextEncoder', () => {
  it.each(CHECKPOINTS)('%s: has the names of BertModel and float32 values', (name) => {
    const { architecture, tensors } = loadTextEncoder(checkpoint(name));
    const { layers, width, positions } = architecture;
    const hasPooler = 'pooler.dense.weight' in tensors;
    expect(Object.keys(tensors)).toHaveLength(5 + 16 * layers + (hasPooler ? 2 : 0));
    expect(hasPooler).toBe(!['roberta', 'xlm-roberta', 'legacy'].includes(name));
    expect(tensors['embeddings.position_embeddings.weight']!.shape).toEqual([positions, width]);
    expect(tensors[`encoder.layer.${layers - 1}.output.LayerNorm.bias`]!.shape).toEqual([width]);
    for (const [path, { shape, data }] of Object.entries(tensors)) {
      expect(data, path).toBeInstanceOf(Float32Array);
      expect(data, path).toHaveLength(shape.reduce((a, b) => a * b, 1));
    }
  });

  it('takes TensorFlow\'s gamma and beta for weight and bias', () => {
    const stored = readSafetensors(path.join(checkpoint('legacy'), 'model.safetensors'));
    const { tensors } = loadTextEncoder(checkpoint('legacy'));
    expect(tensors['embeddings.LayerNorm.weight']).toEqual(stored['bert.embeddings.LayerNorm.gamma']);
    expect(tensors['encoder.layer.1.output.LayerNorm.bias']).toEqual(stored['bert.encoder.layer.1.output.LayerNorm.beta']);
  });

  it.each(['bert.', 'roberta.', 'module.bert.', '0.auto_model.'])('finds the encoder under the prefix %s', (prefix) => {
    expect(loadTextEncoder(withWeights(prefixed(prefix)))).toEqual(loadTextEncoder(checkpoint('bert')));
  });

  it('leaves heads out, whatever their names', () => {
    const head = { shape: [2], data: Float32Array.of(1, 2) };
    const dir = withWeights((tensors) => ({ ...prefixed('bert.')(tensors), 'classifier.weight': head, 'cls.predictions.bias': head, 'bert.crf.weight': head }));
    expect(loadTextEncoder(dir)).toEqual(loadTextEncoder(checkpoint('bert')));
  });

  it('does without a pooler, but not without half of one', () => {
    const without = (...names: string[]) => withWeights((tensors) => Object.fromEntries(Object.entries(tensors).filter(([name]) => !names.includes(name))));
    expect(openTextEncoder(without('pooler.dense.weight', 'pooler.dense.bias')).names).not.toContain('pooler.dense.weight');
    expect(() => openTextEncoder(without('pooler.dense.bias'))).toThrow(/lacks pooler\.dense\.bias/);
  });

  it('names what is missing', () => {
    expect(() => openTextEncoder(withConfig('bert', { num_hidden_layers: 4 }))).toThrow(/lacks encoder\.layer\.3\.attention\.self\.query\.weight, .* and 13 more/);
  });

  it('refuses weights of another shape than config.json says', () => {
    expect(() => openTextEncoder(withConfig('bert', { intermediate_size: 29 }))).toThrow(/encoder\.layer\.0\.intermediate\.dense\.weight is \[23, 14\], config\.json calls for \[29, 14\]/);
    expect(() => openTextEncoder(withConfig('bert', { max_position_embeddings: 512 }))).toThrow(/position_embeddings/);
  });

  it('refuses tensors in the encoder that it would not compute with', () => {
    const extra = (name: string) => withWeights((tensors) => ({ ...tensors, [name]: { shape: [1], data: Float32Array.of(1) } }));
    expect(() => openTextEncoder(extra('encoder.layer.0.attention.self.distance_embedding.weight'))).toThrow(/distance_embedding\.weight belong to the encoder/);
    expect(() => openTextEncoder(withConfig('bert', { num_hidden_layers: 2 }))).toThrow(/encoder\.layer\.2\..* and 15 more tensors/);
  });

  it('refuses a file with two encoders, or none', () => {
    expect(() => openTextEncoder(withWeights((tensors) => ({ ...prefixed('query.')(tensors), ...prefixed('passage.')(tensors) })))).toThrow(/holds 2 encoders \(query\.\*, passage\.\*\)/);
    expect(() => openTextEncoder(withWeights(() => ({ a: { shape: [1], data: Float32Array.of(1) } })))).toThrow(/no tensor embeddings\.word_embeddings\.weight/);
  });

  it('refuses weights that are integers', () => {
    const dir = withWeights((tensors) => ({ ...tensors, 'pooler.dense.bias': { shape: [14], data: new Int32Array(14) } }));
    expect(() => openTextEncoder(dir)).toThrow(/pooler\.dense\.bias is I32; medweave reads weights in F32/);
  });

  it('describes and reads tensors by name only', () => {
    const encoder = openTextEncoder(checkpoint('float16'));
    expect(encoder.describe('pooler.dense.bias')).toMatchObject({ shape: [6], dtype: 'F16' });
    expect(encoder.describe('cls.predictions.bias')).toBeUndefined();
    expect(() => encoder.read('cls.predictions.bias')).toThrow(/no tensor cls\.predictions\.bias/);
  });
});

describe('shards', () => {
  const index = 'model.safetensors.index.json';
  const second = 'model-00002-of-00002.safetensors';
  const copy = (): string => withConfig('sharded', {});
  const withMap = (change: (map: Record<string, string>) => Record<string, string>): string => {
    const dir = copy();
    const { weight_map } = JSON.parse(fs.readFileSync(path.join(dir, index), 'utf8')) as { weight_map: Record<string, string> };
    fs.writeFileSync(path.join(dir, index), JSON.stringify({ weight_map: change(weight_map) }));
    return dir;
  };

  it('load as one file would', () => {
    const dir = temporaryFolder();
    const merged = ['model-00001-of-00002.safetensors', second].map((name) => readSafetensors(path.join(checkpoint('sharded'), name)));
    fs.copyFileSync(path.join(checkpoint('sharded'), 'config.json'), path.join(dir, 'config.json'));
    writeSafetensors(path.join(dir, 'model.safetensors'), { ...merged[0], ...merged[1] });
    expect(loadTextEncoder(checkpoint('sharded'))).toEqual(loadTextEncoder(dir));
  });

  it('are refused when one is missing, naming it', () => {
    const dir = copy();
    fs.rmSync(path.join(dir, second));
    expect(() => openTextEncoder(dir)).toThrow(`${dir}: 1 of 2 shards missing (${second})`);
  });

  it('are refused when a tensor is in none of them', () => {
    const unlisted = withMap(({ 'embeddings.LayerNorm.bias': _, ...map }) => map);
    expect(() => openTextEncoder(unlisted)).toThrow(/lacks embeddings\.LayerNorm\.bias/);
    const misplaced = withMap((map) => ({ ...map, 'embeddings.LayerNorm.bias': second }));
    expect(() => openTextEncoder(misplaced)).toThrow(/model-00002-of-00002\.safetensors: lacks tensor embeddings\.LayerNorm\.bias/);
  });

  it('are refused when the index is damaged or leads out of the folder', () => {
    expect(() => openTextEncoder(withMap((map) => ({ ...map, 'pooler.dense.bias': '../other.safetensors' })))).toThrow(/is not the name of a safetensors file beside the index/);
    const dir = copy();
    fs.writeFileSync(path.join(dir, index), '{"weight');
    expect(() => openTextEncoder(dir)).toThrow(/index\.json: cannot be read as JSON/);
  });
});
