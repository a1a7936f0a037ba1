/** What a server takes, and how it works it off. */
import { z } from 'zod';

const MIB = 2 ** 20;

/** The one place of the defaults of `medweave serve`. */
export const limitsSchema = z.strictObject({
  /** Bytes of a request's body. */
  maxBody: z.int().min(1024).default(2 * MIB),
  /** Code points of a text. */
  maxText: z.int().min(1).default(200_000),
  /** Records of a request. */
  maxRecords: z.int().min(1).default(256),
  /** Records that are predicted together; the model may allow fewer. */
  maxBatch: z.int().min(1).default(32),
  /** How long the model stays unused for clients that were just answered to come back, but never longer than its last batch took. */
  maxWaitMs: z.number().min(0).max(1000).default(30),
  /** Records that wait. */
  queue: z.int().min(1).default(512),
  /** Bytes of all requests that are being read or wait. */
  maxPending: z.int().min(1024).default(64 * MIB),
  /** Seconds until a request is given up. */
  timeout: z.number().min(0.1).max(3600).default(60),
});

export type Limits = z.output<typeof limitsSchema>;

/** Codes of an answer, beyond those that the model decides for. */
export const MAX_TOP = 10_000;
export const DEFAULT_TOP = 20;
