/**
 * Text-to-code and code-to-code prediction (MedM-PLM §3.3): from the visit vector of each modality, the codes of each kind.
 * Scores are inner products with the code embeddings, so that what is learnt about a code is kept where fine-tuning finds it.
 */
import type { Rng } from '../src/core/rng.js';
import { codeQueries, readModalities, type CodeReader } from '../src/encoders/code-reader.js';
import type { EncodedVisit, ModelSpec } from '../src/encoders/visit.js';
import { bceWithLogits, staticTensor, tf, type Tensor, type Tensors } from '../src/engine/index.js';
import { noDropout } from '../src/nn/dropout.js';
import { maskedScores } from '../src/nn/mask.js';
import { applyMlp, initMlp, type Mlp } from '../src/nn/mlp.js';
import { valuesInit, type ParameterInit } from '../src/nn/parameters.js';
import type { PretrainConfig } from './config.js';

export type PredictionHeads<Leaf = Tensor> = {
  /** Source modality → kind of codes predicted → head. */
  from?: Record<string, Record<string, Mlp<Leaf>>>;
  /** Kind → one bias a code [V]. */
  bias: Record<string, Leaf>;
  /** The same for reading. */
  reading?: Record<string, Leaf>;
};

/** Kind → share of the training visits that have each code; biases start at a blind model's best guess. */
export type CodeFrequencies = Record<string, Float32Array>;

/** What a run reads: `text` and those kinds of codes that have a vocabulary. */
export const inputsOf = ({ ontologies }: ModelSpec, { inputs }: PretrainConfig): string[] => ['text', ...Object.keys(ontologies)].filter((input) => !inputs || inputs.includes(input as 'text'));

const sourcesOf = (inputs: readonly string[], { text_to_code, code_to_code }: PretrainConfig): string[] => inputs.filter((input) => (input === 'text' ? text_to_code : code_to_code));

export function initPredictionHeads(rng: Rng, spec: ModelSpec, pretrain: PretrainConfig, frequencies: CodeFrequencies): PredictionHeads<ParameterInit> {
  const { config } = spec;
  const inputs = inputsOf(spec, pretrain);
  const kinds = inputs.filter((input) => input !== 'text');
  const head = (source: string, target: string): Mlp<ParameterInit> =>
    initMlp(rng.split(source, target), {
      inputs: source === 'text' ? config.text.width : config.codes.width,
      hidden: pretrain.head_width,
      outputs: config.codes.width,
    });
  const toEachKind = (source: string) => Object.fromEntries(kinds.map((target) => [target, head(source, target)]));
  return {
    from: Object.fromEntries(sourcesOf(inputs, pretrain).map((source) => [source, toEachKind(source)])),
    bias: Object.fromEntries(kinds.map((kind) => [kind, initBias(frequencies[kind]!, pretrain.loss)])),
    reading: Object.fromEntries(kinds.filter((kind) => pretrain.reading.includes(kind as 'dx')).map((kind) => [kind, initBias(frequencies[kind]!, 'visit-bce')])),
  };
}

/** log p for a softmax over codes, log odds for independent codes. */
function initBias(frequencies: Float32Array, loss: PretrainConfig['loss']): ParameterInit {
  const guess = (p: number): number => (loss === 'masked-ce' ? Math.log(p) : Math.log(p / (1 - p)));
  return valuesInit([frequencies.length], Array.from(frequencies, (p) => guess(Math.min(Math.max(p, 1e-6), 1 - 1e-6))));
}

/**
 * The loss and its parts: `text_to_code`, `code_to_code` and `reading`, each the mean over its (source, kind) pairs; the loss is their
 * weighted sum.
 * @param inputs `KIND.targets` float32 [B, V]: 1 for each code to predict; visits without one do not count. `KIND.codes`: 1 for each
 * code of the visit
 */
export function codePredictionLoss({ heads: p, reader }: { heads: PredictionHeads; reader: CodeReader }, visit: EncodedVisit, inputs: Tensors, { spec, config }: { spec: ModelSpec; config: PretrainConfig }): Tensors & { loss: Tensor } {
  const pairLoss = config.loss === 'masked-ce' ? maskedCrossEntropy : visitBinaryCrossEntropy;
  const lossFrom = (source: string): Tensor[] =>
    Object.entries(p.from?.[source] ?? {}).map(([kind, head]) => {
      const modality = source === 'text' ? visit.text! : visit.codes[source]!;
      const logits_BV = tf.add(tf.matMul(applyMlp(head, modality.visit), visit.tables[kind]!, false, true), p.bias[kind]!);
      const isSeen_1V = seenFlags(spec, kind);
      return pairLoss(logits_BV, { targets_BV: ofSeen(inputs[`${kind}.targets`]!, isSeen_1V), present_B: modality.present, isSeen_1V });
    });
  const textLosses = lossFrom('text');
  const codeLosses = Object.keys(visit.codes).flatMap(lossFrom);
  const readingLosses = Object.entries(p.reading ?? {}).map(([kind, bias_V]) => readingLoss(reader, visit, { kind, bias_V, inputs, spec }));
  const mean = (losses: Tensor[]): Tensor => tf.div(tf.addN(losses), losses.length);
  const parts: Tensors = {
    ...(textLosses.length ? { text_to_code: mean(textLosses) } : {}),
    ...(codeLosses.length ? { code_to_code: mean(codeLosses) } : {}),
    ...(readingLosses.length ? { reading: mean(readingLosses) } : {}),
  };
  const weighted = Object.entries(parts).map(([name, part]) => tf.mul(part, config.weights[name as keyof PretrainConfig['weights']]));
  return { loss: tf.addN(weighted), ...parts };
}

