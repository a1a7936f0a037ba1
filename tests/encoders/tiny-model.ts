/** A whole model with unequal dimensions, and a batch for it with every kind of gap: padding, absent text, absent codes. */
import { createRng } from '../../src/core/rng.js';
import { modelSchema } from '../../src/encoders/config.js';
import { planOntology } from '../../src/encoders/ontology-embedding.js';
import type { ChunkedRows, VisitRows } from '../../src/encoders/visit-batch.js';
import type { ModelSpec } from '../../src/encoders/visit.js';

export const tinySpec = (overrides: { fusion?: string; fusion_padding?: string; embedding?: string; mask_cls?: boolean; window?: number; pooling?: string } = {}): ModelSpec => ({
  config: modelSchema.parse({
    text: { width: 10, layers: 1, heads: 2, feed_forward: 13, max_tokens: 14, window: overrides.window ?? 7, pooling: overrides.pooling ?? 'mean' },
    reader: { width: 3 },
    codes: { width: 6, layers: 1, heads: 3, feed_forward: 11, ontology_heads: 2, embedding: overrides.embedding ?? 'ontology', mask_cls: overrides.mask_cls },
    fusion: overrides.fusion ?? 'cross-attention',
    fusion_padding: overrides.fusion_padding,
  }),
  tokens: 29,
  ontologies: {
    // 5 codes, 3 inner nodes: {0,1} and {2,3,4} under two categories under a root.
    dx: planOntology({ leaves: 5, nodes: 8, parent: Int32Array.of(5, 5, 6, 6, 6, 7, 7, -1) }),
    rx: planOntology({ leaves: 3, nodes: 4, parent: Int32Array.of(3, 3, 3, -1) }),
  },
});

/** 3 visits: all modalities; no text; no medications. */
export const tinyVisits = (chunks = 2): VisitRows & { text: ChunkedRows } => {
  const rng = createRng(3, 'tiny');
  const ids = (count: number, bound: number) => Int32Array.from({ length: count }, () => rng.integer(bound));
  return {
    batch: 3,
    text: {
      chunks,
      width: 14 / chunks,
      ids: ids(42, 29),
      mask: Uint8Array.from({ length: 42 }, (_, i) => Number(i < 14 ? i < 11 : i >= 28 && i < 33)),
      present: Uint8Array.of(1, 0, 1),
    },
    codes: {
      dx: { width: 4, ids: Int32Array.of(1, 4, 6, 8, 1, 5, 7, 0, 1, 8, 0, 0), mask: Uint8Array.of(1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0, 0), present: Uint8Array.of(1, 1, 1) },
      rx: { width: 3, ids: Int32Array.of(1, 4, 0, 1, 5, 6, 1, 0, 0), mask: Uint8Array.of(1, 1, 0, 1, 1, 1, 1, 0, 0), present: Uint8Array.of(1, 1, 0) },
    },
  };
};
