/** The posterior of diseases against brute force on a tiny world, and against the sampler itself. */
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { diseaseModel, diseasePosterior } from '../../src/synth/bayes/diseases.js';
import { prescribedGroups, textEvents, type Evidence, type TextEvents } from '../../src/synth/bayes/evidence.js';
import { countProbability } from '../../src/synth/bayes/likelihood.js';
import { drawTraits, drawVisit } from '../../src/synth/sample/visit.js';
import { hospitalWorld } from '../../src/synth/world/hospital.js';
import type { World } from '../../src/synth/world/types.js';
import { tinyWorld } from './tiny-world.js';

interface Outcome {
  state: number;
  /** What an observer sees of the disease. */
  seen: string;
  probability: number;
}

/** Every state and event of one disease under a profile, straight from the definition of the world. */
function outcomes(world: World, index: number, profile: number): Outcome[] {
  const disease = world.diseases[index]!;
  const rate = disease.rates[profile]!;
  const list: Outcome[] = [
    { state: 0, seen: 'nothing', probability: (1 - rate) * (1 - world.denialRate) },
    { state: 0, seen: 'denied', probability: (1 - rate) * world.denialRate },
  ];
  disease.variants.forEach((variant, v) => {
    const active = rate * variant.share;
    const byShared = disease.sharedSurface ? world.sharedSurfaceRate : 0;
    const detailed = variant.details.length ? world.detailRate : 0;
    list.push({ state: v + 1, seen: 'nothing', probability: active * (1 - disease.mentionRate) });
    list.push({ state: v + 1, seen: `shared ${disease.sharedSurface}`, probability: active * disease.mentionRate * byShared });
    list.push({ state: v + 1, seen: 'named', probability: active * disease.mentionRate * (1 - byShared) * (1 - detailed) });
    list.push({ state: v + 1, seen: `named ${v}`, probability: active * disease.mentionRate * (1 - byShared) * detailed });
  });
  return list;
}

/** The same view of what the code under test is given: a shared name loses its owner. */
function keyOf(perDisease: readonly string[], prescribed: readonly boolean[]): string {
  const hidden = perDisease.map((seen) => (seen.startsWith('shared') ? 'nothing' : seen));
  return JSON.stringify([hidden, perDisease.filter((seen) => seen.startsWith('shared')).sort(), prescribed]);
}

const keyOfEvents = (text: TextEvents, prescribed: readonly boolean[]): string => keyOf(
  [...text.own.map((event) => (event === undefined ? 'nothing' : event.kind === 'denied' ? 'denied' : event.detail === undefined ? 'named' : `named ${event.detail}`))],
  prescribed,
).replace('[],', `${JSON.stringify([...text.shared].flatMap(([name, count]) => Array<string>(count).fill(`shared ${name}`)))},`);

/** Evidence key → joint weight of every (profile, states), by enumeration of the whole world. */
function bruteForce(world: World): Map<string, { total: number; states: number[][]; profile: number[] }> {
  const table = new Map<string, { total: number; states: number[][]; profile: number[] }>();
  const groups = world.drugGroups.length;
  world.profiles.forEach(({ share }, z) => {
    for (const a of outcomes(world, 0, z)) for (const b of outcomes(world, 1, z)) for (const c of outcomes(world, 2, z)) {
      for (let bits = 0; bits < 2 ** groups; bits++) {
        const prescribed = world.drugGroups.map((_, g) => Boolean((bits >> g) & 1));
        const combination = [a, b, c];
        let weight = share * a.probability * b.probability * c.probability;
        world.drugGroups.forEach((group, g) => {
          const p = 1 - group.causes.reduce((none, [d, strength]) => (combination[d]!.state > 0 ? none * (1 - strength) : none), 1 - group.leak);
          weight *= prescribed[g] ? p : 1 - p;
        });
        const key = keyOf(combination.map(({ seen }) => seen), prescribed);
        const entry = table.get(key) ?? { total: 0, states: world.diseases.map(({ variants }) => Array<number>(variants.length + 1).fill(0)), profile: [0, 0] };
        table.set(key, entry);
        entry.total += weight;
        entry.profile[z]! += weight;
        combination.forEach(({ state }, d) => (entry.states[d]![state]! += weight));
      }
    }
  });
  return table;
}

