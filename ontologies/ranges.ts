/** Blocks and chapters: ranges of categories, nested, each a node named by its range (`249-259`). */
import { readTable } from './tables.js';

export interface CategoryRange {
  /** `from-to`; a range of one category keeps both ends (`042-042`), so that it never equals the category's own node. */
  node: string;
  from: string;
  to: string;
  /** Categories that belong to the block but sort outside its ends, e.g. `C4A` in `C43-C44`. */
  also: string[];
  title: string;
}

export interface RangeTable {
  /** Range nodes around a category, from the narrowest to the widest; none when no range holds it. */
  around: (category: string) => string[];
  titles: Map<string, string>;
  ranges: CategoryRange[];
}

// Categories of one kind have one length, so text order is the order of the classification (digits before letters).
const holds = ({ from, to, also }: CategoryRange, category: string): boolean =>
  (category.length === from.length && category >= from && category <= to) || also.includes(category);

// C7A sorts inside C76-C80 but has the block C7A-C7A: where two ranges hold a category, the one that starts later is its own.
const latest = (ranges: CategoryRange[]): CategoryRange | undefined => [...ranges].sort((a, b) => (a.from < b.from ? 1 : -1))[0];

/** Reads a bundled table of ranges (columns level, from, to, also, title; levels from narrow to wide: block, chapter). */
export function readRanges(name: string): RangeTable {
  const rows = readTable(name).map(({ cells }) => ({
    level: cells.level!,
    range: { node: `${cells.from}-${cells.to}`, from: cells.from!, to: cells.to!, also: cells.also ? cells.also.split(' ') : [], title: cells.title! },
  }));
  const narrowFirst = ['block', 'chapter'].map((level) => rows.filter((row) => row.level === level).map(({ range }) => range));
  const find = (category: string): string[] => {
    const nodes = narrowFirst.flatMap((ranges) => latest(ranges.filter((range) => holds(range, category)))?.node ?? []);
    return [...new Set(nodes)]; // a chapter without blocks, or with one block as wide as itself, is one node
  };
  const found = new Map<string, string[]>(); // a vocabulary asks for the same few hundred categories again and again
  const around = (category: string): string[] => {
    const nodes = found.get(category) ?? find(category);
    found.set(category, nodes);
    return nodes;
  };
  const ranges = narrowFirst.flat();
  return { around, ranges, titles: new Map(ranges.map(({ node, title }) => [node, title])) };
}
