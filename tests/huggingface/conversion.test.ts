import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTextEncoder } from '../../src/huggingface/load.js';
import { temporaryFolder, withConfig } from './fixtures.js';

function withOnly(...files: string[]): string {
  const dir = withConfig('bert', {});
  fs.rmSync(path.join(dir, 'model.safetensors'));
  for (const file of files) fs.writeFileSync(path.join(dir, file), '');
  return dir;
}

describe('a checkpoint without safetensors', () => {
  it.each([['pytorch_model.bin'], ['pytorch_model-00001-of-00002.bin', 'pytorch_model.bin.index.json']])('gets the one command that converts it (%s)', (...files) => {
    const dir = withOnly(...files);
    const message = (() => { try { loadTextEncoder(dir); return ''; } catch (error) { return (error as Error).message; } })();
    expect(message).toContain(`convert them once (pip install torch safetensors) with: python -c "import glob, torch; from safetensors.torch import save_file; d, w = '${dir}', {};`);
    expect(message.split('\n')).toHaveLength(1);
    expect(message.split('python -c "')[1]!.match(/"/g)).toHaveLength(1);
  });

  it.each([
    ['tf_model.h5', 'TensorFlow'],
    ['flax_model.msgpack', 'Flax'],
    ['model.onnx', 'ONNX'],
  ])('is told that %s is %s', (file, format) => {
    expect(() => loadTextEncoder(withOnly(file))).toThrow(`only ${format} weights (${file}); medweave reads safetensors`);
  });

  it('is told what a checkpoint looks like when there is nothing at all', () => {
    expect(() => loadTextEncoder(withOnly())).toThrow(/has no model\.safetensors; expected a folder in Hugging Face format/);
    expect(() => loadTextEncoder(path.join(temporaryFolder(), 'none'))).toThrow(/has no config\.json/);
  });
});
