/** The JSON schema of a configuration: what a YAML file may hold, with the meaning and the effective default of each field. */
import { z } from 'zod';
import { valueAt } from '../../src/core/config.js';
import { protocolNames, protocolSchema } from '../../src/protocols/index.js';
import type { FieldDocs } from './field-docs.js';

/** The part of JSON Schema that zod writes. */
export interface JsonSchema {
  $schema?: string;
  title?: string;
  description?: string;
  /** Several where null is among them. */
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minItems?: number;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  propertyNames?: JsonSchema;
  items?: JsonSchema;
  prefixItems?: JsonSchema[];
  anyOf?: JsonSchema[];
}

export interface JsonSchemaOptions {
  title: string;
  docs: FieldDocs;
  /** The configuration that results from an empty file; its values are the defaults, also where a section changes those of the schema it is made of. */
  defaults?: unknown;
}

/** @throws plain error naming the fields without a comment */
export function jsonSchemaOf(schema: z.ZodType, { title, docs, defaults }: JsonSchemaOptions): JsonSchema {
  const { $schema, ...root } = z.toJSONSchema(schema, { io: 'input', override: ({ zodSchema, jsonSchema }) => allowProtocolName(zodSchema, jsonSchema as JsonSchema) }) as JsonSchema;
  const missing: string[] = [];
  describe(root, '', { docs, defaults, missing });
  if (missing.length) throw new Error(`${title}: write a comment above the schema of each of these fields, its unit included: ${missing.join(', ')}`);
  return { $schema, title, ...root };
}

/** A preprocessing step, which zod cannot look into, takes the name of a protocol for the whole mapping. */
function allowProtocolName(zodSchema: unknown, json: JsonSchema): void {
  if (zodSchema !== protocolSchema) return;
  const mapping = { ...json };
  for (const key of Object.keys(json)) delete json[key as keyof JsonSchema];
  json.anyOf = [{ type: 'string', enum: [...protocolNames] }, mapping];
}

interface Context extends Pick<JsonSchemaOptions, 'docs' | 'defaults'> {
  /** Paths of fields without a comment. */
  missing: string[];
}

function describe(schema: JsonSchema, path: string, context: Context): void {
  // zod writes 2^53 - 1 for any integer without a limit of its own.
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  for (const option of schema.anyOf ?? []) describe(option, path, context);
  if (schema.items) describe(schema.items, `${path}[]`, context);
  if (typeof schema.additionalProperties === 'object') describe(schema.additionalProperties, `${path}.*`, context);
  for (const [name, field] of Object.entries(schema.properties ?? {})) describeField(field, path ? `${path}.${name}` : name, context);
}

function describeField(field: JsonSchema, path: string, context: Context): void {
  describe(field, path, context);
  const meaning = context.docs.get(path) ?? field.description;
  if (meaning === undefined) context.missing.push(path);
  else field.description = meaning;
  if (field.properties) {
    delete field.default;
    return;
  }
  const effective = valueAt(context.defaults, path);
  if (effective !== undefined) field.default = effective;
}
