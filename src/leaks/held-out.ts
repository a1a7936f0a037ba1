/** Dev and test patients of a data set among the training patients of another one. */
import path from 'node:path';
import { readSplit, type Dataset } from '../dataset/index.js';

/** Patient ids of `dataset`'s dev and test sets. */
export const heldOutPatients = ({ patientIds, splits }: Dataset): Set<string> => new Set(patientIds.filter((_, row) => splits[row] !== 'train'));

/**
 * @param dir another data directory
 * @returns the dev and test patients of `dataset` that have training visits there, by the ids of patients and visits
 */
export function heldOutSeenBy(dataset: Dataset, dir: string): string[] {
  const { patients, visits } = readSplit(path.join(dir, 'split.json'));
  const patientOf = new Map(dataset.visitIds.map((visit, row) => [visit, dataset.patientIds[row]!]));
  const trainedOn = new Set(Object.keys(patients).filter((patient) => patients[patient] === 'train'));
  for (const [visit, split] of Object.entries(visits)) {
    const patient = patientOf.get(visit);
    if (split === 'train' && patient !== undefined) trainedOn.add(patient);
  }
  return [...heldOutPatients(dataset)].filter((patient) => trainedOn.has(patient));
}
