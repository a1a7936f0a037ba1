/** Where a parameter stands in the text encoder: what freezing and layer-wise learning rates go by. */

const EMBEDDINGS = /^bert\.embeddings\./;
const LAYER = /^bert\.encoder\.layer\.(\d+)\./;

/** 0 for embeddings, 1 for the first layer, …; undefined for everything else of a model, the pooler among it. */
export function textDepth(path: string): number | undefined {
  if (EMBEDDINGS.test(path)) return 0;
  const layer = LAYER.exec(path)?.[1];
  return layer === undefined ? undefined : Number(layer) + 1;
}

/** @param freeze number of first layers that stay as they are, the embeddings with them; null: none of it */
export function isFrozen(path: string, freeze: number | null): boolean {
  const depth = textDepth(path);
  return freeze !== null && depth !== undefined && depth <= freeze;
}

/** Factor of a parameter's learning rate: `decay` a layer, counted from above the top layer (Clark et al. 2020); 1 outside the text encoder. */
export function layerRate(path: string, decay: number, layers: number): number {
  const depth = textDepth(path);
  return depth === undefined ? 1 : decay ** (layers + 1 - depth);
}
