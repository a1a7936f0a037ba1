/** OMOP, the common data model of OHDSI (5.3, 5.4), in CSV or Parquet: inpatient visits, diagnoses, procedures, drugs and notes, with or without the vocabulary. */
import { withDiagnosis, withMedication, withNote } from '../flow.js';
import { ownNotices } from '../licence.js';
import type { Source } from '../staging.js';
import { inputsOf, omopFiles } from './files.js';
import { loadOmop } from './load.js';

export const omop: Source = {
  inputs: (config) => inputsOf(omopFiles(config)),
  notices: () => ownNotices('OMOP data'),
  flow: { first: 'admissions', conditions: [withDiagnosis, withMedication, withNote] },
  load: loadOmop,
};
