/** What an observer of the note and of the prescriptions sees: the sufficient statistics of the posterior. */
import type { ClinicalVisit, FactStatement } from '../sample/visit.js';
import type { World } from '../world/types.js';

/** What the text says of one disease under its own names. */
export type OwnEvent = { kind: 'affirmed'; detail?: number } | { kind: 'denied' };

export interface TextEvents {
  /** One entry a disease; undefined where no own name appears. */
  own: (OwnEvent | undefined)[];
  /** How often each shared name appears; whose it is stays hidden. */
  shared: Map<string, number>;
  statements: readonly FactStatement[];
}

export interface Evidence {
  text?: TextEvents;
  /** One entry a drug group: given or not. */
  prescribed?: readonly boolean[];
}

export function textEvents(world: World, visit: Pick<ClinicalVisit, 'mentions' | 'statements'>): TextEvents {
  const own: TextEvents['own'] = new Array<undefined>(world.diseases.length).fill(undefined);
  const shared = new Map<string, number>();
  for (const { disease, kind, surface, shared: isShared, detail } of visit.mentions) {
    if (isShared) shared.set(surface, (shared.get(surface) ?? 0) + 1);
    else own[disease] = kind === 'denied' ? { kind } : { kind, detail: detail?.variant };
  }
  return { own, shared, statements: visit.statements };
}

export const prescribedGroups = (visit: Pick<ClinicalVisit, 'drugs'>): boolean[] => visit.drugs.map((drug) => drug !== null);
