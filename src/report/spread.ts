/** Places labels that would overlap. */

/**
 * Moves positions apart until neighbours are `gap` away from each other, keeping their order and staying within the bounds where
 * there is room.
 * @returns the new positions, in the order given
 */
export function spread(positions: readonly number[], gap: number, [low, high]: readonly [number, number]): number[] {
  const order = positions.map((_, i) => i).sort((a, b) => positions[a]! - positions[b]!);
  const placed = order.map((i) => positions[i]!);
  for (let k = 0; k < placed.length; k++) placed[k] = Math.max(placed[k]!, k ? placed[k - 1]! + gap : low);
  for (let k = placed.length - 1; k >= 0; k--) placed[k] = Math.min(placed[k]!, k < placed.length - 1 ? placed[k + 1]! - gap : high);
  const result = new Array<number>(positions.length);
  order.forEach((i, k) => (result[i] = placed[k]!));
  return result;
}
