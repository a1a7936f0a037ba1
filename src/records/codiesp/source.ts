/** CodiEsp: clinical cases as visits, their ICD-10-CM and ICD-10-PCS codes, and the evidence for each code in the text. */
import { withDiagnosis, withNote } from '../flow.js';
import type { Ingest, Source } from '../staging.js';
import { loadAnnotations } from './annotations.js';
import { loadCases } from './cases.js';
import { loadEvidence } from './evidence.js';
import { splitFolders } from './files.js';

export const codiesp: Source = {
  inputs: (config) => splitFolders(config).flatMap(({ texts, annotations }) => [texts, ...Object.values(annotations)]),
  licenceNotice: () => 'CodiEsp: CC BY 4.0; cite Miranda-Escalada et al., CLEF eHealth 2020',
  flow: { first: 'cases', conditions: [withNote, withDiagnosis] },
  load: loadCodiesp,
};

async function loadCodiesp(ingest: Ingest): Promise<void> {
  const folders = splitFolders(ingest.config);
  for (const { split, annotations: { D, P } } of folders) {
    if (!D && !P) ingest.coverage.notices.push(`${split}: no codes; its cases are unlabelled`);
  }
  await loadCases(ingest, folders);
  await loadAnnotations(ingest, folders);
  await loadEvidence(ingest, folders);
}
