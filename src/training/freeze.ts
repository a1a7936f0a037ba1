/** The freeze policy of a stage, as configuration. */
import { z } from 'zod';

/**
 * How many of the text encoder's first layers stay as they are, the embeddings with them (0: the embeddings only; null: everything is
 * trained). Frozen layers run as in inference, without dropout, once for each note. The paper freezes ten of twelve.
 */
export const freezeSchema = z.int().min(0).nullable().default(null);
