/** Starts the page: gets the model's card and the examples, and ties what is shown to what happens. */
import { predictsCodes, readsHistory, type ModelCard } from './card.js';
import { createClient, type Failure } from './client.js';
import { code as codeRecord, waitFor } from './coding.js';
import type { Example } from './contract.js';
import { byId } from './dom.js';
import { listenToKeys } from './keyboard.js';
import { listed } from './listing.js';
import { initialState } from './state.js';
import { createStore } from './store.js';
import { showModelCard } from './views/card-view.js';
import { createCodeList } from './views/code-list.js';
import { listenToDownloads } from './views/download.js';
import { createFormView } from './views/form-view.js';
import { messagesView } from './views/messages.js';
import { createNoteView } from './views/note-view.js';
import { createReviewTools } from './views/review-tools.js';

function start(): void {
  const store = createStore(initialState);
  const client = createClient(fetch.bind(window));
  let card: ModelCard | undefined;
  let coding: AbortController | undefined;
  let again: () => void = () => void load();

  const fail = (failure: Failure, retry: () => void): void => {
    again = retry;
    store.dispatch({ type: 'fail', failure });
    if (failure.kind === 'key') byId('key', HTMLInputElement).focus();
  };

  const load = async (): Promise<void> => {
    const [model, examples] = await Promise.all([client.get<ModelCard>('/v1/model'), client.get<readonly Example[]>('/v1/examples')]);
    if (!model.ok) return fail(model.failure, () => void load());
    store.dispatch({ type: 'cancel' });
    card = model.value;
    showModelCard(card);
    store.dispatch({ type: 'model', decides: predictsCodes(card) });
    form.showCard(card);
    tools.showCard(card);
    form.showExamples(examples.ok ? examples.value : []);
  };

  const code = async (): Promise<void> => {
    if (coding) return coding.abort();
    const record = store.state().draft;
    coding = new AbortController();
    store.dispatch({ type: 'code' });
    const onWait = (seconds: number): void => store.dispatch({ type: 'wait', seconds });
    const past = card !== undefined && readsHistory(card);
    const answer = await codeRecord(record, { client, evidence: hasEvidence(), past, signal: coding.signal, onWait, wait: waitFor });
    const cancelled = coding.signal.aborted;
    coding = undefined;
    if (cancelled) return store.dispatch({ type: 'cancel' });
    if (!answer.ok) return fail(answer.failure, () => void code());
    store.dispatch({ type: 'coded', record, answer: answer.value, at: new Date().toISOString() });
    list.focus(listed(store.state())[0]?.key ?? '');
  };

  const hasEvidence = (): boolean => card?.explains !== false;
  const note = createNoteView(store, (key) => list.focus(key));
  const list = createCodeList(store, note, hasEvidence);
  const form = createFormView(store, () => void code());
  const tools = createReviewTools(store, () => list.focus(store.state().selected ?? ''));
  for (const { view } of [form, note, list, tools]) store.show(view);
  store.show(messagesView(() => again()));
  listenToDownloads(store, () => card);
  // A key that is held down must not stop what it has begun.
  listenToKeys({ store, list, note, code: () => void (coding ?? code()) });
  byId('key-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const field = byId('key', HTMLInputElement);
    client.setKey(field.value.trim());
    field.value = '';
    again();
  });
  void load();
}

start();
