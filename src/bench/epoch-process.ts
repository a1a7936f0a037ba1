/** The program of a process that measures epochs by itself, so that its memory is theirs alone; `scaling.ts` starts it and hands it one message. */
import { createLogger } from '../core/log.js';
import { benchEpoch, type EpochOptions } from './epoch.js';
import { answerFromOwnProcess } from './own-process.js';

/** What goes in. */
export type EpochRequest = Omit<EpochOptions, 'log' | 'signal'>;

answerFromOwnProcess((request: EpochRequest, signal) => benchEpoch({ ...request, log: createLogger({ level: 'warn' }), signal }));
