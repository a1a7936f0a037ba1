/** Drift: how far one population of visits has moved from another. */
export { severities, THRESHOLDS, type BinShare, type DriftRow, type LabelRow, type SampledFeatures, type Severity } from './compare.js';
export { measureDrift, rowsOf, type DriftReport, type PredictionFeatures, type Side, type SideSummary } from './drift.js';
export { clusteredCategories, driftGroups, onePerPatient, type DriftGroup, type Feature } from './feature.js';
export { storeOf } from './store-facts.js';