interface ReadingOptions {
  kind: string;
  bias_V: Tensor;
  inputs: Tensors;
  spec: ModelSpec;
}

/** [1, V]: 1 for codes that training visits carry. The others are neither targets nor learnt to be absent (docs/decisions/0071). */
function seenFlags({ ontologies }: ModelSpec, kind: string): Tensor | undefined {
  const { hasVector, leaves } = ontologies[kind]!;
  return hasVector && staticTensor(hasVector.slice(0, leaves), [1, leaves]);
}

/**
 * Binary cross-entropy of all codes of a kind from the note and the visit's codes of the *other* kinds, which cannot give them away; a code
 * of the visit (so that it weighs as much as a masked code).
 */
function readingLoss(reader: CodeReader, { text, chunks, codes, tables }: EncodedVisit, { kind, bias_V, inputs, spec }: ReadingOptions): Tensor {
  const isSeen_1V = seenFlags(spec, kind);
  const codes_BV = ofSeen(inputs[`${kind}.codes`]!, isSeen_1V);
  const others = Object.fromEntries(Object.entries(codes).filter(([other]) => other !== kind));
  const readable = { text, chunks, codes: others };
  const modalities = [...(text ? ['text'] : []), ...Object.keys(others)];
  const scores_BL = readModalities(reader, readable, { modalities, queries: codeQueries(reader, { kind, table_VC: tables[kind] }), dropout: noDropout, site: 'reading' }, spec.config.reader);
  const count_B = tf.sum(codes_BV, 1);
  const loss_BV = ofSeen(bceWithLogits(tf.add(scores_BL, bias_V), codes_BV), isSeen_1V);
  const loss_B = tf.div(tf.sum(loss_BV, 1), atLeastOne(count_B));
  const present_B = [...(text ? [text] : []), ...Object.values(others)].map(({ present }) => present).reduce((a, b) => tf.logicalOr(a, b));
  return meanOver(loss_B, usable(present_B, count_B));
}

interface PairLossInput {
  targets_BV: Tensor;
  /** The visit has the source. */
  present_B: Tensor;
  isSeen_1V?: Tensor;
}

const ofSeen = (x_BV: Tensor, isSeen_1V: Tensor | undefined): Tensor => (isSeen_1V ? tf.mul(x_BV, isSeen_1V) : x_BV);

/** −log softmax of each target code, averaged over a visit's targets, then over the visits that have the source and a target. */
function maskedCrossEntropy(logits_BV: Tensor, { targets_BV, present_B, isSeen_1V }: PairLossInput): Tensor {
  const count_B = tf.sum(targets_BV, 1);
  const candidates_BV = isSeen_1V ? tf.add(logits_BV, tf.reshape(maskedScores(tf.cast(isSeen_1V, 'bool')), [1, -1])) : logits_BV;
  const loss_B = tf.div(tf.neg(tf.sum(tf.mul(tf.logSoftmax(candidates_BV), targets_BV), 1)), atLeastOne(count_B));
  return meanOver(loss_B, usable(present_B, count_B));
}

/** Binary cross-entropy averaged over the vocabulary, then over the visits that have the source and codes of the kind. */
function visitBinaryCrossEntropy(logits_BV: Tensor, { targets_BV, present_B, isSeen_1V }: PairLossInput): Tensor {
  const loss_BV = bceWithLogits(logits_BV, targets_BV);
  const loss_B = isSeen_1V ? tf.div(tf.sum(ofSeen(loss_BV, isSeen_1V), 1), tf.sum(isSeen_1V)) : tf.mean(loss_BV, 1);
  return meanOver(loss_B, usable(present_B, tf.sum(targets_BV, 1)));
}

const atLeastOne = (x: Tensor): Tensor => tf.add(tf.relu(tf.sub(x, 1)), 1);

const usable = (present_B: Tensor, count_B: Tensor): Tensor => tf.cast(tf.logicalAnd(present_B, tf.greater(count_B, 0)), 'float32');

const meanOver = (x_B: Tensor, weight_B: Tensor): Tensor => tf.div(tf.sum(tf.mul(x_B, weight_B)), atLeastOne(tf.sum(weight_B)));
