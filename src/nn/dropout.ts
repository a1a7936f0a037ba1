/** Dropout as a function of (tensor, site): training programs get a noisy one, inference programs the identity. */
import { dropout, type DropoutMask, type Noise, type Tensor } from '../engine/index.js';

/** `site` names the place in the model; equal seeds, steps and sites give equal masks. */
export interface Dropout {
  (x: Tensor, site: string): Tensor;
  /** The mask alone, for operations that apply it themselves; undefined where nothing is dropped. */
  mask(site: string, shape: readonly number[]): DropoutMask | undefined;
}

export const noDropout: Dropout = Object.assign((x: Tensor) => x, { mask: () => undefined });

export const trainingDropout = (noise: Noise, probability: number): Dropout => {
  if (probability === 0) return noDropout;
  return Object.assign((x: Tensor, site: string) => dropout(x, probability, site, noise), {
    mask: (site: string, shape: readonly number[]) => ({ keep: noise.keep(site, shape, probability), probability }),
  });
};
