/** A priority queue of pairs: the most frequent first, then the smaller key, so that the order never depends on chance. */

export interface QueuedPair {
  key: number;
  count: number;
}

export interface PairQueue {
  push(pair: QueuedPair): void;
  pop(): QueuedPair | undefined;
}

/** A binary heap. Entries are not updated: who pops one checks whether its count still holds. */
export function createPairQueue(): PairQueue {
  const heap: QueuedPair[] = [];
  const before = (a: QueuedPair, b: QueuedPair): boolean => a.count > b.count || (a.count === b.count && a.key < b.key);
  const swap = (i: number, j: number): void => {
    [heap[i], heap[j]] = [heap[j]!, heap[i]!];
  };
  const rise = (from: number): void => {
    for (let i = from; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!before(heap[i]!, heap[parent]!)) return;
      swap(i, parent);
      i = parent;
    }
  };
  const sink = (): void => {
    for (let i = 0; ; ) {
      let best = i;
      for (const child of [2 * i + 1, 2 * i + 2]) if (child < heap.length && before(heap[child]!, heap[best]!)) best = child;
      if (best === i) return;
      swap(i, best);
      i = best;
    }
  };
  return {
    push: (pair) => rise(heap.push(pair) - 1),
    pop() {
      if (!heap.length) return undefined;
      swap(0, heap.length - 1);
      const top = heap.pop();
      sink();
      return top;
    },
  };
}
