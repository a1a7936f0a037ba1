import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readArchitecture } from '../../src/huggingface/architecture.js';
import { checkpoint, temporaryFolder, withConfig } from './fixtures.js';

describe('readArchitecture', () => {
  it('reads BERT', () => {
    expect(readArchitecture(checkpoint('bert'))).toEqual({
      family: 'bert',
      width: 14,
      layers: 3,
      heads: 2,
      feed_forward: 23,
      activation: 'gelu',
      norm_epsilon: 1e-6,
      positions: 19,
      position_offset: 0,
      token_types: 2,
      vocabulary_size: 61,
    });
  });

  it("reads RoBERTa, whose positions start after padding's id", () => {
    const roberta = readArchitecture(checkpoint('roberta'));
    expect(roberta).toMatchObject({ family: 'roberta', position_offset: 2, positions: 21, token_types: 1, activation: 'gelu_tanh', heads: 3 });
    expect(readArchitecture(withConfig('roberta', { pad_token_id: 4 })).position_offset).toBe(5);
    expect(readArchitecture(checkpoint('xlm-roberta')).family).toBe('roberta');
  });

  it('takes the model type from `architectures` where early checkpoints leave it out', () => {
    expect(readArchitecture(checkpoint('legacy')).family).toBe('bert');
    const unnamed = (architecture: string) => readArchitecture(withConfig('roberta', { model_type: undefined, architectures: [architecture] })).family;
    expect(unnamed('XLMRobertaForMaskedLM')).toBe('roberta');
    expect(unnamed('CamembertModel')).toBe('roberta');
    expect(() => unnamed('DistilBertForMaskedLM')).toThrow(/DistilBertForMaskedLM is not supported/);
  });

  it('has the defaults of Python for absent fields', () => {
    const dir = temporaryFolder();
    fs.writeFileSync(path.join(dir, 'config.json'), '{"model_type": "bert"}');
    expect(readArchitecture(dir)).toMatchObject({ width: 768, layers: 12, heads: 12, feed_forward: 3072, activation: 'gelu', norm_epsilon: 1e-12, positions: 512, token_types: 2, vocabulary_size: 30_522 });
    fs.writeFileSync(path.join(dir, 'config.json'), '{"model_type": "roberta"}');
    expect(readArchitecture(dir)).toMatchObject({ vocabulary_size: 50_265, position_offset: 2 });
  });

  it.each([
    ['gelu_python', 'gelu'],
    ['gelu_new', 'gelu_tanh'],
    ['gelu_fast', 'gelu_tanh'],
    ['gelu_pytorch_tanh', 'gelu_tanh'],
    ['relu', 'relu'],
    ['swish', 'silu'],
    ['silu', 'silu'],
  ])('knows %s as %s', (hidden_act, activation) => {
    expect(readArchitecture(withConfig('bert', { hidden_act })).activation).toBe(activation);
  });

  it.each<[Record<string, unknown>, RegExp]>([
    ...['distilbert', 'electra', 'deberta-v2', 'mpnet', 'longformer', 'modernbert', 'xlm-roberta-xl', 'toString'].map((model_type) =>
      [{ model_type }, /not supported; .* bert, roberta, camembert, xlm-roberta/] satisfies [Record<string, unknown>, RegExp]),
    [{ hidden_act: 'gelu_10' }, /hidden_act gelu_10 is not supported; .*gelu, /],
    [{ hidden_act: 'quick_gelu' }, /quick_gelu is not supported/],
    [{ position_embedding_type: 'relative_key' }, /position_embedding_type = "relative_key"/],
    [{ is_decoder: true }, /is_decoder/],
    [{ add_cross_attention: true }, /cross-attention/],
    [{ auto_map: { AutoModel: 'modeling.Model' } }, /code of its own/],
    [{ quantization_config: { load_in_8bit: true } }, /quantized/],
    [{ pruned_heads: { 1: [0] } }, /pruned_heads/],
    [{ embedding_size: 7 }, /embedding_size \(7\) differs/],
    [{ num_attention_heads: 3 }, /num_attention_heads \(3\) must divide hidden_size \(14\)/],
    [{ hidden_size: 'wide' }, /config\.json: hidden_size/],
    [{ layer_norm_eps: -1 }, /layer_norm_eps/],
  ])('refuses %j', (changes, message) => {
    expect(() => readArchitecture(withConfig('bert', changes))).toThrow(message);
  });

  it('refuses RoBERTa without an id of padding, which its positions depend on', () => {
    expect(() => readArchitecture(withConfig('roberta', { pad_token_id: null }))).toThrow(/pad_token_id/);
    expect(() => readArchitecture(withConfig('roberta', { pad_token_id: 30 }))).toThrow(/leaves no position/);
  });

  it('allows harmless values of settings that it refuses otherwise', () => {
    const harmless = { position_embedding_type: 'absolute', is_decoder: false, pruned_heads: {}, embedding_size: 14, id2label: { 0: 'A' }, chunk_size_feed_forward: 8, hidden_dropout_prob: 0.5 };
    expect(readArchitecture(withConfig('bert', harmless))).toEqual(readArchitecture(checkpoint('bert')));
  });

  it('says what a folder without a readable config.json should be', () => {
    const dir = temporaryFolder();
    expect(() => readArchitecture(dir)).toThrow(/has no config\.json; expected a folder in Hugging Face format/);
    fs.writeFileSync(path.join(dir, 'config.json'), '{"model_type": "be');
    expect(() => readArchitecture(dir)).toThrow(/cannot be read as JSON/);
  });
});
