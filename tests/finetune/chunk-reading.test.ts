import { describe, expect, it } from 'vitest';
import type { Buffers, DeviceName } from '../../src/engine/index.js';
import type { VisitRows } from '../../src/encoders/visit-batch.js';
import { finetuneSchema } from '../../finetune/config.js';
import { icdCodingHead } from '../../finetune/heads/icd-coding.js';
import { tinyVisits } from '../encoders/tiny-model.js';
import { expectAllClose } from '../support/all-close.js';
import { runHead } from './run-head.js';

interface Options {
  chunks: 'attend' | 'max';
  inputs?: string[];
  device?: DeviceName;
}

const run = (rows: VisitRows, { chunks, inputs = ['text'], device }: Options): Promise<Buffers> => {
  const config = finetuneSchema.parse({ head: { chunks } }).head;
  const head = icdCodingHead({ config, inputs, labels: { groups: [{ kind: 'dx', rows: Int32Array.of(3, 0, 4) }], shares: [0.5, 0.2, 0.1] } });
  return runHead({ inputs, labelKinds: ['dx'], head }, { rows, device });
};

/** The visits with only one of their two chunks. */
function onlyChunk(index: number): VisitRows {
  const rows = tinyVisits();
  const part = <Values extends Int32Array | Uint8Array>(values: Values): Values => {
    const kept = values.slice() as Values;
    return kept.filter((_, i) => Math.floor(i / 7) % 2 === index) as Values;
  };
  return { ...rows, text: { ...rows.text, chunks: 1, ids: part(rows.text.ids), mask: part(rows.text.mask) } };
}

describe('reading a note in chunks', () => {
  it('max equals attending when there is one chunk and nothing else', async () => {
    const [max, attend] = [await run(onlyChunk(0), { chunks: 'max' }), await run(onlyChunk(0), { chunks: 'attend' })];
    expectAllClose(max['probabilities']!, attend['probabilities']!, { rtol: 1e-5, atol: 1e-7, label: 'probabilities' });
  });

  it('empty chunks count for nothing', async () => {
    const rows = tinyVisits();
    // The third visit has 5 tokens: its second chunk is empty.
    const both = await run(rows, { chunks: 'max' });
    rows.text.ids.fill(17, 35, 42);
    const changed = await run(rows, { chunks: 'max' });
    expect(changed['probabilities']!.slice(6)).toEqual(both['probabilities']!.slice(6));
  });

  it('a visit without text still has finite scores', async () => {
    const outputs = await run({ ...tinyVisits(), text: { ...tinyVisits().text, mask: new Uint8Array(42), present: new Uint8Array(3) } }, { chunks: 'max' });
    expect(outputs['probabilities']!.every((p) => p > 1e-6 && p < 1)).toBe(true);
  });

  it.each(['attend', 'max'] as const)('%s: scores and gradients are those of the pure-JavaScript backend', async (chunks) => {
    const [compiled, reference] = [await run(tinyVisits(), { chunks, inputs: ['text', 'rx'] }), await run(tinyVisits(), { chunks, inputs: ['text', 'rx'], device: 'reference' })];
    for (const [name, value] of Object.entries(reference)) expectAllClose(compiled[name]!, value, { rtol: 2e-4, atol: 2e-6, label: name });
  });
});
