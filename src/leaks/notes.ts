/** The same note on both sides of the split, of different patients: no proof of a leak, but worth a look. */
import type { Dataset } from '../dataset/index.js';
import { passed, unclear, type Finding } from './declaration.js';

/** Shorter notes ("see chart") may well be equal by chance. */
const MIN_TOKENS = 16;

/** Compares tokens, so that letter case and blanks do not matter. Linear in the tokens. */
export function checkNotes(dataset: Dataset): Finding {
  const check = 'no note twice across splits';
  const { tokens, splits, size } = dataset;
  const inTraining = new Map<number, number[]>();
  const rows = Array.from({ length: size }, (_, row) => row).filter((row) => tokens.lengthOf(row) >= MIN_TOKENS);
  for (const row of rows) {
    if (splits[row] !== 'train') continue;
    const hash = hashOf(tokens.row(row));
    const same = inTraining.get(hash);
    if (!same) inTraining.set(hash, [row]);
    // One of each note is enough to compare with.
    else if (!same.some((other) => isEqual(tokens.row(other), tokens.row(row)))) same.push(row);
  }
  const heldOut = rows.filter((row) => splits[row] !== 'train');
  const copies = heldOut.filter((row) => inTraining.get(hashOf(tokens.row(row)))?.some((other) => isEqual(tokens.row(other), tokens.row(row))));
  if (!copies.length) return passed(check, `${heldOut.length} notes of dev and test against those of training`);
  return unclear(check, `${copies.length} of ${heldOut.length} notes of dev and test are word for word in training too (e.g. visit ${dataset.visitIds[copies[0]!]}); are the patients perhaps the same under two ids?`);
}

/** FNV-1a over the ids, two times 26 bits, as one number. */
function hashOf(ids: Int32Array): number {
  let [a, b] = [0x811c9dc5, 0x9e3779b9];
  for (let i = 0; i < ids.length; i++) {
    a = Math.imul(a ^ ids[i]!, 0x01000193);
    b = Math.imul(b ^ ids[i]!, 0x85ebca6b);
  }
  return (a >>> 6) * 2 ** 26 + (b >>> 6);
}

const isEqual = (a: Int32Array, b: Int32Array): boolean => a.length === b.length && a.every((id, i) => id === b[i]);
