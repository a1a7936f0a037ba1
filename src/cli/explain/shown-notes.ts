/** Explained notes as the page shows them: with the codes' places in their hierarchies, and what annotators marked beside. */
import { ancestorsOf, codeSystem, loadTitles, type CodeSystem } from '../../../ontologies/index.js';
import type { ExplainedNote } from '../../../finetune/evidence/explained-note.js';
import type { GoldEvidence } from '../../../finetune/evidence/store-notes.js';
import type { HierarchyNode, ShownCode, ShownNote } from '../../report/explanation-data.js';

export interface ShownNotesOptions {
  /** Visit → its annotations; absent: not shown. */
  gold?: ReadonlyMap<string, readonly GoldEvidence[]>;
  /** System → file of titles of full codes, as `medweave ontology --titles` reads. */
  titles?: Readonly<Record<string, string>>;
}

type Described = Pick<ShownCode, 'title' | 'ancestors'>;
type Describe = (code: { system: string; code: string; title?: string }) => Described;

export async function shownNotes(notes: readonly ExplainedNote[], { gold, titles = {} }: ShownNotesOptions): Promise<ShownNote[]> {
  const describe = await describer(titles);
  return notes.map(({ id, text, codes }) => {
    const annotations = gold?.get(id);
    const explained = codes.map((code): ShownCode => {
      const marked = annotations?.filter((annotation) => sameCode(annotation, code));
      return { ...code, ...describe(code), annotated: marked && marked.length > 0, marked: (marked ?? []).flatMap(({ fragments }) => fragments) };
    });
    return { id, text, codes: [...explained, ...onlyAnnotated(annotations ?? [], codes).map((code) => ({ ...code, ...describe(code) }))] };
  });
}

const sameCode = (a: { system: string; code: string }, b: { system: string; code: string }): boolean => a.system === b.system && a.code === b.code;

/** Codes that annotators gave and that are not explained: no label, or of another kind. */
function onlyAnnotated(annotations: readonly GoldEvidence[], explained: ExplainedNote['codes']): Omit<ShownCode, 'ancestors'>[] {
  const others = annotations.filter((annotation) => !explained.some((code) => sameCode(annotation, code)));
  const first = others.filter((annotation, i) => others.findIndex((other) => sameCode(other, annotation)) === i);
  return first.map(({ system, code }) => ({
    ...{ system, code, predicted: false, annotated: true, spans: [] },
    marked: others.filter((other) => sameCode(other, { system, code })).flatMap(({ fragments }) => fragments),
  }));
}

async function describer(titles: Readonly<Record<string, string>>): Promise<Describe> {
  const supplied = new Map<string, ReadonlyMap<string, string>>();
  for (const [system, file] of Object.entries(titles)) supplied.set(system, await loadTitles(file, codeSystem(system)));
  const systems = new Map<string, CodeSystem>();
  return ({ system: id, code, title }) => {
    const system = systems.get(id) ?? codeSystem(id, { titles: supplied.get(id) });
    systems.set(id, system);
    return { title: title ?? system.title(code), ancestors: ancestorsOf(system, code).map((node): HierarchyNode => ({ node, title: system.title(node) })) };
  };
}
