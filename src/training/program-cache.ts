/** One compiled program for each shape signature of a batch: padding to a few bucket lengths keeps their number small. */
import type { Buffer, Program, TensorSpec } from '../engine/index.js';

/** A named tensor of a batch. */
export interface BatchTensor extends TensorSpec {
  data: Buffer;
}
export type Batch = readonly BatchTensor[];

export const batchSpecs = (batch: Batch): TensorSpec[] => batch.map(({ name, shape, dtype }) => ({ name, shape, dtype }));

const signatureOf = (batch: Batch): string => batch.map(({ name, shape, dtype }) => `${name}:${dtype}[${shape.join()}]`).join(' ');

export interface ProgramCache<Entry> {
  get(batch: Batch): Promise<Entry>;
  dispose(): void;
}

export function cacheBySignature<Entry extends { program: Program }>(compile: (specs: TensorSpec[]) => Promise<Entry>): ProgramCache<Entry> {
  const entries = new Map<string, Promise<Entry>>();
  return {
    get(batch) {
      const key = signatureOf(batch);
      let entry = entries.get(key);
      if (!entry) entries.set(key, (entry = compile(batchSpecs(batch))));
      return entry;
    },
    dispose() {
      for (const entry of entries.values()) void entry.then(({ program }) => program.dispose(), () => undefined);
      entries.clear();
    },
  };
}

/** Copies a batch into a call's input buffers; inputs that the program does not use are skipped. */
export function feed(inputs: Record<string, Buffer>, batch: Batch): void {
  for (const { name, data } of batch) inputs[name]?.set(data as never);
}