describe('posterior of diseases', () => {
  const world = tinyWorld();
  const model = diseaseModel(world);
  const table = bruteForce(world);

  it('enumerates a world whose probabilities sum to 1', () => {
    expect([...table.values()].reduce((sum, { total }) => sum + total, 0)).toBeCloseTo(1, 12);
  });

  it('joins the diseases that share a drug group or a name, and no others', () => {
    expect(model.parts.map(({ component }) => component.diseases)).toEqual([[0, 1], [2]]);
  });

  it('equals brute force on every kind of evidence that the sampler makes', () => {
    const checked = new Set<string>();
    for (let i = 0; i < 3000; i++) {
      const rng = createRng(i, 'brute');
      const visit = drawVisit(world, drawTraits(world, rng.split('traits')), rng.split('visit'));
      const evidence = { text: textEvents(world, visit), prescribed: prescribedGroups(visit) };
      const key = keyOfEvents(evidence.text, evidence.prescribed);
      if (checked.has(key)) continue;
      checked.add(key);
      const expected = table.get(key)!;
      const posterior = diseasePosterior(model, evidence);
      posterior.states.forEach((states, d) => states.forEach((p, s) => expect(p).toBeCloseTo(expected.states[d]![s]! / expected.total, 10)));
      posterior.profile.forEach((p, z) => expect(p).toBeCloseTo(expected.profile[z]! / expected.total, 10));
      expect(posterior.anyFrailty).toBeCloseTo(1 - expected.states[2]![0]! / expected.total, 10);
    }
    expect(checked.size).toBeGreaterThan(200);
  });

  it.each(['text', 'codes'] as const)('equals the marginal of brute force when only %s is seen', (inputs) => {
    const visit = drawVisit(world, drawTraits(world, createRng(5)), createRng(11));
    const text = textEvents(world, visit);
    const prescribed = prescribedGroups(visit);
    const [wantedSeen, wantedNames, wantedGroups] = JSON.parse(keyOfEvents(text, prescribed)) as [string[], string[], boolean[]];
    let total = 0;
    const expected = world.diseases.map(({ variants }) => Array<number>(variants.length + 1).fill(0));
    for (const [key, entry] of table) {
      const [seen, names, groups] = JSON.parse(key) as [string[], string[], boolean[]];
      const matches = inputs === 'codes' ? String(groups) === String(wantedGroups) : String(seen) === String(wantedSeen) && String(names) === String(wantedNames);
      if (!matches) continue;
      total += entry.total;
      entry.states.forEach((row, d) => row.forEach((weight, s) => (expected[d]![s]! += weight)));
    }
    const evidence: Evidence = inputs === 'text' ? { text } : { prescribed };
    diseasePosterior(model, evidence).states.forEach((states, d) => states.forEach((p, s) => expect(p).toBeCloseTo(expected[d]![s]! / total, 10)));
  });

  it('gives the prior back when nothing is seen', () => {
    const { states, profile } = diseasePosterior(model, {});
    expect(states[0]![0]).toBeCloseTo(1 - (0.7 * 0.2 + 0.3 * 0.7), 12);
    expect(states[1]![1]).toBeCloseTo(0.7 * 0.3 + 0.3 * 0.1, 12);
    expect([...profile]).toEqual([expect.closeTo(0.7, 12), expect.closeTo(0.3, 12)]);
  });

  it('is a distribution on the hospital world, whatever is seen', () => {
    const hospital = hospitalWorld();
    const hospitalModel = diseaseModel(hospital);
    for (let i = 0; i < 25; i++) {
      const rng = createRng(i, 'sum');
      const visit = drawVisit(hospital, drawTraits(hospital, rng.split('t')), rng.split('v'));
      const { states, profile, anyFrailty } = diseasePosterior(hospitalModel, { text: textEvents(hospital, visit), prescribed: prescribedGroups(visit) });
      for (const row of states) expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
      expect(profile.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
      expect(anyFrailty).toBeGreaterThanOrEqual(0);
      expect(anyFrailty).toBeLessThanOrEqual(1);
    }
  });
});

describe('countProbability', () => {
  it('is the coefficient of the generating polynomial', () => {
    // (0.5 + 0.2x)(0.3 + 0.4x)(0.9) = 0.135 + 0.234x + 0.072x²
    const factors = [[0.5, 0.2], [0.3, 0.4], [0.9, 0]] as const;
    [0.135, 0.234, 0.072, 0].forEach((value, count) => expect(countProbability(factors, count)).toBeCloseTo(value, 12));
  });
});
