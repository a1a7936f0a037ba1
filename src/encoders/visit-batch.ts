/** A batch of visits as the named tensors that `encodeVisit` reads. */
import type { Buffer, TensorSpec } from '../engine/index.js';

/** Token or code ids of a batch, padded: row-major [batch, width]. */
export interface PaddedRows {
  width: number;
  ids: Int32Array;
  mask: Uint8Array;
  /** [batch]: the visit has this modality. */
  present: Uint8Array;
}

export interface VisitRows {
  batch: number;
  text: PaddedRows;
  /** Kind → its codes, [CLS] at position 0. */
  codes: Record<string, PaddedRows>;
}

export type NamedTensor = TensorSpec & { data: Buffer };

const modalityTensors = (name: string, batch: number, { width, ids, mask, present }: PaddedRows): NamedTensor[] => [
  { name: `${name}.ids`, shape: [batch, width], dtype: 'int32', data: ids },
  { name: `${name}.mask`, shape: [batch, width], dtype: 'bool', data: mask },
  { name: `${name}.present`, shape: [batch], dtype: 'bool', data: present },
];

/** @param inputs the modalities the task may read; text that is not among them is sent as absent (its shape stays) */
export function visitTensors({ batch, text, codes }: VisitRows, inputs: readonly string[]): NamedTensor[] {
  const shown = inputs.includes('text') ? text : withheld(text);
  return [
    ...modalityTensors('text', batch, shown),
    ...Object.entries(codes)
      .filter(([kind]) => inputs.includes(kind))
      .flatMap(([kind, rows]) => modalityTensors(kind, batch, rows)),
  ];
}

/** The same shape with nothing in it, for every row or for some. */
export function withheld(rows: PaddedRows, from: (row: number) => boolean = () => true): PaddedRows {
  const mask = rows.mask.slice();
  const present = rows.present.map((flag, row) => (from(row) ? 0 : flag));
  for (let row = 0; row < present.length; row++) if (from(row)) mask.fill(0, row * rows.width, (row + 1) * rows.width);
  return { ...rows, mask, present };
}
