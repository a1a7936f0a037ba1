/** Drug tables the user supplies: CSV with the columns `ndc,atc` or `name,atc` (several rows, or `;` inside one, for several codes). */
import fs from 'node:fs';
import { parse } from 'csv-parse/sync';
import { messageOf, quotedCell } from '../../src/core/error-text.js';
import { dataError } from '../../src/core/errors.js';
import { isAtcCode } from '../atc.js';
import { addIngredient, createNameIndex, type Ingredient, type NameIndex } from './name-index.js';
import { nameKey } from './clean.js';
import { normaliseNdc } from './ndc.js';

export interface UserTables {
  byNdc: Map<string, string[]>;
  byName: NameIndex;
}

type Row = { record: Record<string, string>; info: { lines: number } };

/** Reads the tables in order; codes of the same drug add up. @throws data error with file and line */
export async function readUserTables(files: readonly string[]): Promise<UserTables> {
  const tables: UserTables = { byNdc: new Map(), byName: createNameIndex() };
  for (const file of files) {
    for (const row of await readRows(file)) addRow(tables, row, `${file}:${row.info.lines}`);
  }
  return tables;
}

async function readRows(file: string): Promise<Row[]> {
  const lowerCase = (header: string[]): string[] => {
    const columns = header.map((column) => column.trim().toLowerCase());
    if (!columns.includes('atc') || !(columns.includes('ndc') || columns.includes('name'))) {
      throw dataError(`${file}:1: expected the columns ndc,atc or name,atc, got ${columns.join(',')}`);
    }
    return columns;
  };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await fs.promises.readFile(file));
    return parse(text, { bom: true, columns: lowerCase, info: true, skip_empty_lines: true, trim: true }) as unknown as Row[];
  } catch (cause) {
    const message = messageOf(cause);
    throw dataError(message.startsWith(file) ? message : `${file}: cannot read the drug table: ${message}`, cause);
  }
}

function addRow({ byNdc, byName }: UserTables, { record }: Row, where: string): void {
  const codes = parseCodes(record.atc!, where);
  if (record.ndc !== undefined && record.ndc !== '') {
    const ndc = normaliseNdc(record.ndc);
    if (!ndc) throw dataError(`${where}: ${quotedCell(record.ndc)} is not an NDC; expected 10 or 11 digits, with or without dashes`);
    byNdc.set(ndc, [...new Set([...(byNdc.get(ndc) ?? []), ...codes])]);
  }
  if (record.name) addName(byName, record.name, codes);
}

function addName(index: NameIndex, name: string, codes: readonly string[]): void {
  const known = index.names.get(nameKey(name));
  const ingredient: Ingredient = known ?? { name, codes: [] };
  for (const atc of codes) if (!ingredient.codes.some((code) => code.atc === atc)) ingredient.codes.push({ atc });
  if (!known) addIngredient(index, ingredient);
}

function parseCodes(cell: string, where: string): string[] {
  const codes = cell.split(/[;|\s]+/).filter(Boolean).map((code) => code.toUpperCase());
  const wrong = codes.find((code) => !isAtcCode(code));
  if (wrong !== undefined || !codes.length) throw dataError(`${where}: expected an ATC code such as N02BE01 in the column atc, got ${quotedCell(wrong ?? cell)}`);
  return codes;
}
