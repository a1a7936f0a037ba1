/** A JSON schema as Markdown: one table a section, one row a field. */
import type { JsonSchema } from './json-schema.js';

interface Row {
  path: string;
  field: JsonSchema;
  required: boolean;
}

/** The tables of every section (the properties of the root), each under a heading of the level given. */
export const sectionsOf = (schema: JsonSchema, level: number): string =>
  Object.entries(schema.properties ?? {}).map(([name, section]) => sectionOf(name, section, level)).join('\n\n');

function sectionOf(name: string, section: JsonSchema, level: number): string {
  const rows = rowsOf(section);
  const heading = `${'#'.repeat(level)} ${name}\n\n${section.description}`;
  return rows.length ? `${heading}\n\n${tableOf(rows)}` : `${heading}\n\n${typeOf(section)}; default ${defaultOf({ path: name, field: section, required: false })}.`;
}

/** The fields of the root itself, in one table. */
export const tableOfFields = (schema: JsonSchema): string => tableOf(rowsOf(schema));

const tableOf = (rows: readonly Row[]): string =>
  ['| field | values | default | meaning |', '|---|---|---|---|', ...rows.map((row) => `| ${[`\`${row.path}\``, typeOf(row.field), defaultOf(row), row.field.description!].map(cell).join(' | ')} |`)].join('\n');

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** Fields of a mapping, of the elements of a list and of the values of a mapping with free keys, in the order in which they stand in the schema. */
function rowsOf(schema: JsonSchema, above = ''): Row[] {
  const rows = (schema.anyOf ?? []).flatMap((option) => rowsOf(option, above));
  if (schema.items) rows.push(...rowsOf(schema.items, `${above}[]`));
  if (typeof schema.additionalProperties === 'object') rows.push(...rowsOf(schema.additionalProperties, above ? `${above}.NAME` : 'NAME'));
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const path = above ? `${above}.${name}` : name;
    rows.push({ path, field, required: schema.required?.includes(name) ?? false }, ...rowsOf(field, path));
  }
  return rows;
}

function defaultOf({ field, required }: Row): string {
  if (field.properties) return '';
  if (field.default === undefined) return required ? 'required' : '–';
  return `\`${JSON.stringify(field.default)}\``;
}

function typeOf(field: JsonSchema): string {
  if (field.anyOf) return [...new Set(field.anyOf.map(typeOf))].join(' or ');
  if (Array.isArray(field.type)) return field.type.map((type) => typeOf({ ...field, type })).join(' or ');
  if (field.const !== undefined) return `\`${String(field.const)}\``;
  if (field.enum) return field.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (field.properties) return 'mapping';
  if (field.prefixItems) return `list of ${field.prefixItems.length}: ${typeOf(field.prefixItems[0]!)}`;
  if (field.type === 'array') return `list of ${typeOf(field.items!)}`;
  if (field.type === 'object') return mappingOf(field);
  if (field.type === 'boolean') return '`true`, `false`';
  if (field.type === 'integer' || field.type === 'number') return [field.type, limitsOf(field)].filter(Boolean).join(' ');
  if (field.type === 'null') return '`null`';
  return field.format ?? field.type ?? 'any value';
}

function mappingOf({ propertyNames, additionalProperties }: JsonSchema): string {
  const keys = propertyNames?.enum ? propertyNames.enum.map((key) => `\`${String(key)}\``).join(', ') : 'name';
  const values = typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'any value';
  return `mapping of ${keys} to ${values}`;
}

function limitsOf({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  // No integer lies between 0 and 1: above 0 is from 1.
  if (type === 'integer' && exclusiveMinimum !== undefined) return limitsOf({ type, minimum: exclusiveMinimum + 1, maximum });
  const lower = minimum !== undefined ? `≥ ${minimum}` : exclusiveMinimum !== undefined ? `> ${exclusiveMinimum}` : '';
  const upper = maximum !== undefined ? `≤ ${maximum}` : exclusiveMaximum !== undefined ? `< ${exclusiveMaximum}` : '';
  return [lower, upper].filter(Boolean).join(', ');
}
