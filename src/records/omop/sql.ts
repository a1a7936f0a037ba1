/** The SQL of OMOP: visits, codes by vocabulary, drugs, notes. `concepts` holds the concepts that the tables use. */
import { sqlString } from '../duckdb.js';
import { visitAtSql, withVisitSql } from '../visit-of.js';
import type { OmopConfig } from './config.js';
import type { TableName } from './tables.js';

/** Ages over this are hidden in public data; such patients get one more. */
const HIGHEST_KNOWN_AGE = 89;
/** Concepts from here on are a site's own. */
const FIRST_LOCAL_CONCEPT = 2_000_000_000;
/** "Patient died", "Death". */
const DIED_CONCEPTS = '4216643, 4306655';

/** The code systems of the vocabularies of diagnoses and procedures; any other goes by its own name, its kind is that of the table. */
const VOCABULARIES: readonly (readonly [vocabulary: string, kind: 'dx' | 'px', system: string])[] = [
  ['ICD9CM', 'dx', 'icd9cm'], ['ICD10CM', 'dx', 'icd10cm'], ['ICD10', 'dx', 'icd10'], ['ICD10GM', 'dx', 'icd10gm'], ['ICD10CN', 'dx', 'icd10cn'], ['CIM10', 'dx', 'cim10'], ['KCD7', 'dx', 'kcd7'],
  ['ICD9Proc', 'px', 'icd9proc'], ['ICD10PCS', 'px', 'icd10pcs'], ['OPCS4', 'px', 'opcs4'], ['OPS', 'px', 'ops'], ['CCAM', 'px', 'ccam'],
];

export const createVocabulary = `
  create table vocabularies as select * from (values ${VOCABULARIES.map((row) => `(${row.map(sqlString).join(', ')})`).join(', ')}) as v (vocabulary, kind, system);
  create table concepts (concept_id bigint, name varchar, vocabulary varchar, code varchar);
  create table atc_of (concept_id bigint, atc varchar);
  create table icd10cm_of (concept_id bigint, code varchar, choices bigint)`;

/** The concepts of `used`, all of ATC, those called discharge summary, and where they are asked for, all of ICD-10-CM. */
export const fillConcepts = (concept: string, withIcd10Cm: boolean): string => `
  insert into concepts
  select concept_id, concept_name, vocabulary_id, concept_code from ${concept}
  where concept_id in (select concept_id from used_concepts) or vocabulary_id = 'ATC' or regexp_matches(concept_name, '(?i)discharge summary')
    ${withIcd10Cm ? "or vocabulary_id = 'ICD10CM'" : ''}`;

/** Rule: the substances (level 5) of ATC that a drug descends from; which of several counts is the drug mapper's rule. */
export const fillDrugAtc = (ancestor: string): string => `
  insert into atc_of
  select descendant_concept_id, string_agg(distinct a.code, ' ' order by a.code)
  from ${ancestor} h join concepts a on a.concept_id = h.ancestor_concept_id
  where a.vocabulary = 'ATC' and length(a.code) = 7 and h.descendant_concept_id in (select concept_id from used_concepts) group by descendant_concept_id`;

/** Rule: of the ICD-10-CM codes that map to a standard concept the shortest, then the first; `choices` says how many there were. */
export const fillIcd10CmOf = (relationship: string): string => `
  insert into icd10cm_of
  select r.concept_id_2, arg_min(c.code, lpad(length(c.code)::varchar, 3, '0') || c.code), count(distinct c.code)
  from ${relationship} r join concepts c on c.concept_id = r.concept_id_1
  where r.relationship_id = 'Maps to' and c.vocabulary = 'ICD10CM' and r.concept_id_2 in (select concept_id from used_concepts) group by r.concept_id_2`;

/** @param columns SQL selects of one column each */
export const usedConceptsSql = (columns: readonly string[]): string => `create table used_concepts as select distinct concept_id from (${columns.join(' union all ')}) u (concept_id) where concept_id > 0`;

const inList = (ids: readonly number[]): string => (ids.length ? ids.join(', ') : 'null');

