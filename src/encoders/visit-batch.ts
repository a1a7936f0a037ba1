/** A batch of visits as the named tensors that `encodeVisit` reads. */
import type { Buffer, TensorSpec } from '../engine/index.js';

/** Ids of a batch, padded: row-major [batch, width]. */
export interface PaddedRows {
  width: number;
  ids: Int32Array;
  mask: Uint8Array;
  /** [batch]: the visit has this modality. */
  present: Uint8Array;
}

/** Notes in chunks: row-major [batch, chunks, width]. */
export interface ChunkedRows extends PaddedRows {
  chunks: number;
  /** What the frozen layers made of the ids [batch, chunks, width, D]; the model then does not read the ids. */
  hidden?: Float32Array;
}

export interface VisitRows {
  batch: number;
  /** Absent when nobody reads it. */
  text?: ChunkedRows;
  /** Kind → its codes, [CLS] at position 0. */
  codes: Record<string, PaddedRows>;
}

export type NamedTensor = TensorSpec & { data: Buffer };

function codeTensors(kind: string, batch: number, { width, ids, mask, present }: PaddedRows): NamedTensor[] {
  return [
    { name: `${kind}.ids`, shape: [batch, width], dtype: 'int32', data: ids },
    { name: `${kind}.mask`, shape: [batch, width], dtype: 'bool', data: mask },
    { name: `${kind}.present`, shape: [batch], dtype: 'bool', data: present },
  ];
}

/** The text of a batch: `text.ids` or `text.hidden`, `text.mask`, `text.present`. */
export function textTensors(batch: number, { chunks, width, ids, hidden, mask, present }: ChunkedRows): NamedTensor[] {
  const shape = [batch, chunks, width];
  return [
    hidden
      ? { name: 'text.hidden', shape: [...shape, hidden.length / mask.length], dtype: 'float32', data: hidden }
      : { name: 'text.ids', shape, dtype: 'int32', data: ids },
    { name: 'text.mask', shape, dtype: 'bool', data: mask },
    { name: 'text.present', shape: [batch], dtype: 'bool', data: present },
  ];
}

/** @param inputs what the model reads: `text` and kinds of codes */
export function visitTensors({ batch, text, codes }: VisitRows, inputs: readonly string[]): NamedTensor[] {
  return [
    ...(inputs.includes('text') ? textTensors(batch, text!) : []),
    ...Object.entries(codes)
      .filter(([kind]) => inputs.includes(kind))
      .flatMap(([kind, rows]) => codeTensors(kind, batch, rows)),
  ];
}

/** The same shape with nothing in it for some rows. */
export function withheld<Rows extends PaddedRows>(rows: Rows, from: (row: number) => boolean): Rows {
  const mask = rows.mask.slice();
  const stride = mask.length / rows.present.length;
  const present = rows.present.map((flag, row) => (from(row) ? 0 : flag));
  for (let row = 0; row < present.length; row++) if (from(row)) mask.fill(0, row * stride, (row + 1) * stride);
  return { ...rows, mask, present };
}
