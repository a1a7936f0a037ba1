/** Folds of the training patients, for predictions on training visits by a model that has not seen them. */
import { hash32 } from '../../src/core/rng.js';

export interface Fold {
  /** From 0. */
  fold: number;
  of: number;
}

export const isInFold = (patient: string, { fold, of }: Fold): boolean => hash32('fold', patient) % of === fold;
