/** PLII of the Medical-mT5 pipeline: the title whose sentence embedding is nearest (Euclidean) to the description's. */
import type { Device } from '../engine/index.js';
import { titleVectors, vectorsOf, type EmbeddingOptions, type SentenceEncoder } from './embedding.js';
import type { CandidateSource } from './mention.js';
import { nearestRows } from './nearest.js';
import type { Describe } from './pli.js';

export interface PliiOptions extends EmbeddingOptions {
  /** Code → title. */
  titles: ReadonlyMap<string, string>;
  encoder: SentenceEncoder;
  device: Device;
  describe: Describe;
}

/** The best description of each mention decides. A score falls from 1 with the distance in units of the description's own length, so that encoders of any scale compare. */
export function pliiSource({ titles, encoder, device, describe, log, signal }: PliiOptions): CandidateSource {
  const codes = [...titles.keys()];
  return {
    step: 'plii',
    async find(mentions, k) {
      const width = encoder.embedder.width;
      const rows = await titleVectors([...titles.values()], encoder, { log, signal });
      const queries = await vectorsOf((await describe(mentions)).map(([best]) => best ?? ''), encoder, { log, signal });
      const found = await nearestRows(device, { queries, rows, width, k });
      return found.map((neighbours, query) => {
        const length = Math.hypot(...queries.subarray(query * width, (query + 1) * width)) || 1;
        return neighbours.map(({ row, distance }) => ({ code: codes[row]!, score: 1 / (1 + distance / length), step: 'plii' as const, surface: titles.get(codes[row]!)! }));
      });
    },
  };
}
