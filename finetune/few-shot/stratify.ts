/**
 * An order of patients every prefix of which has about its share of each label: stratification into two halves (after Sechidis et al. 2011), each
 * of which is halved again (docs/decisions/0062). Only the blocks that the end of the wanted prefix lies in are ever halved.
 */
import { createRng, type Rng } from '../../src/core/rng.js';
import { createFewestFirst } from './fewest-first.js';
import type { LabelSets } from './label-sets.js';

export interface StratifiedPrefixOptions {
  sets: LabelSets;
  /** Patients to keep. */
  count: number;
  seed: number;
}

/** @returns the first `count` patients of the order; with the same seed those of a smaller count are among those of a larger */
export function stratifiedPrefix({ sets, count, seed }: StratifiedPrefixOptions): Int32Array {
  const all = Array.from({ length: sets.offsets.length - 1 }, (_, patient) => patient);
  let block = Int32Array.from(createRng(seed, 'patients').shuffle(all));
  const kept: Int32Array[] = [];
  let [start, wanted] = [0, count];
  while (wanted > 0 && wanted < block.length) {
    const { first, second } = halve(block, sets, createRng(seed, 'halves', start, block.length));
    if (wanted < first.length) {
      block = first;
    } else {
      kept.push(first);
      wanted -= first.length;
      start += first.length;
      block = second;
    }
  }
  if (wanted > 0) kept.push(block);
  return Int32Array.from(kept.flatMap((part) => Array.from(part)));
}

interface Halves {
  first: Int32Array<ArrayBuffer>;
  second: Int32Array<ArrayBuffer>;
}

/**
 * Patients of the label with the fewest patients left are dealt out first, while there is still a choice. Each goes to the half that lacks the patient's
 * labels more, a label's surplus counted in units of what chance would make it (the square root of its patients); the number of patients
 * counts as a label that everybody has. Of two patients or more, each half gets one.
 */
function halve(patients: Int32Array, sets: LabelSets, rng: Rng): Halves {
  const { labelsOf, membersOf, counts } = localLabels(patients, sets);
  const queue = createFewestFirst(counts);
  const chance = Float64Array.from(counts, Math.sqrt);
  /** First half minus second half: patients with each label, and patients. */
  const surplus = new Int32Array(counts.length);
  let sizes = 0;
  const side = new Int8Array(patients.length);
  const place = (at: number): void => {
    const own = labelsOf(at);
    const lead = own.reduce((sum, label) => sum + surplus[label]! / chance[label]!, sizes / Math.sqrt(patients.length)) || (rng.bernoulli(0.5) ? 1 : -1);
    side[at] = lead < 0 ? 1 : -1;
    sizes += side[at];
    for (const label of own) {
      surplus[label]! += side[at];
      queue.decrement(label);
    }
  };
  for (let label = queue.next(); label !== undefined; label = queue.next()) {
    for (const at of membersOf(label)) if (side[at] === 0) place(at);
  }
  side.forEach((placed, at) => {
    if (placed === 0) place(at);
  });
  return { first: patients.filter((_, at) => side[at] === 1), second: patients.filter((_, at) => side[at] === -1) };
}

interface LocalLabels {
  /** Patients with each label. */
  counts: Int32Array;
  /** By place among the block's patients. */
  labelsOf(at: number): Int32Array;
  /** Places of a label's patients, ascending. */
  membersOf(label: number): Int32Array;
}

/** The labels that occur among some patients, numbered from 0: a block of ten patients must not cost thousands of labels. */
function localLabels(patients: Int32Array, { offsets, labels }: LabelSets): LocalLabels {
  const numbers = new Map<number, number>();
  const starts = new Int32Array(patients.length + 1);
  patients.forEach((patient, at) => (starts[at + 1] = starts[at]! + offsets[patient + 1]! - offsets[patient]!));
  const local = new Int32Array(starts.at(-1)!);
  patients.forEach((patient, at) => {
    for (let i = offsets[patient]!, to = starts[at]!; i < offsets[patient + 1]!; i++, to++) {
      const label = labels[i]!;
      if (!numbers.has(label)) numbers.set(label, numbers.size);
      local[to] = numbers.get(label)!;
    }
  });
  const counts = new Int32Array(numbers.size);
  for (const label of local) counts[label]!++;
  const ends = cumulative(counts);
  const members = new Int32Array(local.length);
  for (let at = patients.length - 1, i = local.length - 1; at >= 0; at--) for (; i >= starts[at]!; i--) members[--ends[local[i]!]!] = at;
  return {
    counts,
    labelsOf: (at) => local.subarray(starts[at], starts[at + 1]),
    membersOf: (label) => members.subarray(ends[label], ends[label]! + counts[label]!),
  };
}

function cumulative(counts: Int32Array): Int32Array {
  let sum = 0;
  return counts.map((count) => (sum += count));
}
