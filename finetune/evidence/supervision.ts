/** Span-level training: where annotators marked the words of a code, its attention is drawn to them. */
import path from 'node:path';
import { configurationError, dataError } from '../../src/core/errors.js';
import type { Logger } from '../../src/core/log.js';
import { cleanNote, createPieceLocator, type Dataset, type LocatedPieces, type PrepareConfig } from '../../src/dataset/index.js';
import type { NamedTensor } from '../../src/encoders/visit-batch.js';
import type { FinetuneConfig } from '../config.js';
import type { Task, TaskBatch } from '../tasks/index.js';
import { nameOf } from './choose-codes.js';
import { tokensOfPieces } from './from-attention.js';
import { assertSamePieces } from './same-pieces.js';
import { readStoreNotes, type GoldEvidence } from './store-notes.js';

/** Labels of a batch that are looked at, a visit: mean and maximum of CodiEsp are 11 and 40. Further ones of a batch are left out. */
const LABELS_A_VISIT = 16;

/** A training note. */
export interface MarkedNote {
  /** Number of pieces. */
  pieces: number;
  /** Label → the pieces that its mentions cover. */
  marked: ReadonlyMap<number, readonly number[]>;
}

export interface Supervision {
  /** `explain.labels` int32 [K], and `evidence.target` [B, K, N]: even over the tokens of each marked label, 0 for others. */
  tensors(batch: TaskBatch): NamedTensor[];
}

export interface SupervisionOptions {
  dataset: Dataset;
  task: Pick<Task, 'labels' | 'trainRows' | 'head'>;
  log: Logger;
}

/**
 * @returns undefined where the configuration asks for none
 * @throws configuration error for a head that attends to no text; data error when the store has no evidence for the training visits, or other notes
 */
export async function openSupervision({ weight, store }: FinetuneConfig['evidence'], { dataset, task, log }: SupervisionOptions): Promise<Supervision | undefined> {
  if (!weight || store === null) return undefined;
  if (!task.head.explain) throw configurationError('finetune.evidence.weight: the head attends to no text, so that no attention can be trained; use label attention with text among the inputs, or weight 0');
  const rows = task.trainRows.filter((row) => dataset.tokens.lengthOf(row) > 0);
  const visits = await readStoreNotes(store, dataset, rows);
  const locate = await createPieceLocator(path.join(dataset.dir, 'tokenizer.json'));
  const { text: cleaning } = dataset.manifest.config as PrepareConfig;
  const located = await locate(Array.from(rows, (row) => cleanNote(visits.get(row)!.text, cleaning)));
  const labelOf = new Map(task.labels.map((label, l) => [nameOf(label), l]));
  const notes = new Map(Array.from(rows, (row, n): [number, MarkedNote] => {
    assertSamePieces(dataset, row, { ids: located[n]!.ids, store });
    return [row, { pieces: located[n]!.ids.length, marked: markedPieces(visits.get(row)!.evidence, located[n]!, labelOf) }];
  }));
  const codes = [...notes.values()].reduce((sum, { marked }) => sum + marked.size, 0);
  if (!codes) throw dataError(`finetune.evidence.store ${store}: no evidence for the ${rows.length} training visits; give a store with annotated spans, or set finetune.evidence.weight: 0`);
  log.info(`finetune: attention is drawn to the marked words of ${codes} codes of ${notes.size} training visits`);
  return { tensors: (batch) => supervisionTensors(batch, notes) };
}

function markedPieces(evidence: readonly GoldEvidence[], { starts, ends }: LocatedPieces, labelOf: ReadonlyMap<string, number>): MarkedNote['marked'] {
  const pieces = new Map<number, number[]>();
  for (const marked of evidence) {
    const label = labelOf.get(nameOf(marked));
    if (label === undefined) continue;
    const covered = Array.from(starts.keys()).filter((piece) => marked.fragments.some(({ start, end }) => starts[piece]! < end && start < ends[piece]!));
    if (covered.length) pieces.set(label, [...new Set([...(pieces.get(label) ?? []), ...covered])]);
  }
  return pieces;
}

export function supervisionTensors({ plan: { rows, text: { chunks, width }, chunking } }: Pick<TaskBatch, 'plan'>, notes: ReadonlyMap<number, MarkedNote>): NamedTensor[] {
  const [K, N] = [LABELS_A_VISIT * rows.length, chunks * width];
  const looked = [...new Set(Array.from(rows).flatMap((row) => [...(notes.get(row)?.marked.keys() ?? [])]))].slice(0, K);
  const target = new Float32Array(rows.length * K * N);
  rows.forEach((row, b) => {
    const note = notes.get(row);
    if (!note) return;
    const tokensOf = tokensOfPieces({ pieces: note.pieces, width, chunking });
    note.marked.forEach((pieces, label) => {
      const tokens = looked.includes(label) ? pieces.flatMap((piece) => tokensOf[piece]!) : [];
      for (const token of tokens) target[(b * K + looked.indexOf(label)) * N + token] = 1 / tokens.length;
    });
  });
  return [
    { name: 'explain.labels', shape: [K], dtype: 'int32', data: Int32Array.from({ length: K }, (_, k) => looked[k] ?? 0) },
    { name: 'evidence.target', shape: [rows.length, K, N], dtype: 'float32', data: target },
  ];
}
