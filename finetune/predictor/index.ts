/** Fitted models, opened from their directory alone, for records that were in no data set. */
export { predictRecords, type PredictedRecords } from './predict-records.js';
export { openPredictor, type OpenPredictorOptions } from './open.js';
export type { ClinicalRecord, Explanation, GivenCode, PredictedCode, Prediction, Predictor, PredictorCard, VisitRecord } from './predictor.js';
