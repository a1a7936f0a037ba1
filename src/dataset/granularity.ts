/** Which code stands for a code at the configured granularity. */
import { atcAtLevel, firstPart } from '../../ontologies/index.js';
import type { CodeKind, CodesConfig } from './config.js';

export interface StoreCode {
  kind: CodeKind;
  system: string;
  code: string;
}

/** The characters of an ICD-10-PCS table: section, body system, operation. */
const PCS_TABLE = 3;

/** The code that stands for `code` at the configured granularity: itself, its category, or its ATC group. */
export function codeAtGranularity({ kind, system, code }: StoreCode, config: CodesConfig): string {
  if (system === 'atc') return atcAtLevel(code, config.atc_level);
  if (kind === 'rx' || config[kind] === 'full') return code;
  // ICD's canonical form has its dot after the category.
  return system === 'icd10pcs' ? code.slice(0, PCS_TABLE) : firstPart(code);
}
