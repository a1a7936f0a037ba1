/** Codes as clients give them → ids of a model's vocabularies, the way `prepare` made them of the training data. */
import { createNormaliser, isCodeSystemId, type CodeSystemId } from '../../ontologies/index.js';
import { codeAtGranularity, codeKinds, CODE_UNK, codeSpecials, type CodeKind, type VisitInMemory, type Vocabulary } from '../../src/dataset/index.js';
import type { Prepared } from '../../src/training/run-files.js';
import type { GivenCode } from './predictor.js';

const kindOfSystem: Record<CodeSystemId, CodeKind> = { icd9cm: 'dx', icd10cm: 'dx', icd9proc: 'px', icd10pcs: 'px', atc: 'rx' };

export interface ReadCodes {
  ids: VisitInMemory['codes'];
  /** What the model has not read: outside its vocabularies, no code of its system, or of a kind that it does not read. */
  unknown: GivenCode[];
}

export interface GivenCodesOptions {
  vocabulary: Vocabulary;
  prepared: Prepared;
  /** Kinds that the model reads. */
  kinds: readonly string[];
}

const isKind = (name: string): name is CodeKind => (codeKinds as readonly string[]).includes(name);

export function createCodeReader({ vocabulary, prepared: { codes: config }, kinds }: GivenCodesOptions): (given: readonly GivenCode[]) => ReadCodes {
  const idOf = new Map(codeKinds.flatMap((kind) => vocabulary.kinds[kind].map(({ system, code }, row) => [`${kind} ${system} ${code}`, codeSpecials.length + row] as const)));
  const ownKind = new Map(codeKinds.flatMap((kind) => vocabulary.kinds[kind].map(({ system }) => [system, kind] as const)));
  const normalise = createNormaliser();

  /** undefined: the model knows nothing of the sort. */
  const read = ({ system, code, kind }: GivenCode): { kind: CodeKind; id: number } | undefined => {
    const of = kind ?? ownKind.get(system) ?? (isCodeSystemId(system) ? kindOfSystem[system] : undefined);
    if (of === undefined || !isKind(of) || !kinds.includes(of)) return undefined;
    const canonical = isCodeSystemId(system) || ownKind.has(system) ? normalise(system, code) : null;
    if (canonical === null) return undefined;
    return { kind: of, id: idOf.get(`${of} ${system} ${codeAtGranularity({ kind: of, system, code: canonical }, config)}`) ?? CODE_UNK };
  };

  return (given) => {
    const ids: Record<CodeKind, number[]> = { dx: [], rx: [], px: [] };
    const unknown: GivenCode[] = [];
    for (const code of given) {
      const found = read(code);
      if (found) ids[found.kind].push(found.id);
      if (!found || found.id === CODE_UNK) unknown.push(code);
    }
    return { ids, unknown };
  };
}
