/** Dropout as a function of (tensor, site): training programs get a noisy one, inference programs the identity. */
import { dropout, type Noise, type Tensor } from '../engine/index.js';

/** `site` names the place in the model; equal seeds, steps and sites give equal masks. */
export type Dropout = (x: Tensor, site: string) => Tensor;

export const noDropout: Dropout = (x) => x;

export const trainingDropout = (noise: Noise, probability: number): Dropout =>
  probability > 0 ? (x, site) => dropout(x, probability, site, noise) : noDropout;