export const checkVisitsSql = `
  create table checked_visits as
  select *, coalesce(start_datetime, start_date) as admitted_at, coalesce(end_datetime, end_date) as discharged_at,
    row_number() over (partition by visit_occurrence_id order by file, line) as copy
  from visit_occurrence;
  insert into rejects
  select file, line, case when visit_occurrence_id is null then 'no visit_occurrence_id' when person_id is null then 'no person_id' when admitted_at is null then 'no visit_start_date' else 'repeated visit_occurrence_id' end
  from checked_visits where visit_occurrence_id is null or person_id is null or admitted_at is null or copy > 1 order by file, line`;

const admissionType: Record<OmopConfig['admission_type'], string> = {
  visit_concept: "coalesce(c.name, case v.visit_concept_id when 9201 then 'Inpatient Visit' when 262 then 'Emergency Room and Inpatient Visit' when 8717 then 'Inpatient Hospital' end)",
  visit_source_value: 'v.visit_source_value',
  admitted_from: 'coalesce(v.admitted_from, v.admitting_source)',
};

/**
 * Rules: kinds of visit by configuration; age in completed years, of a birth known by year only the difference of years; died in hospital where the
 * visit was discharged to death, else where the death falls on a day of the stay. @param hasDeath the table of deaths is there
 */
export const visitsSql = ({ visit_concepts, admission_type }: OmopConfig, hasDeath: boolean): string => `
  create table persons as
  select person_id, coalesce(birth_datetime, make_timestamp(year_of_birth, coalesce(month_of_birth, 1), coalesce(day_of_birth, 1), 0, 0, 0.0)) as born_at,
    case gender_concept_id when 8507 then 'M' when 8532 then 'F' else upper(left(gender_source_value, 1)) end as sex
  from person where person_id is not null qualify row_number() over (partition by person_id order by file, line) = 1;
  create table deaths as ${hasDeath ? 'select person_id, min(coalesce(death.start_datetime, death.start_date)) as died_at from death where person_id is not null group by person_id' : 'select null::bigint as person_id, null::timestamp as died_at where false'};
  insert into visits
  select visit_id, patient_id, admitted_at, discharged_at, to_death or coalesce(died_at::date between admitted_at::date and coalesce(discharged_at, admitted_at)::date, false),
    admission_type, discharge_location, case when age > ${HIGHEST_KNOWN_AGE} then ${HIGHEST_KNOWN_AGE + 1} when age >= 0 then age end, sex, null
  from (
    select v.visit_occurrence_id::varchar as visit_id, v.person_id::varchar as patient_id, v.admitted_at, v.discharged_at, d.died_at, p.sex,
      coalesce(coalesce(v.discharged_to_concept_id, v.discharge_to_concept_id) in (${DIED_CONCEPTS}), false) as to_death, ${admissionType[admission_type]} as admission_type,
      coalesce(v.discharged_to, v.discharge_to, l.name) as discharge_location, date_sub('year', p.born_at, v.admitted_at)::integer as age
    from checked_visits v
      left join persons p using (person_id) left join deaths d using (person_id)
      left join concepts c on c.concept_id = v.visit_concept_id
      left join concepts l on l.concept_id = coalesce(v.discharged_to_concept_id, v.discharge_to_concept_id) and l.concept_id > 0
    where v.visit_concept_id in (${inList(visit_concepts)}) and v.visit_occurrence_id is not null and v.person_id is not null and v.admitted_at is not null and v.copy = 1)`;

/**
 * Place of a diagnosis among those of its visit: condition_status_concept_id says which is primary (also of admission and discharge), in older data
 * condition_type_concept_id which is primary, first, second … (detail, then header, of an inpatient claim).
 */
const diagnosisPlace = `case when status_concept_id in (32901, 32902, 32903) then 0 when type_concept_id between 38000183 and 38000198 then type_concept_id - 38000183
  when type_concept_id between 38000199 and 38000214 then type_concept_id - 38000199 when type_concept_id in (44786627, 44786628) then 0 end`;

const rowsOf = (table: TableName, kind: string): string => `
  select file, line, '${table}' as origin, '${kind}' as kind, person_id::varchar as patient_id, visit_occurrence_id::varchar as visit_id,
    coalesce(start_datetime, start_date) as event_at, concept_id, source_concept_id, nullif(trim(source_value), '') as source_value,
    ${table === 'condition_occurrence' ? diagnosisPlace : 'null::bigint'} as seq
  from ${table}`;

/**
 * Rule: a row's code is its source concept's; else the source value, where the configuration says whose code that is; else the standard concept's. In
 * the tables of neither diagnoses nor procedures only source concepts of ICD and its like count.
 * @param tables the tables that are there and may hold codes
 */
