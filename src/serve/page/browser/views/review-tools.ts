/** What stands around the list of codes: progress, undo, the threshold, remarks, adding a code, downloads. */
import { predictsCodes, type ModelCard } from '../card.js';
import { choicesOf, typedCodes } from '../codes.js';
import { byId, element, percent } from '../dom.js';
import { listed, progressOf, restingThreshold, spellProgress } from '../listing.js';
import { isStale, type Review, type State } from '../state.js';
import type { Store, View } from '../store.js';
import { setSystems } from './form-view.js';

export interface ReviewTools {
  view: View;
  showCard(card: ModelCard): void;
}

/** @param onAdded told of a code that was added by hand */
export function createReviewTools(store: Store, onAdded: () => void): ReviewTools {
  byId('undo', HTMLButtonElement).addEventListener('click', () => store.dispatch({ type: 'undo' }));
  const slider = byId('threshold', HTMLInputElement);
  slider.addEventListener('input', () => store.dispatch({ type: 'threshold', value: slider.valueAsNumber }));
  byId('threshold-reset', HTMLButtonElement).addEventListener('click', () => (store.dispatch({ type: 'threshold' }), slider.focus()));
  listenToAdding(store, onAdded);
  return { view, showCard };
}

const view: View = (state, before) => {
  const { review } = state;
  byId('undo', HTMLButtonElement).disabled = state.past.length === 0;
  if (before && review === before.review && state.threshold === before.threshold && state.draft === before.draft) return;
  byId('invitation', HTMLElement).hidden = review !== undefined;
  byId('tools', HTMLElement).hidden = review === undefined;
  byId('outcome', HTMLElement).hidden = review === undefined;
  byId('progress', HTMLElement).textContent = review && state.decides ? spellProgress(progressOf(listed(state))) : '';
  if (!review) return;
  showThreshold(state, review);
  byId('remarks', HTMLElement).replaceChildren(...remarks(state, review).map((remark) => element('span', {}, remark)));
};

function showThreshold({ threshold }: State, review: Review): void {
  const slider = byId('threshold', HTMLInputElement);
  slider.value = String(threshold ?? restingThreshold(review.codes));
  const spelled = threshold === undefined ? 'the model’s own' : percent(threshold);
  slider.setAttribute('aria-valuetext', spelled);
  byId('threshold-value', HTMLOutputElement).value = spelled;
  byId('threshold-reset', HTMLButtonElement).hidden = threshold === undefined;
}

function remarks(state: State, { truncated, unknown }: Review): string[] {
  return [
    isStale(state) ? 'The note has changed since: find codes again. What you decided is kept.' : '',
    truncated ? 'The note is longer than what the model reads: its end was not read.' : '',
    unknown.length ? `Not read, as the model does not know them: ${unknown.join(', ')}.` : '',
    listed(state).some(({ counts }) => counts) ? '' : state.decides ? 'No code is above the threshold.' : 'The probability is below the model’s threshold.',
  ].filter(Boolean);
}

function showCard(card: ModelCard): void {
  const codes = predictsCodes(card);
  setSystems(byId('add-system', HTMLSelectElement), choicesOf(card.systems));
  byId('codes', HTMLElement).classList.toggle('one', !codes);
  byId('add', HTMLFormElement).hidden = !codes;
  byId('threshold-line', HTMLElement).hidden = !codes;
  byId('codes-heading', HTMLElement).textContent = codes ? 'Codes' : 'Probability';
}

function listenToAdding(store: Store, onAdded: () => void): void {
  const [typed, title] = [byId('add-code', HTMLInputElement), byId('add-title', HTMLInputElement)];
  byId('add', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const code = typedCodes(typed.value)[0];
    if (code === undefined) return typed.focus();
    store.dispatch({ type: 'add', code: { system: byId('add-system', HTMLSelectElement).value, code }, title: title.value.trim() || undefined });
    typed.value = title.value = '';
    onAdded();
  });
}
