/** Beliefs about facts: what statements in the text and choices of drugs tell of them. */
import type { FactStatement } from '../sample/visit.js';
import type { Choice, Drug, DrugGroup, Fact, World } from '../world/types.js';

/** P(what the text says of a fact | its value). */
export function statementProbability(fact: Fact, value: boolean, stated: boolean | undefined): number {
  const rate = value ? fact.statedIfTrue : fact.statedIfFalse;
  if (stated === undefined) return 1 - rate;
  return stated === value ? rate : 0;
}

/** P(fact true | what the text says of it). */
export function factPosterior(fact: Fact, stated: boolean | undefined): number {
  const ifTrue = fact.rate * statementProbability(fact, true, stated);
  const ifFalse = (1 - fact.rate) * statementProbability(fact, false, stated);
  return ifTrue / (ifTrue + ifFalse);
}

export const statedValue = (statements: readonly FactStatement[], fact: number): boolean | undefined =>
  statements.find((statement) => statement.fact === fact)?.value;

/** One joint value of the facts that drugs depend on. */
export type FactValues = ReadonlyMap<number, boolean>;

/** Every joint value of the given facts; the first fact varies fastest. */
export function jointFacts(facts: readonly number[]): FactValues[] {
  return Array.from({ length: 2 ** facts.length }, (_, bits) => new Map(facts.map((fact, at) => [fact, Boolean((bits >> at) & 1)])));
}

/** Indices of the facts of a scope that some drug group depends on. */
export function drugFacts(world: World, scope: Fact['scope']): number[] {
  const used = new Set(world.drugGroups.flatMap(({ unless }) => unless?.fact ?? []));
  return [...used].filter((fact) => world.facts[fact]!.scope === scope).sort((a, b) => a - b);
}

export const factPrior = (world: World, values: FactValues): number =>
  [...values].reduce((product, [fact, value]) => product * (value ? world.facts[fact]!.rate : 1 - world.facts[fact]!.rate), 1);

/** P(what the text says of these facts | their values). */
export const statementsLikelihood = (world: World, values: FactValues, statements: readonly FactStatement[]): number =>
  [...values].reduce((product, [fact, value]) => product * statementProbability(world.facts[fact]!, value, statedValue(statements, fact)), 1);

/** The drugs of a group, given the facts. */
export const choiceOf = ({ usual, unless }: DrugGroup, isTrue: (fact: number) => boolean): Choice =>
  unless && isTrue(unless.fact) ? unless.instead : usual;

/** P(this drug of the group | given at all, facts). */
export const choiceProbability = (group: DrugGroup, drug: Drug, isTrue: (fact: number) => boolean): number =>
  choiceOf(group, isTrue).reduce((sum, [candidate, weight]) => (candidate.atc === drug.atc ? sum + weight : sum), 0);
