/** How often the right code is among the first candidates: of all mentions, and of those that training cannot have taught by heart. */
import type { Dictionary } from './dictionary.js';
import type { Candidate, Mention } from './mention.js';
import { surfaceOf } from './surface.js';

export const RANKS = [1, 5, 10] as const;

export const mentionGroups = ['all', 'surface in training', 'surface unseen', 'code unseen'] as const;
export type MentionGroup = (typeof mentionGroups)[number];

export interface Accuracy {
  mentions: number;
  /** Share of the mentions whose code is among the first 1, 5, 10; NaN without mentions. */
  at: Record<(typeof RANKS)[number], number>;
}

export type AccuracyByGroup = Record<MentionGroup, Accuracy>;

/** Over mentions with a known code. @param candidates those of each mention */
export function accuracyByGroup(mentions: readonly Mention[], candidates: readonly (readonly Candidate[])[], { surfaces, frequency }: Dictionary): AccuracyByGroup {
  const members: Record<MentionGroup, (mention: Mention) => boolean> = {
    all: () => true,
    'surface in training': ({ text }) => surfaces.has(surfaceOf(text)),
    'surface unseen': ({ text }) => !surfaces.has(surfaceOf(text)),
    'code unseen': ({ code }) => !frequency.has(code!),
  };
  const ranks = mentions.flatMap((mention, i) => (mention.code === undefined ? [] : [{ mention, rank: candidates[i]!.findIndex(({ code }) => code === mention.code) }]));
  const accuracyOf = (group: MentionGroup): Accuracy => {
    const own = ranks.filter(({ mention }) => members[group](mention));
    const within = (most: number): number => own.filter(({ rank }) => rank >= 0 && rank < most).length / own.length;
    return { mentions: own.length, at: Object.fromEntries(RANKS.map((most) => [most, within(most)])) as Accuracy['at'] };
  };
  return Object.fromEntries(mentionGroups.map((group) => [group, accuracyOf(group)])) as AccuracyByGroup;
}
