/** Which labels each patient has, over all their rows. */

/** The labels of patient p: `labels[offsets[p] … offsets[p + 1])`, each once. */
export interface LabelSets {
  offsets: Int32Array;
  labels: Int32Array;
}

export interface PatientRows {
  /** Row → patient, numbered from 0 in order of appearance. */
  patientOf: Int32Array;
  patients: number;
}

/** @param ids of each row's patient */
export function numberPatients(ids: readonly string[]): PatientRows {
  const numbers = new Map<string, number>();
  const patientOf = Int32Array.from(ids, (id) => {
    if (!numbers.has(id)) numbers.set(id, numbers.size);
    return numbers.get(id)!;
  });
  return { patientOf, patients: numbers.size };
}

/** @param labelsOf of each row; indices from 0 */
export function labelSets({ patientOf, patients }: PatientRows, labelsOf: (row: number) => Iterable<number>): LabelSets {
  const rowsOf = groupedRows(patientOf, patients);
  const offsets = new Int32Array(patients + 1);
  const labels: number[] = [];
  for (let patient = 0; patient < patients; patient++) {
    const own = new Set<number>();
    for (const row of rowsOf(patient)) for (const label of labelsOf(row)) own.add(label);
    for (const label of own) labels.push(label);
    offsets[patient + 1] = labels.length;
  }
  return { offsets, labels: Int32Array.from(labels) };
}

function groupedRows(patientOf: Int32Array, patients: number): (patient: number) => Int32Array {
  const starts = new Int32Array(patients + 1);
  for (const patient of patientOf) starts[patient + 1]!++;
  for (let patient = 0; patient < patients; patient++) starts[patient + 1]! += starts[patient]!;
  const next = starts.slice();
  const rows = new Int32Array(patientOf.length);
  patientOf.forEach((patient, row) => (rows[next[patient]!++] = row));
  return (patient) => rows.subarray(starts[patient], starts[patient + 1]);
}
