/** Medications: free-text orders and NDCs → ATC. */
export { createDrugMapper, type DrugMapper, type DrugMapperOptions, type DrugMapping, type DrugQuery } from './mapper.js';
export { normaliseNdc } from './ndc.js';
export type { SkipReason } from './fluids.js';
