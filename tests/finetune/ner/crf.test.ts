/** The CRF against the sum over every sequence of tags, by enumeration: losses and gradients; decoding against the best of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crfLoss } from '../../../finetune/ner/crf.js';
import { mayFollow } from '../../../finetune/ner/tags.js';
import { viterbi } from '../../../finetune/ner/viterbi.js';
import { createRng } from '../../../src/core/rng.js';
import { tf, valueAndGradients, type Tensors } from '../../../src/engine/index.js';
import { expectAllClose } from '../../support/all-close.js';
import { runOnce } from '../../encoders/run-once.js';

const K = 5;

/** Every sequence of tags of a length in which no tag follows one that it may not; the first is free. */
function sequences(length: number): number[][] {
  if (length === 0) return [[]];
  return sequences(length - 1).flatMap((head) => Array.from({ length: K }, (_, tag) => [...head, tag]).filter((all) => all.length === 1 || mayFollow(all.at(-2)!, all.at(-1)!)));
}

interface Problem {
  emissions: Float32Array;
  transitions: Float32Array;
  /** One a word. */
  tags: number[];
}

const scoreOf = ({ emissions, transitions }: Problem, tags: readonly number[]): number =>
  tags.reduce((sum, tag, w) => sum + emissions[w * K + tag]! + (w ? transitions[tags[w - 1]! * K + tag]! : 0), 0);

/** −log p(tags), and its gradients: expected minus observed counts. */
function byEnumeration(problem: Problem) {
  const all = sequences(problem.tags.length);
  const scores = all.map((tags) => scoreOf(problem, tags));
  const logZ = Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0));
  const emissions = new Float64Array(problem.emissions.length);
  const transitions = new Float64Array(K * K);
  const count = (tags: readonly number[], weight: number): void => tags.forEach((tag, w) => {
    emissions[w * K + tag]! += weight;
    if (w) transitions[tags[w - 1]! * K + tag]! += weight;
  });
  all.forEach((tags, i) => count(tags, Math.exp(scores[i]! - logZ)));
  count(problem.tags, -1);
  return { loss: logZ - scoreOf(problem, problem.tags), emissions, transitions };
}

const drawn = (seed: string, size: number): Float32Array => {
  const rng = createRng(seed);
  return Float32Array.from({ length: size }, () => 2 * rng.normal());
};

describe('crfLoss', () => {
  it.each([1, 2, 5, 6])('equals the enumeration for up to %i words, padding or not', async (S) => {
    const goldOf = [[1, 2, 2, 0, 3, 4], [4, 4, 0, 1, 2, 1], [0, 1, 2, 0, 0, 0]];
    const lengths = [S, Math.max(1, S - 2), 0];
    const transitions = drawn('transitions', K * K);
    const emissions = drawn('emissions', lengths.length * S * K);
    const rows = lengths.map((length, n): Problem => ({ transitions, emissions: emissions.slice(n * S * K, (n * S + length) * K), tags: goldOf[n]!.slice(0, length) }));
    const shape = [lengths.length, S];
    const outputs = await runOnce(
      [
        { name: 'emissions', shape: [...shape, K], data: emissions },
        { name: 'transitions', shape: [K, K], data: transitions },
        { name: 'tags', shape, data: Int32Array.from(goldOf.flatMap((tags, n) => tags.slice(0, S).map((tag, w) => (w < lengths[n]! ? tag : 0)))) },
        { name: 'mask', shape, data: Float32Array.from(lengths.flatMap((length) => Array.from({ length: S }, (_, w) => Number(w < length)))) },
      ],
      (inputs) => {
        const { value, gradients, extra } = valueAndGradients(
          (p) => {
            const losses = crfLoss({ emissions_NSK: p['emissions']!, transitions_KK: p['transitions']!, tags_NS: inputs['tags']!, mask_NS: inputs['mask']! });
            return { value: tf.sum(losses) as never, losses };
          },
          { emissions: inputs['emissions']!, transitions: inputs['transitions']! },
        );
        return { sum: value, ...extra, d_emissions: gradients['emissions']!, d_transitions: gradients['transitions']! } as Tensors;
      },
    );
    const expected = rows.map((row) => (row.tags.length ? byEnumeration(row) : { loss: 0, emissions: new Float64Array(0), transitions: new Float64Array(K * K) }));
    expectAllClose(outputs['losses']!, expected.map(({ loss }) => loss), { rtol: 1e-5, atol: 1e-5, label: 'losses' });
    const d_transitions = Float64Array.from({ length: K * K }, (_, at) => expected.reduce((sum, one) => sum + one.transitions[at]!, 0));
    expectAllClose(outputs['d_transitions']!, d_transitions, { rtol: 1e-4, atol: 1e-5, label: 'gradient of transitions' });
    const d_emissions = expected.flatMap((one) => [...one.emissions, ...new Array<number>(S * K - one.emissions.length).fill(0)]);
    expectAllClose(outputs['d_emissions']!, d_emissions, { rtol: 1e-4, atol: 1e-5, label: 'gradient of emissions' });
  });
});

describe('viterbi', () => {
  it('finds the best sequence that is one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer(), fc.boolean(), (words, seed, withTransitions) => {
        const emissions = drawn(`e${seed}`, words * K);
        const transitions = withTransitions ? drawn(`t${seed}`, K * K) : new Float32Array(K * K);
        const problem = { emissions, transitions, tags: [] };
        const best = sequences(words).filter(([first]) => mayFollow(-1, first!)).reduce((top, tags) => (scoreOf(problem, tags) > scoreOf(problem, top) ? tags : top));
        expect([...viterbi({ emissions, transitions: withTransitions ? transitions : undefined, tags: K })]).toEqual(best);
      }),
      { numRuns: 60 },
    );
  });

  it('has nothing to say of no words', () => expect(viterbi({ emissions: new Float32Array(0), tags: K })).toHaveLength(0));
});
