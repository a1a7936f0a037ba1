/**
 * Counts of training notes that can leave one group out: what a note is learnt from must not have been counted with it, or the coder would believe
 * its dictionary more in training than it may on notes it has never seen.
 */

export interface Tally {
  total: number;
  byGroup?: Map<string, number>;
}

export const emptyTally = (): Tally => ({ total: 0, byGroup: new Map() });

export function count(tally: Tally, group: string, by = 1): void {
  tally.total += by;
  tally.byGroup!.set(group, (tally.byGroup!.get(group) ?? 0) + by);
}

/** @param group undefined: of all */
export const without = ({ total, byGroup }: Tally, group: string | undefined): number => (group === undefined ? total : total - (byGroup?.get(group) ?? 0));

export function tallyAt<Key>(tallies: Map<Key, Tally>, key: Key): Tally {
  let tally = tallies.get(key);
  if (!tally) tallies.set(key, (tally = emptyTally()));
  return tally;
}
