/** The form: the note being written, the codes given with it, and the examples. */
import type { ModelCard } from '../card.js';
import { keyOf, readableSystems, systemName, typedCodes, type SystemChoice } from '../codes.js';
import type { Example } from '../contract.js';
import { around, byId, element, setAttribute } from '../dom.js';
import { emptyDraft } from '../state.js';
import type { Store, View } from '../store.js';

export interface FormView {
  view: View;
  showCard(card: ModelCard): void;
  showExamples(examples: readonly Example[]): void;
  focus(): void;
}

/** @param code has the draft coded, or stops that */
export function createFormView(store: Store, code: () => void): FormView {
  const note = byId('note', HTMLTextAreaElement);
  const id = byId('record-id', HTMLInputElement);
  const examples = byId('examples', HTMLSelectElement);
  const focus = (): void => (note.hidden ? byId('given-code', HTMLInputElement) : note).focus();
  note.addEventListener('input', () => store.dispatch({ type: 'write', draft: { text: note.value } }));
  id.addEventListener('input', () => store.dispatch({ type: 'write', draft: { id: id.value } }));
  byId('form', HTMLFormElement).addEventListener('submit', (event) => (event.preventDefault(), code()));
  byId('new', HTMLButtonElement).addEventListener('click', () => (store.dispatch({ type: 'open', draft: emptyDraft }), focus()));
  byId('edit', HTMLButtonElement).addEventListener('click', () => (store.dispatch({ type: 'edit' }), focus()));
  listenToCodes(store);
  return { view: formView(note, id), showCard, showExamples: (shown) => showExamples(examples, shown, store, focus), focus };
}

function formView(note: HTMLTextAreaElement, id: HTMLInputElement): View {
  const chips = byId('chips', HTMLUListElement);
  return (state, before) => {
    const { draft, writing, request } = state;
    // Setting an equal value would move the caret.
    if (note.value !== draft.text) note.value = draft.text;
    if (id.value !== draft.id) id.value = draft.id;
    if (draft.codes !== before?.draft.codes) chips.replaceChildren(...draft.codes.map(chip));
    byId('form', HTMLFormElement).hidden = !writing;
    byId('reading', HTMLElement).hidden = writing;
    byId('edit', HTMLButtonElement).hidden = writing;
    const busy = request.is === 'coding' || request.is === 'waiting';
    const submit = byId('submit', HTMLButtonElement);
    submit.textContent = busy ? 'Cancel' : state.decides ? 'Find codes' : 'Predict';
    submit.classList.toggle('busy', busy);
    setAttribute(byId('record', HTMLElement), 'aria-busy', busy && 'true');
  };
}

function showCard({ inputs }: ModelCard): void {
  const reads = inputs.includes('text');
  byId('note', HTMLTextAreaElement).hidden = !reads;
  setSystems(byId('given-system', HTMLSelectElement), readableSystems(inputs));
  byId('given', HTMLFieldSetElement).hidden = readableSystems(inputs).length === 0;
  describeCode(byId('given-system', HTMLSelectElement), readableSystems(inputs));
}

export const setSystems = (select: HTMLSelectElement, choices: readonly SystemChoice[]): void =>
  select.replaceChildren(...choices.map(({ system, name }) => element('option', { value: system }, name)));

/** The field shows how codes of the chosen system are written. */
function describeCode(select: HTMLSelectElement, choices: readonly SystemChoice[]): void {
  const describe = (): void => {
    const example = choices.find(({ system }) => system === select.value)?.example;
    byId('given-code', HTMLInputElement).placeholder = example ? `such as ${example}` : '';
  };
  select.addEventListener('change', describe);
  describe();
}

function showExamples(select: HTMLSelectElement, examples: readonly Example[], store: Store, focus: () => void): void {
  select.hidden = examples.length === 0;
  select.replaceChildren(element('option', { value: '' }, 'Open an example …'), ...examples.map(({ name }, n) => element('option', { value: n }, name)));
  select.addEventListener('change', () => {
    const example = examples[Number(select.value)];
    if (select.value === '' || !example) return;
    select.value = '';
    store.dispatch({ type: 'open', draft: { id: example.name, text: example.text, codes: example.codes } });
    focus();
    toStart(byId('note', HTMLTextAreaElement));
  });
}

function toStart(note: HTMLTextAreaElement): void {
  note.setSelectionRange(0, 0);
  note.scrollTop = 0;
}

function chip(code: { system: string; code: string }): HTMLLIElement {
  const label = `${systemName(code.system)} ${code.code}`;
  return element('li', {}, label, ' ', element('button', { type: 'button', 'data-withdraw': keyOf(code), 'aria-label': `Remove ${label}` }, '×'));
}

function listenToCodes(store: Store): void {
  const typed = byId('given-code', HTMLInputElement);
  const give = (): void => {
    const system = byId('given-system', HTMLSelectElement).value;
    store.dispatch({ type: 'give', codes: typedCodes(typed.value).map((code) => ({ system, code })) });
    typed.value = '';
    typed.focus();
  };
  byId('give', HTMLButtonElement).addEventListener('click', give);
  typed.addEventListener('keydown', (event) => {
    // Without this, Enter would send the form; Ctrl + Enter still does.
    if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (typed.value.trim()) give();
  });
  byId('chips', HTMLUListElement).addEventListener('click', (event) => {
    const key = around(event, '[data-withdraw]')?.dataset['withdraw'];
    if (key === undefined) return;
    store.dispatch({ type: 'withdraw', key });
    typed.focus();
  });
}
