/** A queue of labels by how many of their patients are still to be placed, in constant time a step. */

export interface FewestFirst {
  /** Takes out the label with the fewest left (at least one); undefined when no label has any. */
  next(): number | undefined;
  /** One fewer is left of a label; of no consequence once it has been taken out. */
  decrement(label: number): void;
}

const NONE = -1;

/** A doubly linked list of labels for each number that may be left. @param counts label → how many there are */
export function createFewestFirst(counts: ArrayLike<number>): FewestFirst {
  const left = Int32Array.from(counts);
  const heads = new Int32Array(left.reduce((most, count) => Math.max(most, count), 0) + 1).fill(NONE);
  const [after, before] = [new Int32Array(left.length), new Int32Array(left.length)];
  let fewest = heads.length;

  const link = (label: number): void => {
    const count = left[label]!;
    if (count === 0) return;
    after[label] = heads[count]!;
    before[label] = NONE;
    if (heads[count] !== NONE) before[heads[count]!] = label;
    heads[count] = label;
    fewest = Math.min(fewest, count);
  };
  const unlink = (label: number): void => {
    if (before[label] === NONE) heads[left[label]!] = after[label]!;
    else after[before[label]!] = after[label]!;
    if (after[label] !== NONE) before[after[label]!] = before[label]!;
  };

  for (let label = 0; label < left.length; label++) link(label);
  return {
    next() {
      while (fewest < heads.length && heads[fewest] === NONE) fewest++;
      if (fewest >= heads.length) return undefined;
      const label = heads[fewest]!;
      unlink(label);
      left[label] = 0;
      return label;
    },
    decrement(label) {
      if (left[label] === 0) return;
      unlink(label);
      left[label]!--;
      link(label);
    },
  };
}
