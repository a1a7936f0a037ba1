/** Configuration of `ingest`: the slice `ingest:` of a configuration file. */
import { z } from 'zod';
import { medsSchema } from './meds/config.js';
import { omopSchema } from './omop/config.js';

const oneOrMore = z.union([z.string().transform((dir) => [dir]), z.array(z.string()).min(1)], { error: 'name the directory of the raw tables (--raw DIR)' });

const systemName = z.string().regex(/^[a-z][a-z0-9_.-]*$/i, 'expected the name of a code system, such as icdo3: letters and digits');

export const sourceNames = ['mimic3', 'mimic4', 'codiesp', 'meds', 'omop'] as const;
export type SourceName = (typeof sourceNames)[number];

export const ingestSchema = z.strictObject({
  /** What the raw tables are. */
  source: z.enum(sourceNames, { error: `name one of ${sourceNames.join(', ')} (--source NAME)` }),
  /** Directories of the raw tables; several where modules lie apart (MIMIC-IV and MIMIC-IV-Note). */
  raw: oneOrMore,
  /** CodiEsp: the original Spanish text or its machine translation. */
  language: z.enum(['es', 'en']).default('es'),
  /** The code systems' names, where the data does not say them: corpora that are not of CodiEsp's (icd10cm, icd10pcs), source values of OMOP. A name without tables makes prefixes the hierarchy. */
  systems: z
    .strictObject({
      /** Of diagnoses. */
      dx: systemName.optional(),
      /** Of procedures. */
      px: systemName.optional(),
    })
    .prefault({}),
  /** Source meds: what the events' codes say (docs/meds.md). */
  meds: medsSchema.prefault({}),
  /** Source omop: kinds of visit and note, standard concepts, the vocabulary (docs/omop.md). */
  omop: omopSchema.prefault({}),
  /** CSV files `ndc,atc` or `name,atc`, looked at before everything else. */
  drug_tables: z.array(z.string()).default([]),
  /** Directory of the RxNorm RRF files. */
  rxnorm: z.string().optional(),
  /** What the data's owners ask, where the source does not know it: everything made of the store carries it along. */
  licence: z.strictObject({
    /** The licence, in a sentence. */
    notice: z.string().optional(),
    /** Whether the data and what is made of it must stay with those who may read it. */
    do_not_share: z.boolean().optional(),
  }).prefault({}),
  /** DuckDB spills to disk beyond this. */
  memory_limit: z.string().regex(/^\d+(\.\d+)?\s*(KB|MB|GB|TB|KiB|MiB|GiB|TiB)$/i, 'expected a size such as 4GB').default('4GB'),
  /** Of DuckDB; by default one a core. */
  threads: z.int().positive().optional(),
  /** Share of malformed records above which a file counts as damaged. */
  max_reject_share: z.number().min(0).max(1).default(0.01),
});

export type IngestConfig = z.output<typeof ingestSchema>;
