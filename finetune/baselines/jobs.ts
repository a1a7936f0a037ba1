/** What threads can be asked to do: functions of a message, without any state. */
import { fitLogistic } from './logistic.js';
import { countPairs } from './pairs.js';
import { vectoriseBlock } from './vectorise.js';
import { encodeTexts } from './words.js';

export const jobs = { encode: encodeTexts, countPairs, vectoriseBlock, fit: fitLogistic };

export type JobName = keyof typeof jobs;
export type JobInput<Name extends JobName> = Parameters<(typeof jobs)[Name]>[0];
export type JobOutput<Name extends JobName> = ReturnType<(typeof jobs)[Name]>;
