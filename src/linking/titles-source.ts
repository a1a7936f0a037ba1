/** The titles whose words, translated where need be, are most like the mention's. */
import type { CandidateSource } from './mention.js';
import { createTitleMatcher, type TitleMatcherOptions } from './title-matcher.js';

export function titlesSource(options: TitleMatcherOptions): CandidateSource {
  const match = createTitleMatcher(options);
  return {
    step: 'titles',
    find: async (mentions, k) => mentions.map(({ text }) => match(text, k).map(({ code, score }) => ({ code, score, step: 'titles', surface: options.titles.get(code)! }))),
  };
}
