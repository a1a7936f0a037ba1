import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSafetensors, writeSafetensors } from '../../src/core/safetensors.js';
import { openMaskedLanguageHead } from '../../src/huggingface/language-head.js';
import { checkpoint, withConfig } from './fixtures.js';

describe('the masked-language head of a checkpoint', () => {
  it('has BERT\'s names, of scale and shift the modern ones', () => {
    const head = openMaskedLanguageHead(checkpoint('legacy'))!;
    expect(head.names).toEqual(['dense.weight', 'dense.bias', 'LayerNorm.weight', 'LayerNorm.bias'].map((name) => `cls.predictions.transform.${name}`).concat('cls.predictions.bias'));
    expect(head.names.map((name) => head.describe(name)!.shape)).toEqual([[8, 8], [8], [8], [8], [41]]);
    const stored = readSafetensors(path.join(checkpoint('legacy'), 'model.safetensors'));
    expect(head.read('cls.predictions.transform.LayerNorm.weight').data).toEqual(stored['cls.predictions.transform.LayerNorm.gamma']!.data);
  });

  it('has RoBERTa\'s names', () => {
    const head = openMaskedLanguageHead(checkpoint('xlm-roberta'))!;
    expect(head.names).toEqual(['dense.weight', 'dense.bias', 'layer_norm.weight', 'layer_norm.bias', 'bias'].map((name) => `lm_head.${name}`));
    expect(head.read('lm_head.bias').shape).toEqual([47]);
    expect(head.describe('lm_head.decoder.weight')).toBeUndefined();
    expect(() => head.read('roberta.embeddings.word_embeddings.weight')).toThrow(/no tensor/);
  });

  it('is none where there is none, or only a part of one', () => {
    expect(openMaskedLanguageHead(checkpoint('bert'))).toBeUndefined();
    const dir = withConfig('legacy', {});
    const file = path.join(dir, 'model.safetensors');
    const { 'cls.predictions.transform.dense.bias': _, ...rest } = readSafetensors(file);
    writeSafetensors(file, rest);
    expect(openMaskedLanguageHead(dir)).toBeUndefined();
  });
});
