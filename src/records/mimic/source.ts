/** A MIMIC edition as a source: its inputs, the licence its owners set, and how it loads. */
import fs from 'node:fs';
import path from 'node:path';
import type { Notices } from '../../core/notices.js';
import type { IngestConfig } from '../config.js';
import { withDiagnosis, withMedication, withNote } from '../flow.js';
import type { Source } from '../staging.js';
import type { MimicEdition } from './edition.js';
import { loadMimic, locateFiles } from './load.js';

export const mimicSource = (edition: MimicEdition): Source => ({
  inputs: (config) => Object.values(locateFiles(edition, config)),
  notices: (config) => noticesOf(edition, config),
  flow: { first: 'admissions', conditions: [withDiagnosis, withMedication, withNote] },
  load: (ingest) => loadMimic(edition, ingest),
});

/** The demos carry the Open Database License in LICENSE.txt, synthetic sets carry a manifest; anything else is credentialed data. */
function noticesOf({ title }: MimicEdition, { raw }: IngestConfig): Notices {
  const licences = raw.map((dir) => path.join(dir, 'LICENSE.txt')).filter((file) => fs.existsSync(file));
  const isOpen = licences.some((file) => /Open (Data Commons Open )?Database License|ODbL/i.test(fs.readFileSync(file, 'utf8')));
  if (isOpen) return { licence_notice: `${title} demo: Open Database License (ODbL) 1.0; cite PhysioNet` };
  const isSynthetic = raw.some((dir) => fs.existsSync(path.join(dir, 'manifest.json')) && /"command": "synth"/.test(fs.readFileSync(path.join(dir, 'manifest.json'), 'utf8')));
  if (isSynthetic) return { licence_notice: `Synthetic records in the format of ${title}: no patient, no restriction` };
  return {
    licence_notice: `${title}: PhysioNet Credentialed Health Data License; derived files (this one, vocabularies, models, predictions) may be shared only with people under the same agreement`,
    do_not_share: true,
  };
}
