/** How far one set of vectors is from another. */

export interface Difference {
  /** Of the components. */
  max_absolute: number;
  mean_absolute: number;
  /** Root mean square of the difference over that of the reference. */
  relative: number;
  /** Between corresponding vectors: the mean, and the worst. */
  mean_cosine: number;
  min_cosine: number;
}

/** @param vectors and `reference` [N, width] */
export function differenceOf(vectors: Float32Array, reference: Float32Array, width: number): Difference {
  let [largest, sum, squares, referenceSquares] = [0, 0, 0, 0];
  vectors.forEach((value, i) => {
    const difference = Math.abs(value - reference[i]!);
    largest = Math.max(largest, difference);
    sum += difference;
    squares += difference ** 2;
    referenceSquares += reference[i]! ** 2;
  });
  const row = (of: Float32Array, i: number): Float32Array => of.subarray(i * width, (i + 1) * width);
  const cosines = Array.from({ length: vectors.length / width }, (_, i) => cosine(row(vectors, i), row(reference, i)));
  return {
    max_absolute: largest,
    mean_absolute: sum / vectors.length,
    relative: Math.sqrt(squares / referenceSquares),
    mean_cosine: cosines.reduce((a, b) => a + b, 0) / cosines.length,
    min_cosine: cosines.reduce((a, b) => Math.min(a, b), 1),
  };
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [product, squaresA, squaresB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!;
    squaresA += a[i]! ** 2;
    squaresB += b[i]! ** 2;
  }
  return product / Math.sqrt(squaresA * squaresB);
}
