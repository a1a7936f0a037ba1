/** A configuration as YAML, one value a line, with a remark behind each. */
import { stringify } from 'yaml';

interface Line {
  text: string;
  remark?: string;
}

/** Path of a value → what to write behind it; undefined leaves the value out. */
type Remark = (path: string) => string | undefined;

/** The result, its remarks being comments, is the same configuration again. */
export function annotatedYaml(value: object, remarkOf: Remark): string {
  const lines = linesOf(value, { remarkOf, path: '', indent: '' });
  const width = Math.max(0, ...lines.filter(({ remark }) => remark !== undefined).map(({ text }) => text.length));
  return lines.map(({ text, remark }) => (remark === undefined ? text : `${text.padEnd(width)}  # ${remark}`)).join('\n');
}

interface Place {
  remarkOf: Remark;
  /** Of the mapping. */
  path: string;
  indent: string;
}

function linesOf(value: object, place: Place): Line[] {
  return Object.entries(value).flatMap(([key, field]) => {
    const path = place.path ? `${place.path}.${key}` : key;
    return isSection(field) ? sectionLines(key, field, { ...place, path }) : fieldLines(key, field, { ...place, path });
  });
}

const isSection = (field: unknown): field is object => typeof field === 'object' && field !== null && !Array.isArray(field) && Object.keys(field).length > 0;

function sectionLines(key: string, section: object, place: Place): Line[] {
  const lines = linesOf(section, { ...place, indent: `${place.indent}  ` });
  return lines.length ? [{ text: `${place.indent}${key}:` }, ...lines] : [];
}

function fieldLines(key: string, field: unknown, { path, indent, remarkOf }: Place): Line[] {
  const remark = remarkOf(path);
  if (field === undefined || remark === undefined) return [];
  return [{ text: `${indent}${key}: ${stringify(field, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd()}`, remark }];
}
