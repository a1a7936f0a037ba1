/** Configuration of `ingest`: the slice `ingest:` of a configuration file. */
import { z } from 'zod';

const oneOrMore = z.union([z.string().transform((dir) => [dir]), z.array(z.string()).min(1)], { error: 'name the directory of the raw tables (--raw DIR)' });

const systemName = z.string().regex(/^[a-z][a-z0-9_.-]*$/i, 'expected the name of a code system, such as icdo3: letters and digits');

export const sourceNames = ['mimic3', 'mimic4', 'codiesp'] as const;
export type SourceName = (typeof sourceNames)[number];

export const ingestSchema = z.strictObject({
  source: z.enum(sourceNames, { error: `name one of ${sourceNames.join(', ')} (--source NAME)` }),
  /** Directories of the raw tables; several where modules lie apart (MIMIC-IV and MIMIC-IV-Note). */
  raw: oneOrMore,
  /** CodiEsp: the original Spanish text or its machine translation. */
  language: z.enum(['es', 'en']).default('es'),
  /** Corpora: the code systems' names, where they are not those of CodiEsp (icd10cm, icd10pcs); a name without tables makes prefixes the hierarchy. */
  systems: z.strictObject({ dx: systemName.optional(), px: systemName.optional() }).prefault({}),
  /** CSV files `ndc,atc` or `name,atc`, looked at before everything else. */
  drug_tables: z.array(z.string()).default([]),
  /** Directory of the RxNorm RRF files. */
  rxnorm: z.string().optional(),
  /** DuckDB spills to disk beyond this. */
  memory_limit: z.string().regex(/^\d+(\.\d+)?\s*(KB|MB|GB|TB|KiB|MiB|GiB|TiB)$/i, 'expected a size such as 4GB').default('4GB'),
  threads: z.int().positive().optional(),
  /** Share of malformed records above which a file counts as damaged. */
  max_reject_share: z.number().min(0).max(1).default(0.01),
});

export type IngestConfig = z.output<typeof ingestSchema>;
