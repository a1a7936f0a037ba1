/** Code systems as the page offers them, and codes as people type them. */
import type { GivenCode } from './contract.js';

export interface SystemChoice {
  system: string;
  name: string;
  kind: string;
  /** A code of it, to show how it is written. */
  example: string;
}

const KNOWN: readonly SystemChoice[] = [
  { system: 'icd10cm', name: 'ICD-10-CM', kind: 'dx', example: 'E11.9' },
  { system: 'icd9cm', name: 'ICD-9-CM', kind: 'dx', example: '250.00' },
  { system: 'icd10pcs', name: 'ICD-10-PCS', kind: 'px', example: '0DTJ4ZZ' },
  { system: 'icd9proc', name: 'ICD-9 procedures', kind: 'px', example: '36.15' },
  { system: 'atc', name: 'ATC', kind: 'rx', example: 'C10AA05' },
];

/** One name for a code wherever it is met. */
export const keyOf = ({ system, code }: GivenCode): string => `${system}:${code}`;

export const systemName = (system: string): string => KNOWN.find((known) => known.system === system)?.name ?? system;

export const kindOf = (system: string): string | undefined => KNOWN.find((known) => known.system === system)?.kind;

/** The systems whose codes a model with these inputs (`text`, `dx`, `px`, `rx`, …) reads. */
export const readableSystems = (inputs: readonly string[]): SystemChoice[] => KNOWN.filter(({ kind }) => inputs.includes(kind));

/** Systems by name, those without tables of their own included. */
export const choicesOf = (systems: readonly string[]): SystemChoice[] =>
  systems.map((system) => KNOWN.find((known) => known.system === system) ?? { system, name: system, kind: '', example: '' });

/** The codes in what was typed or pasted, in capitals, each once; the server knows whether they exist. */
export function typedCodes(typed: string): string[] {
  return [...new Set(typed.split(/[\s,;]+/).filter(Boolean).map((code) => code.toUpperCase()))];
}
