/** Configuration of `ingest --source meds`: the slice `ingest.meds`. */
import { z } from 'zod';

/** What a code can say. `ignore` keeps a code from the rules below. */
export const meaningKinds = ['dx', 'px', 'rx', 'admission', 'discharge', 'birth', 'death', 'sex', 'note', 'ignore'] as const;
export type MeaningKind = (typeof meaningKinds)[number];

const pattern = z.string().refine(isPattern, 'expected a regular expression, such as ^DIAGNOSIS//ICD//10//(?<code>.+)$');

function isPattern(source: string): boolean {
  try {
    return Boolean(new RegExp(source));
  } catch {
    return false;
  }
}

export const codeRuleSchema = z
  .strictObject({
    /** Regular expression over the code; named groups say what its parts are: code (dx, px), drug, ndc, rxcui, atc (rx), type (admission), location (discharge), sex. */
    match: pattern,
    /** What such a code says. */
    kind: z.enum(meaningKinds),
    /** Code system of a diagnosis or procedure; a name without tables makes prefixes the hierarchy. */
    system: z.string().regex(/^[a-z][a-z0-9_.-]*$/i, 'expected the name of a code system, such as icd10cm').optional(),
  })
  .refine(({ kind, system }) => (kind === 'dx' || kind === 'px') === (system !== undefined), 'a rule of kind dx or px names its system, others none')
  .refine(({ kind, match }) => (kind !== 'dx' && kind !== 'px') || match.includes('(?<code>'), 'a rule of kind dx or px needs a group (?<code>…)');

export type CodeRule = z.output<typeof codeRuleSchema>;

export const medsSchema = z.strictObject({
  /** What codes say; the first rule that matches holds, and these come before the built-in ones. */
  codes: z.array(codeRuleSchema).default([]),
  /** Whether the built-in rules (MIMIC-IV, vocabularies of OMOP) hold after those of `codes`. */
  builtin_codes: z.boolean().default(true),
  /** A code that no rule matches means what its first parent in metadata/codes.parquet that one does match means. */
  use_parents: z.boolean().default(true),
  /** Column that names an event's visit; by default the first there of hadm_id, visit_id, visit_occurrence_id, encounter_id. */
  visit_column: z.string().optional(),
});

export type MedsConfig = z.output<typeof medsSchema>;
