/**
 * Which code system a corpus uses. Rule: a kind's codes are those of CodiEsp's system where at least half of its lines have the form of one;
 * otherwise they are all taken as written, as codes of a system of their own, so that no code of it is read as ICD-10 by chance. A single stray
 * code of an ICD-10 corpus goes there too: it is gold all the same, but has no place in ICD-10's hierarchy.
 */
import { codeSystem } from '../../../ontologies/index.js';
import { quotedCell } from '../../core/error-text.js';
import type { IngestConfig } from '../config.js';

export type CorpusKind = 'dx' | 'px';

const codiespSystems: Record<CorpusKind, string> = { dx: 'icd10cm', px: 'icd10pcs' };

/** The name of a system that nobody named. */
export const unnamedSystem = 'other';

const LEAST_SHARE = 0.5;

/** What ICD-10-PCS allows is nearly everything; CodiEsp's procedures have all axes or the first four. */
const hasForm: Record<CorpusKind, (code: string) => boolean> = { dx: () => true, px: (code) => code.length === 4 || code.length === 7 };

export interface KindSystem {
  /** What is said of a kind whose codes are not those of CodiEsp's system. */
  notice?: string;
  /** The system of a code as written, and the code's canonical form in it. */
  place: (raw: string) => { system: string; code: string };
}

/** @param codes the codes of all lines, as written */
export function kindSystem(kind: CorpusKind, codes: readonly string[], { systems }: Pick<IngestConfig, 'systems'>): KindSystem {
  const expected = codiespSystems[kind];
  const named = systems[kind];
  if (named !== undefined) return { place: placeIn(named) };
  const { normalise } = codeSystem(expected);
  const fits = (raw: string): boolean => {
    const code = normalise(raw);
    return code !== null && hasForm[kind](code);
  };
  const strange = codes.filter((raw) => !fits(raw));
  const share = codes.length ? 1 - strange.length / codes.length : 1;
  if (share >= LEAST_SHARE) return { place: placeIn(expected) };
  const notice =
    `${kind}: ${strange.length} of ${codes.length} codes cannot be codes of ${expected}, e.g. ${quotedCell(strange[0])}; ` +
    `all are kept as written, as codes of the system ${unnamedSystem} (--set ingest.systems.${kind}=NAME names it)`;
  return { notice, place: placeIn(unnamedSystem) };
}

function placeIn(system: string): KindSystem['place'] {
  const { normalise } = codeSystem(system);
  const other = codeSystem(unnamedSystem);
  return (raw) => {
    const code = normalise(raw);
    return code === null ? { system: unnamedSystem, code: other.normalise(raw)! } : { system, code };
  };
}
