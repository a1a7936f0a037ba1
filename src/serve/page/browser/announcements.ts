/** What a screen reader is told when something changed. */
import { listed, progressOf, spellProgress } from './listing.js';
import type { Review, State } from './state.js';

/** @returns undefined where nothing happened that is not heard elsewhere */
export function announcement(state: State, before: State): string | undefined {
  if (state.request !== before.request && state.request.is === 'coding') return 'Looking for codes.';
  if (state.request !== before.request && state.request.is === 'waiting') return `The server is busy. Trying again in ${Math.ceil(state.request.seconds)} seconds.`;
  if (state.review === before.review && state.threshold === before.threshold) return undefined;
  if (!state.review) return 'New note.';
  if (!state.decides) return 'The model has answered.';
  const progress = spellProgress(progressOf(listed(state)));
  if (state.past.length < before.past.length) return `Undone. ${progress}.`;
  if (state.review.codedAt !== before.review?.codedAt) return `${state.review.codes.length} codes listed. ${progress}.`;
  return [lastDecision(state.review, before.review), `${progress}.`].filter(Boolean).join(' ');
}

function lastDecision(review: Review, before: Review): string | undefined {
  const changed = Object.keys({ ...before.decisions, ...review.decisions }).find((key) => review.decisions[key] !== before.decisions[key]);
  if (changed === undefined) return undefined;
  return `${changed.slice(changed.indexOf(':') + 1)} ${review.decisions[changed] ?? 'open again'}.`;
}
