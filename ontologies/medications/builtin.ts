/** The bundled table of ingredients and US brand names → ATC (`ontologies/tables/drug-atc.tsv`). */
import { dataError } from '../../src/core/errors.js';
import { isAtcCode } from '../atc.js';
import { readTable } from '../tables.js';
import { addIngredient, createNameIndex, type NameIndex, type RoutedCode } from './name-index.js';
import { routes, type Route } from './route.js';

/** Reads the table. Columns: ingredient (or `a + b`), codes (`J01XA01 oral:A07AA09`, `-` for none alone), aliases (`|` between). */
export function builtinIndex(): NameIndex {
  const index = createNameIndex();
  for (const { cells, line } of readTable('drug-atc')) {
    const codes = cells.codes === '-' ? [] : cells.codes!.split(' ').map((code) => parseCode(code, `drug-atc.tsv:${line}`));
    addIngredient(index, { name: cells.ingredient!, codes }, cells.aliases ? cells.aliases.split('|') : []);
  }
  return index;
}

function parseCode(text: string, where: string): RoutedCode {
  const [atc, route] = text.split(':').reverse() as [string, string?];
  const isRoute = route === undefined || (routes as readonly string[]).includes(route);
  if (!isAtcCode(atc) || atc.length < 5 || !isRoute) {
    throw dataError(`${where}: expected an ATC code of level 4 or 5, with or without a route before it, got ${JSON.stringify(text)}`);
  }
  return route === undefined ? { atc } : { atc, route: route as Route };
}
