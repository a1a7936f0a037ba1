/** The on-disk cache of a frozen prefix's outputs: what the rest of the project uses. */
export { cacheBytes, checkSpace, type SpaceRequest } from './budget.js';
export { cacheConfigSchema, cacheDirectory, type CacheConfig } from './config.js';
export type { CacheKey, CacheMetadata } from './identity.js';
export { listCaches, pruneCaches, verifyCache, type CacheSummary, type Verification } from './inventory.js';
export { chunkId, tensorsHash, type HashedTensor } from './key.js';
export type { Precision } from './record.js';
export { openPrefixCache, type CacheCounts, type PrefixCache, type PrefixCacheOptions } from './store.js';
