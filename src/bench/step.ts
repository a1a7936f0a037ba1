/** `medweave bench step`: how fast a training step is, and how much of its time is the matrix products it cannot do without. */
import { openDevice } from '../engine/index.js';
import type { Logger } from '../core/log.js';
import { measureAgainstProducts, type AgainstProducts, type Measurement, type Speed } from './against-products.js';
import { bertStepProducts } from './bert-products.js';
import { createBertStep, type BertStepOptions } from './bert-step.js';
import { openVisitStep, type VisitTraining } from './visit-step.js';

/** What was measured; the step's own speed at the top level. */
export interface StepBench extends Speed, Omit<AgainstProducts<string>, 'speeds'> {
  what: 'step';
  model: string;
  shape: Record<string, number>;
  /** Kind of codes → nodes of its hierarchy. */
  nodes?: Record<string, number>;
  /** The same step without dropout, where it was measured. */
  without_dropout?: Speed;
}

export interface BertBench extends BertStepOptions, Measurement {
  /** Its name. */
  device: string;
  log: Logger;
  /** Measure the step without dropout too. */
  plain: boolean;
}

export async function benchBertStep(model: string, { device: name, log, plain, repeats, signal, ...shape }: BertBench): Promise<StepBench> {
  const device = await openDevice(name, log);
  const programs = {
    step: () => createBertStep(device, shape),
    ...(plain && shape.dropout ? { plain: () => createBertStep(device, { ...shape, dropout: 0 }) } : {}),
  };
  const { speeds, ...measured } = await measureAgainstProducts<string>(programs, { device, products: bertStepProducts(shape), visits: shape.batch, repeats, signal });
  const { seed: _, ...shown } = shape;
  return { what: 'step', model, shape: shown, ...speeds['step']!, ...measured, ...(speeds['plain'] ? { without_dropout: speeds['plain'] } : {}) };
}

export async function benchVisitStep(model: string, { repeats, signal, ...training }: VisitTraining & Measurement): Promise<StepBench> {
  const { step, stage, products } = await openVisitStep(training);
  const { text, codes } = training.model;
  const { lengths, codesInVisit } = training.visits;
  const { speeds, ...measured } = await measureAgainstProducts({ step: () => Promise.resolve(step) }, { device: stage.device, products, visits: lengths.length, repeats, signal });
  const shape = {
    batch: lengths.length, tokens: text.max_tokens, width: text.width, layers: text.layers, heads: text.heads, feed_forward: text.feed_forward,
    code_width: codes.width, code_layers: codes.layers, visit_codes: codesInVisit + 1, codes: training.visits.codes, medications: training.visits.medications,
  };
  const nodes = Object.fromEntries(Object.entries(stage.spec.ontologies).map(([kind, plan]) => [kind, plan.nodes]));
  return { what: 'step', model, shape, nodes, ...speeds.step, ...measured };
}
