/** MEDS, the Medical Event Data Standard (0.3, 0.4): events with codes in Parquet; visits, diagnoses, procedures, drugs and notes by rules over the codes. */
import { withDiagnosis, withMedication, withNote } from '../flow.js';
import type { Source } from '../staging.js';
import { medsFiles, medsNotices } from './files.js';
import { loadMeds } from './load.js';

export const meds: Source = {
  inputs: (config) => {
    const { data, codes, splits, dataset } = medsFiles(config);
    return [...data, ...[codes, splits, dataset].filter((file) => file !== undefined)];
  },
  notices: medsNotices,
  flow: { first: 'admissions', conditions: [withDiagnosis, withMedication, withNote] },
  load: loadMeds,
};
