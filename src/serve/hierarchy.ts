/** Where codes stand in their code systems: titles, and the path from the top down. */
import { ancestorsOf, codeSystem, type CodeSystem } from '../../ontologies/index.js';

export interface TitledNode {
  code: string;
  title?: string;
}

export interface Hierarchies {
  titleOf(system: string, code: string): string | undefined;
  /** From the chapter down to the code itself, without the root; only the code where it is none of the system. @param title of the code, where the model has its own */
  pathOf(system: string, code: string, title?: string): TitledNode[];
}

/** What the labels of readmission are of: no code system. */
const NO_SYSTEM = 'task';

/** @param systems of the labels; their tables are read once, here */
export function createHierarchies(systems: readonly string[]): Hierarchies {
  const tables = new Map<string, CodeSystem>(systems.filter((name) => name !== NO_SYSTEM).map((name) => [name, codeSystem(name)]));
  const node = (table: CodeSystem, code: string): TitledNode => {
    const title = table.title(code);
    return { code, ...(title !== undefined && { title }) };
  };
  return {
    titleOf: (system, code) => tables.get(system)?.title(code),
    pathOf(system, code, title) {
      const own: TitledNode = { code, ...(title !== undefined && { title }) };
      const table = tables.get(system);
      if (!table || table.normalise(code) !== code) return [own];
      return [...ancestorsOf(table, code).map((ancestor) => node(table, ancestor)), own];
    },
  };
}
