/** Configuration of `ingest --source omop`: the slice `ingest.omop`. */
import { z } from 'zod';

const conceptIds = z.array(z.int().nonnegative());

/** Where diagnoses and procedures may lie besides their own tables: OMOP files a code by its meaning, so that Z codes become observations. */
export const furtherTables = ['observation', 'measurement', 'device_exposure'] as const;

export const omopSchema = z.strictObject({
  /** Kinds of visit (visit_concept_id) that are admissions: inpatient, emergency room and inpatient, inpatient hospital. */
  visit_concepts: conceptIds.min(1).default([9201, 262, 8717]),
  /** What becomes the admission type: the name of the kind of visit, or a column of visit_occurrence. */
  admission_type: z.enum(['visit_concept', 'visit_source_value', 'admitted_from']).default('visit_concept'),
  /** Kinds of note (note_class_concept_id or note_type_concept_id) that are discharge summaries, besides those whose concept is called so. */
  note_concepts: conceptIds.default([44814637]),
  /** A note whose note_title or note_source_value begins with this, in any case, is one too. */
  note_title: z.string().min(1).default('discharge summary'),
  /** Tables that are searched for further ICD codes; measurement can be very large. */
  code_tables: z.array(z.enum(furtherTables)).default(['observation']),
  /** What becomes of rows that state a standard concept only: its own code (system snomed), or an ICD-10-CM code that maps to it, the shortest of several. */
  standard_concepts: z.enum(['keep', 'icd10cm']).default('keep'),
  /** Directory of the vocabulary (CONCEPT.csv, CONCEPT_ANCESTOR.csv, CONCEPT_RELATIONSHIP.csv, as downloaded from Athena), where it is not beside the tables. */
  vocabulary: z.string().optional(),
});

export type OmopConfig = z.output<typeof omopSchema>;
