/** How much of the training data a cell is given: a fraction of the patients, or k positives and k negatives. */

export type Share = { fraction: number } | { shots: number };

/** Name of the directory, and key in the results: `0.1`, `1`, `k8`. */
export const shareKey = (share: Share): string => ('shots' in share ? `k${share.shots}` : String(share.fraction));

/** `10 % of the training patients`, `8 positives and 8 negatives`. */
export function shareTitle(share: Share): string {
  if ('shots' in share) return `${share.shots} positive${share.shots === 1 ? '' : 's'} and as many negatives`;
  return share.fraction === 1 ? 'all training patients' : `${Number((100 * share.fraction).toPrecision(6))} % of the training patients`;
}

/** Assignments that give a run this share. */
export const shareSettings = (share: Share): Record<string, unknown> => ('shots' in share ? { 'finetune.shots': share.shots } : { 'finetune.fraction': share.fraction });

/** Nothing is drawn: what does not train by chance gives the same for every seed. */
export const isWhole = (share: Share): boolean => 'fraction' in share && share.fraction === 1;

/** Where the share stands on the axis of Figure 3. */
export const shareSize = (share: Share): number => ('shots' in share ? share.shots : share.fraction);
