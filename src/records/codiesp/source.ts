/** CodiEsp, and corpora of its shape: clinical cases as visits, their codes (ICD-10-CM and ICD-10-PCS in CodiEsp), and the evidence for each code in the text. */
import { withDiagnosis, withNote } from '../flow.js';
import type { Ingest, Source } from '../staging.js';
import { loadAnnotations } from './annotations.js';
import { loadCases } from './cases.js';
import { loadEvidence } from './evidence.js';
import { inputsOf, splitFolders } from './files.js';

export const codiesp: Source = {
  inputs: (config) => inputsOf(splitFolders(config)),
  notices: () => ({ licence_notice: 'CodiEsp: CC BY 4.0; cite Miranda-Escalada et al., CLEF eHealth 2020 (another corpus of its shape: the terms of its owners, see ingest.licence)' }),
  flow: { first: 'cases', conditions: [withNote, withDiagnosis] },
  load: loadCodiesp,
};

async function loadCodiesp(ingest: Ingest): Promise<void> {
  const folders = splitFolders(ingest.config);
  for (const { split, annotations: { D, P } } of folders) {
    if (!D && !P) ingest.coverage.notices.push(`${split}: no codes; its cases are unlabelled`);
  }
  await loadCases(ingest, folders);
  const codes = await loadAnnotations(ingest, folders);
  await loadEvidence(ingest, folders, codes);
}
