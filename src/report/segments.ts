/** A text cut wherever something that lies over it begins or ends, so that spans may overlap as they like. */

/** Half-open, in Unicode code points. */
export interface TextRange {
  start: number;
  end: number;
}

export interface Segment<Range> {
  text: string;
  /** Where it begins, in code points. */
  start: number;
  /** The ranges that cover all of it, in their order. */
  covered: Range[];
}

/** @returns the text in order, nothing lost or repeated; ranges that are empty or beyond the text cover nothing */
export function segmentsOf<Range extends TextRange>(text: string, ranges: readonly Range[]): Segment<Range>[] {
  const characters = Array.from(text);
  const inside = (at: number): boolean => at > 0 && at < characters.length;
  const cuts = [...new Set(ranges.flatMap(({ start, end }) => [start, end]).filter(inside))].sort((a, b) => a - b);
  const bounds = characters.length ? [0, ...cuts, characters.length] : [0];
  return bounds.slice(1).map((end, i) => {
    const start = bounds[i]!;
    return { text: characters.slice(start, end).join(''), start, covered: ranges.filter((range) => range.start <= start && end <= range.end) };
  });
}
