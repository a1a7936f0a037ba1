/** Leak: a patient on both sides of the split. */
import path from 'node:path';
import { readSplit, splitIdOf, splitNames, type Dataset, type SplitManifest, type SplitName } from '../dataset/index.js';
import { leaked, passed, type Finding } from './declaration.js';

/** The table against itself, then against split.json. */
export const checkSplit = (dataset: Dataset): Finding[] => [checkPatients(dataset), checkSplitFile(dataset)];

const bits: Record<SplitName, number> = { train: 1, dev: 2, test: 4 };

function checkPatients({ dir, patientIds, splits }: Dataset): Finding {
  const check = 'every patient in one split';
  const seen = new Map<string, number>();
  patientIds.forEach((patient, row) => seen.set(patient, (seen.get(patient) ?? 0) | bits[splits[row]!]));
  const overlaps = new Map<string, number>();
  for (const mask of seen.values()) {
    const names = splitNames.filter((name) => mask & bits[name]);
    if (names.length > 1) overlaps.set(names.join(' and '), (overlaps.get(names.join(' and ')) ?? 0) + 1);
  }
  if (!overlaps.size) return passed(check, `${seen.size} patients`);
  const total = [...overlaps.values()].reduce((sum, count) => sum + count);
  const where = [...overlaps].map(([names, count]) => `${names}: ${count}`).join('; ');
  const message = `${dir}: ${total} of ${seen.size} patients have visits in more than one split (${where}); prepare the data with prepare.split.by: patient, or prepare.split.on_overlap: drop-train`;
  return leaked(check, { name: 'patient-overlap', message });
}

const splitIn = ({ patients, visits }: SplitManifest, patient: string, visit: string): SplitName | undefined => visits[visit] ?? patients[patient];

function checkSplitFile(dataset: Dataset): Finding {
  const check = 'visits.parquet follows split.json';
  const file = path.join(dataset.dir, 'split.json');
  const split = readSplit(file);
  const id = splitIdOf(split);
  const recorded = [split.split_id, dataset.manifest.split_id].find((name) => name !== id);
  if (recorded !== undefined) return leaked(check, { name: 'split-file', message: `${file}: its content has the id ${id}, but ${recorded} is recorded: it was changed after \`medweave prepare\`; run that again with --force` });
  const wrong = dataset.visitIds.filter((visit, row) => splitIn(split, dataset.patientIds[row]!, visit) !== dataset.splits[row]);
  if (!wrong.length) return passed(check, `split ${id}`);
  return leaked(check, { name: 'split-file', message: `${file}: ${wrong.length} of ${dataset.size} visits of visits.parquet are in another split there, or in none (visit ${wrong[0]}, …); run \`medweave prepare --force\`` });
}
