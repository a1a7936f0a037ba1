/**
 * Counts pairs of neighbouring words. All pairs of a hospital's notes do not fit into memory, so they are counted a share at a time: each share
 * (by hash) reads all texts and keeps only its own pairs, in one table of integers.
 */
import { sharedInt32 } from './shared.js';

/** Texts whose words are numbered alike: word i of the batch is `wordOf[ids[i]]`, −1 for words that count for nothing. */
export interface NumberedTexts {
  offsets: Int32Array;
  ids: Int32Array;
  wordOf: Int32Array;
}

/** Column by column; pairs in no particular order. */
export interface PairCounts {
  first: Int32Array;
  second: Int32Array;
  /** How often the pair occurs, and in how many texts. */
  totals: Int32Array;
  documents: Int32Array;
}

export interface PairRequest {
  batches: readonly NumberedTexts[];
  /** This one of so many shares. */
  share: number;
  shares: number;
  /** Pairs in fewer texts are left out. */
  minDf: number;
  /** Only the so many most frequent, with all that are as frequent as the last. */
  most: number;
}

/** Words a share: what bounds a table. */
const WORDS_A_SHARE = 2 ** 23;

/** As many for the same texts, whoever counts them. */
export const sharesOf = (batches: readonly NumberedTexts[]): number => Math.max(1, Math.ceil(batches.reduce((sum, { ids }) => sum + ids.length, 0) / WORDS_A_SHARE));

/** 32 well-mixed bits. */
export function hashPair(a: number, b: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
  return (h ^ (h >>> 13)) >>> 0;
}

/** A slot of the table: first word + 1 (0: empty), second word, total, documents, last document. */
const WIDTH = 5;
const START_SLOTS = 2 ** 12;

interface Table {
  slots: Int32Array;
  mask: number;
  size: number;
}

const emptyTable = (capacity: number): Table => ({ slots: new Int32Array(capacity * WIDTH), mask: capacity - 1, size: 0 });

/** Where the pair lies, or the free slot where it would. */
function slotOf({ slots, mask }: Table, a: number, b: number, hash: number): number {
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const at = slot * WIDTH;
    if (slots[at] === 0 || (slots[at] === a + 1 && slots[at + 1] === b)) return at;
  }
}

/** Twice the size. The share's bits of the hash are the upper ones, so that the lower ones spread it. */
function grown(table: Table): Table {
  const larger = emptyTable((table.mask + 1) * 2);
  for (let at = 0; at < table.slots.length; at += WIDTH) {
    const [a, b] = [table.slots[at]! - 1, table.slots[at + 1]!];
    if (a < 0) continue;
    larger.slots.set(table.slots.subarray(at, at + WIDTH), slotOf(larger, a, b, hashPair(a, b)));
  }
  larger.size = table.size;
  return larger;
}

export function countPairs({ batches, share, shares, minDf, most }: PairRequest): PairCounts {
  let table = emptyTable(START_SLOTS);
  let document = 0;
  for (const { offsets, ids, wordOf } of batches) {
    for (let text = 0, i = 0; text + 1 < offsets.length; text++) {
      document++;
      let first = -1;
      for (const end = offsets[text + 1]!; i < end; i++) {
        const second = wordOf[ids[i]!]!;
        if (first >= 0 && second >= 0) {
          const hash = hashPair(first, second);
          if (shareOf(hash, shares) === share) {
            count(table, slotOf(table, first, second, hash), { first, second, document });
            if (table.size * 2 > table.mask) table = grown(table);
          }
        }
        first = second;
      }
    }
  }
  return frequentPairs(table, minDf, most);
}

const shareOf = (hash: number, shares: number): number => Math.floor((hash / 2 ** 32) * shares);

function count(table: Table, at: number, { first, second, document }: { first: number; second: number; document: number }): void {
  const { slots } = table;
  if (slots[at] === 0) {
    slots[at] = first + 1;
    slots[at + 1] = second;
    table.size++;
  }
  slots[at + 2]!++;
  if (slots[at + 4] === document) return;
  slots[at + 4] = document;
  slots[at + 3]!++;
}

function frequentPairs({ slots }: Table, minDf: number, most: number): PairCounts {
  const frequent = (least: number): Int32Array => {
    const found: number[] = [];
    for (let at = 0; at < slots.length; at += WIDTH) if (slots[at + 3]! >= minDf && slots[at + 2]! >= least) found.push(at);
    return Int32Array.from(found);
  };
  const all = frequent(1);
  const kept = all.length > most ? frequent(all.map((at) => slots[at + 2]!).sort()[all.length - most]!) : all;
  const column = (offset: number, minus = 0): Int32Array => {
    const values = sharedInt32(kept.length);
    kept.forEach((at, i) => (values[i] = slots[at + offset]! - minus));
    return values;
  };
  return { first: column(0, 1), second: column(1), totals: column(2), documents: column(3) };
}
