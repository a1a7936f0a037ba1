/** Masking of codes (BERT's 80/10/10, as in G-BERT and MedM-PLM) and withholding of whole modalities. Pure functions of a seed. */
import type { Rng } from '../src/core/rng.js';
import { configurationError } from '../src/core/errors.js';
import { MASK_CODE, SPECIAL_CODES } from '../src/encoders/codes.js';
import type { MaskingConfig } from './config.js';

/** One kind of codes of a batch of visits; position 0 of each row is [CLS]. */
export interface CodeRows {
  batch: number;
  /** Positions a row. */
  width: number;
  ids: Int32Array;
  mask: Uint8Array;
}

export interface MaskedRows {
  ids: Int32Array;
  /** [batch * vocabulary]: 1 for each masked code. */
  targets: Float32Array;
}

export interface MaskingVocabulary {
  /** Codes, without the special ones. */
  size: number;
  /** Rows from which the random replacement of a row is drawn: 0 … size − 1, and from `size` on those of the other kinds. */
  replacements: (row: number) => readonly number[];
}

/**
 * @param kinds vocabulary of each kind that is read, in id order
 * @throws configuration error when codes are to be drawn from other kinds and there is none
 */
export function maskingVocabularies(kinds: Record<string, readonly { system: string }[]>, { random_from }: MaskingConfig): Record<string, MaskingVocabulary> {
  const total = Object.values(kinds).reduce((sum, codes) => sum + codes.length, 0);
  return Object.fromEntries(
    Object.entries(kinds).map(([kind, codes]) => {
      const size = codes.length;
      if (random_from === 'same-system') return [kind, { size, replacements: rowsOfItsSystem(codes) }];
      if (total === size) throw configurationError(`pretrain.masking.random_from: other-system needs two kinds of codes, there is only ${kind}; set it to same-system`);
      const others = Array.from({ length: total - size }, (_, i) => size + i);
      return [kind, { size, replacements: () => others }];
    }),
  );
}

function rowsOfItsSystem(codes: readonly { system: string }[]): MaskingVocabulary['replacements'] {
  const systems = new Set(codes.map(({ system }) => system));
  const rowsOf = new Map([...systems].map((system) => [system, codes.flatMap((code, row) => (code.system === system ? [row] : []))]));
  return (row) => rowsOf.get(codes[row]!.system)!;
}

/** How many of `count` codes are masked. */
export const maskedCount = (count: number, { rate, max }: MaskingConfig): number => (count === 0 ? 0 : Math.min(max, Math.max(1, Math.round(rate * count))));

/** Masks codes of each row with a generator of its own (`rngOf(row)`), so that a visit's masks do not depend on its batch. */
export function maskCodes({ batch, width, ids, mask }: CodeRows, vocabulary: MaskingVocabulary, config: MaskingConfig, rngOf: (row: number) => Rng): MaskedRows {
  const masked = { ids: ids.slice(), targets: new Float32Array(batch * vocabulary.size) };
  for (let row = 0; row < batch; row++) {
    const rng = rngOf(row);
    const known = knownPositions(ids, mask, row * width, width);
    for (const at of rng.sample(known, maskedCount(known.length, config))) {
      const code = ids[at]! - SPECIAL_CODES;
      masked.targets[row * vocabulary.size + code] = 1;
      masked.ids[at] = replacement(ids[at]!, vocabulary, config, rng);
    }
  }
  return masked;
}

/** Positions of codes that are in the vocabulary: neither special nor padding. */
function knownPositions(ids: Int32Array, mask: Uint8Array, start: number, width: number): number[] {
  const positions: number[] = [];
  for (let at = start; at < start + width; at++) if (mask[at] && ids[at]! >= SPECIAL_CODES) positions.push(at);
  return positions;
}

function replacement(id: number, { replacements }: MaskingVocabulary, { keep, random }: MaskingConfig, rng: Rng): number {
  const draw = rng.uniform();
  if (draw < keep) return id;
  if (draw >= keep + random) return MASK_CODE;
  const rows = replacements(id - SPECIAL_CODES);
  return SPECIAL_CODES + rows[rng.integer(rows.length)]!;
}

/** Targets of `visit-bce`, and of a withheld kind: every known code of the visit. */
export function allCodes({ batch, width, ids, mask }: CodeRows, vocabularySize: number): Float32Array {
  const targets = new Float32Array(batch * vocabularySize);
  for (let row = 0; row < batch; row++) {
    for (const at of knownPositions(ids, mask, row * width, width)) targets[row * vocabularySize + ids[at]! - SPECIAL_CODES] = 1;
  }
  return targets;
}
