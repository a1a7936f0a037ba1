/** What went wrong, beside what it is about; and what a screen reader is told. */
import { announcement } from '../announcements.js';
import type { Failure } from '../client.js';
import { byId, element, setAttribute } from '../dom.js';
import type { View } from '../store.js';

/** @param again asks once more for what failed */
export function messagesView(again: () => void): View {
  const region = byId('failure', HTMLElement);
  const status = byId('status', HTMLElement);
  return (state, before) => {
    const said = before && announcement(state, before);
    if (said !== undefined) status.textContent = said;
    if (state.request === before?.request) return;
    const { request } = state;
    const failure = request.is === 'failed' ? request.failure : undefined;
    const waiting = request.is === 'waiting' && element('p', { class: 'waiting' }, `The server is busy; trying again in ${Math.ceil(request.seconds)} s.`);
    region.replaceChildren(...(failure ? failureLines(failure, again) : waiting ? [waiting] : []));
    byId('key-form', HTMLFormElement).hidden = failure?.kind !== 'key';
    markFields(failure);
  };
}

function failureLines({ kind, message }: Failure, again: () => void): HTMLElement[] {
  const line = element('p', {}, message);
  if (kind === 'input' || kind === 'key') return [line];
  const button = element('button', { type: 'button' }, 'Try again');
  button.addEventListener('click', again);
  return [line, button];
}

/** The server names the field by its JSON pointer. */
function markFields(failure: Failure | undefined): void {
  const named = failure?.kind === 'input' ? failure.message : '';
  mark(byId('note', HTMLTextAreaElement), /\/text\b/.test(named));
  mark(byId('given-code', HTMLInputElement), /\/codes\b/.test(named));
}

function mark(field: HTMLElement, wrong: boolean): void {
  setAttribute(field, 'aria-invalid', wrong && 'true');
  setAttribute(field, 'aria-describedby', wrong && 'failure');
}
