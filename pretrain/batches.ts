/** Batches of pre-training: visits with masked codes and withheld modalities, and the codes to predict. */
import { createRng, type Rng } from '../src/core/rng.js';
import { visitTensors, withheld, type NamedTensor, type PaddedRows, type VisitRows } from '../src/encoders/visit-batch.js';
import type { PretrainConfig } from './config.js';
import { allCodes, maskCodes, type CodeRows, type MaskingVocabulary } from './masking.js';

export interface MaskedBatchOptions {
  config: PretrainConfig;
  vocabularies: Record<string, MaskingVocabulary>;
  seed: number;
  /** The epoch, or a fixed word for evaluation: masks depend on it (unless drawn once and for all). */
  epoch: number | 'dev';
}

/**
 * @param visits indices of the visits in the rows of the batch: masks depend on the visit, not on its place in a batch
 * @returns the inputs of `encodeVisit` plus `KIND.targets` and `KIND.codes` float32 [B, V]
 */
export function maskedBatch(rows: VisitRows, visits: Int32Array, { config, vocabularies, seed, epoch }: MaskedBatchOptions): NamedTensor[] {
  const { batch } = rows;
  const kinds = Object.keys(vocabularies);
  const drawOf = (what: string, kind: string) => (row: number): Rng =>
    createRng(seed, what, kind, what === 'mask' && config.masking.draw === 'static' ? 'static' : epoch, visits[row]!);
  const withholds = (modality: string, probability: number) => (row: number): boolean =>
    epoch !== 'dev' && drawOf('withhold', modality)(row).bernoulli(probability);

  const codes: Record<string, PaddedRows> = {};
  const targets: NamedTensor[] = [];
  for (const kind of kinds) {
    const source = rows.codes[kind]!;
    const vocabulary = vocabularies[kind]!;
    const codeRows: CodeRows = { batch, width: source.width, ids: source.ids, mask: source.mask };
    const masked = maskCodes(codeRows, vocabulary, config.masking, drawOf('mask', kind));
    const everything = allCodes(codeRows, vocabulary.size);
    const hidden = Array.from({ length: batch }, (_, row) => withholds(kind, config.modality_dropout.codes)(row));
    codes[kind] = withheld({ ...source, ids: masked.ids }, (row) => hidden[row]!);
    const wanted = config.loss === 'visit-bce' ? everything : masked.targets;
    if (config.loss === 'masked-ce') copyRows(everything, wanted, vocabulary.size, hidden);
    const shape = [batch, vocabulary.size];
    targets.push({ name: `${kind}.targets`, shape, dtype: 'float32', data: wanted }, { name: `${kind}.codes`, shape, dtype: 'float32', data: everything });
  }
  const text = rows.text && withheld(rows.text, withholds('text', config.modality_dropout.text));
  return [...visitTensors({ batch, text, codes }, [...(text ? ['text'] : []), ...kinds]), ...targets];
}

/** A withheld kind must be predicted whole. */
function copyRows(from: Float32Array, to: Float32Array, width: number, which: readonly boolean[]): void {
  which.forEach((copy, row) => {
    if (copy) to.set(from.subarray(row * width, (row + 1) * width), row * width);
  });
}