export function codeEventsSql(tables: readonly TableName[], { systems, standard }: { systems: { dx?: string; px?: string }; standard: OmopConfig['standard_concepts'] }): string {
  const rows = tables.map((table) => rowsOf(table, table === 'condition_occurrence' ? 'dx' : table === 'procedure_occurrence' ? 'px' : 'further'));
  const ownName = (column: string): string => `coalesce(${column === 's' ? 'sv' : 'tv'}.system, lower(regexp_replace(${column}.vocabulary, '[^A-Za-z0-9]', '', 'g')))`;
  const named = (kind: 'dx' | 'px'): string => (systems[kind] ? `when r.kind = '${kind}' and r.source_value is not null then` : 'when false then');
  const mapsBack = standard === 'icd10cm' ? "when r.kind = 'dx' and i.code is not null then" : 'when false then';
  return `
    create view code_rows as ${rows.join(' union all ')};
    create table code_events as
    select r.file, r.line, r.patient_id, r.visit_id, r.event_at, r.seq,
      case when s.code is not null then coalesce(sv.kind, r.kind) ${named('dx')} r.kind ${named('px')} r.kind else coalesce(tv.kind, r.kind) end as kind,
      case when s.code is not null then ${ownName('s')} ${named('dx')} ${sqlString(systems.dx ?? '')} ${named('px')} ${sqlString(systems.px ?? '')} ${mapsBack} 'icd10cm'
        when t.code is not null then ${ownName('t')} end as system,
      case when s.code is not null then s.code ${named('dx')} r.source_value ${named('px')} r.source_value ${mapsBack} i.code else t.code end as raw,
      case when s.code is not null then s.name ${named('dx')} null ${named('px')} null ${mapsBack} null else t.name end as title,
      s.code is null and not coalesce((r.kind = 'dx' and ${Boolean(systems.dx)} or r.kind = 'px' and ${Boolean(systems.px)}) and r.source_value is not null, false) and i.choices > 1 as is_ambiguous
    from code_rows r
      left join concepts s on s.concept_id = r.source_concept_id and s.concept_id > 0 and s.concept_id < ${FIRST_LOCAL_CONCEPT}
      left join vocabularies sv on sv.vocabulary = s.vocabulary
      left join concepts t on t.concept_id = r.concept_id and t.concept_id > 0
      left join vocabularies tv on tv.vocabulary = t.vocabulary
      left join icd10cm_of i on i.concept_id = r.concept_id
    where r.kind <> 'further' or sv.kind is not null`;
}

export const placeCodesSql = `
  create table code_places as ${visitAtSql('code_events')};
  create table placed as ${withVisitSql('code_events', 'code_places')};
  insert into raw_codes select file, line, visit_id, kind, system, raw, seq from placed where visit_id is not null`;

/** Rule: a source value of digits is an NDC, any other the drug's name in the hospital; names of the vocabulary come second. */
export const placeDrugsSql = `
  create view drug_events as
  select d.file, d.line, d.person_id::varchar as patient_id, d.visit_occurrence_id::varchar as visit_id, coalesce(d.start_datetime, d.start_date) as event_at, d.route,
    case when not regexp_full_match(trim(d.source_value), '[0-9.-]*') then d.source_value end as drug,
    coalesce(case when s.vocabulary = 'NDC' then s.code end, case when regexp_full_match(trim(d.source_value), '[0-9-]{9,13}') then trim(d.source_value) end) as ndc,
    coalesce(t.name, s.name) as label, case when t.vocabulary = 'RxNorm' then t.code end as rxcui,
    case when t.vocabulary = 'ATC' and length(t.code) = 7 then t.code else a.atc end as atc
  from drug_exposure d
    left join concepts s on s.concept_id = d.source_concept_id and s.concept_id > 0
    left join concepts t on t.concept_id = d.concept_id and t.concept_id > 0
    left join atc_of a on a.concept_id = d.concept_id;
  create table drug_places as ${visitAtSql('drug_events')};
  create table placed_drugs as ${withVisitSql('drug_events', 'drug_places')};
  create view raw_drugs as select *, event_at as start_at from placed_drugs where visit_id is not null`;

export const titlesSql = 'select distinct system, raw, title from code_events where raw is not null and title is not null order by system, raw, title';
