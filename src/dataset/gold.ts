/** Reads gold.parquet: the codes that evaluation counts against, in the vocabulary or not. */
import type { CodeKind } from './config.js';
import { readRowGroups } from './parquet/read.js';

export interface GoldCode {
  kind: CodeKind;
  system: string;
  code: string;
}

/** @returns visit id → its codes; visits without codes are absent */
export async function readGold(file: string): Promise<Map<string, GoldCode[]>> {
  const gold = new Map<string, GoldCode[]>();
  for await (const table of readRowGroups(file, ['visit_id', 'kind', 'system', 'code'])) {
    const [visits, kinds, systems, codes] = ['visit_id', 'kind', 'system', 'code'].map((name) => table.getChild(name)!.toJSON() as string[]);
    visits!.forEach((visit, i) => {
      const code = { kind: kinds![i] as CodeKind, system: systems![i]!, code: codes![i]! };
      const own = gold.get(visit);
      if (own) own.push(code);
      else gold.set(visit, [code]);
    });
  }
  return gold;
}
