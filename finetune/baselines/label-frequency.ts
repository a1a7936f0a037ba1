/** The blind baseline: every visit gets each label's training frequency as its score. */

/**
 * @param labels label indices (below L) of each training visit
 * @returns a function from a number of visits V to scores [V * L]
 */
export function fitLabelFrequency(labels: readonly ArrayLike<number>[], L: number): (V: number) => Float32Array {
  const frequency = new Float32Array(L);
  for (const row of labels) for (const label of new Set(Array.from(row))) frequency[label]! += 1 / labels.length;
  return (V) => {
    const scores = new Float32Array(V * L);
    for (let v = 0; v < V; v++) scores.set(frequency, v * L);
    return scores;
  };
}
