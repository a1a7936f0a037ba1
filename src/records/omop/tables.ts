/** The tables of the OMOP CDM (5.3, 5.4) that a store is made of, and the columns of them that it needs. */
import type { ColumnSpec, ColumnSpecs } from '../csv/load.js';

export interface OmopTable {
  required: boolean;
  columns: ColumnSpecs;
}

const column = (from: string, type: ColumnSpec['type']): ColumnSpec => ({ from, type });
const optional = (from: string, type: ColumnSpec['type']): ColumnSpec => ({ from, type, optional: true });

/** Date and time of something; either may be absent, but for what `dated` checks. */
const times = (start: string): ColumnSpecs => ({ start_date: optional(`${start}_date`, 'TIMESTAMP'), start_datetime: optional(`${start}_datetime`, 'TIMESTAMP') });

const event = (concept: string, time: string): ColumnSpecs => ({
  person_id: column('person_id', 'BIGINT'),
  visit_occurrence_id: optional('visit_occurrence_id', 'BIGINT'),
  concept_id: column(`${concept}_concept_id`, 'BIGINT'),
  source_concept_id: optional(`${concept}_source_concept_id`, 'BIGINT'),
  source_value: optional(`${concept}_source_value`, 'VARCHAR'),
  ...times(time),
});

export const tables = {
  person: {
    required: true,
    columns: {
      person_id: column('person_id', 'BIGINT'), gender_concept_id: optional('gender_concept_id', 'BIGINT'), gender_source_value: optional('gender_source_value', 'VARCHAR'),
      year_of_birth: optional('year_of_birth', 'BIGINT'), month_of_birth: optional('month_of_birth', 'BIGINT'), day_of_birth: optional('day_of_birth', 'BIGINT'),
      birth_datetime: optional('birth_datetime', 'TIMESTAMP'),
    },
  },
  visit_occurrence: {
    required: true,
    columns: {
      visit_occurrence_id: column('visit_occurrence_id', 'BIGINT'), person_id: column('person_id', 'BIGINT'), visit_concept_id: column('visit_concept_id', 'BIGINT'),
      visit_source_value: optional('visit_source_value', 'VARCHAR'), ...times('visit_start'),
      end_date: optional('visit_end_date', 'TIMESTAMP'), end_datetime: optional('visit_end_datetime', 'TIMESTAMP'),
      // 5.3 and 5.4 spell these differently.
      admitted_from: optional('admitted_from_source_value', 'VARCHAR'), admitting_source: optional('admitting_source_value', 'VARCHAR'),
      discharged_to: optional('discharged_to_source_value', 'VARCHAR'), discharge_to: optional('discharge_to_source_value', 'VARCHAR'),
      discharged_to_concept_id: optional('discharged_to_concept_id', 'BIGINT'), discharge_to_concept_id: optional('discharge_to_concept_id', 'BIGINT'),
    },
  },
  condition_occurrence: {
    required: true,
    columns: {
      ...event('condition', 'condition_start'),
      status_concept_id: optional('condition_status_concept_id', 'BIGINT'), type_concept_id: optional('condition_type_concept_id', 'BIGINT'),
    },
  },
  procedure_occurrence: { required: false, columns: event('procedure', 'procedure') },
  observation: { required: false, columns: event('observation', 'observation') },
  measurement: { required: false, columns: event('measurement', 'measurement') },
  device_exposure: { required: false, columns: event('device', 'device_exposure_start') },
  drug_exposure: { required: false, columns: { ...event('drug', 'drug_exposure_start'), route: optional('route_source_value', 'VARCHAR') } },
  death: { required: false, columns: { person_id: column('person_id', 'BIGINT'), ...times('death') } },
} satisfies Record<string, OmopTable>;

export type TableName = keyof typeof tables;

/** Read by a reader of their own: notes are long. */
export const noteColumns = {
  required: ['note_id', 'person_id', 'note_text', 'visit_occurrence_id'],
  optional: ['note_date', 'note_datetime', 'note_class_concept_id', 'note_type_concept_id', 'note_title', 'note_source_value'],
} as const;
