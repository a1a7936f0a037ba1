/**
 * Code systems of which nothing is known but their codes, such as ICD-O in an oncology corpus: the hierarchy of a code is its prefixes, cut at
 * punctuation first and then character by character (`8140/3/H` → `8140/3` → `8140` → `814` → `81`).
 */
import { createCodeSystem, type CodeSystem } from './system.js';

/** A single character groups too much to be worth a node of its own. */
const SHORTEST_PREFIX = 2;

const lastPart = /[^\p{L}\p{N}]+[\p{L}\p{N}]*$/u;

/** Shorter and shorter prefixes of a code, none of them shorter than two characters. */
export function prefixesOf(code: string): string[] {
  const prefixes: string[] = [];
  for (let prefix = cut(code); prefix.length >= SHORTEST_PREFIX; prefix = cut(prefix)) prefixes.push(prefix);
  return prefixes;
}

const cut = (code: string): string => {
  const characters = Array.from(code);
  return lastPart.test(code) ? code.replace(lastPart, '') : characters.slice(0, -1).join('');
};

/** The part of a code before its first punctuation: `8140` of `8140/3`, and of a code of ICD its category. */
export const firstPart = (code: string): string => /^[\p{L}\p{N}]+/u.exec(code)?.[0] ?? code;

/** @param id any name; every text that is not blank is a code, in upper case */
export const createPrefixSystem = (id: string, supplied?: ReadonlyMap<string, string>): CodeSystem =>
  createCodeSystem({
    id,
    name: 'a code system without tables: paths by prefix',
    clean: (raw) => raw.trim().toUpperCase(),
    canonical: (code) => (code === '' ? null : code),
    ancestors: prefixesOf,
    bundled: new Map(),
    supplied,
    unknown: 'no table of this system: path by its prefixes',
  });
