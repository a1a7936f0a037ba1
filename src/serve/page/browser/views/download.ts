/** The download buttons: a file made in the browser, sent nowhere. */
import type { ModelCard } from '../card.js';
import { byId } from '../dom.js';
import { fileName, resultOf, toCsv, toJson, type Result } from '../result.js';
import type { Review, State } from '../state.js';
import type { Store } from '../store.js';

const FORMATS = {
  json: { type: 'application/json', write: toJson },
  csv: { type: 'text/csv', write: toCsv },
} as const;

/** Also warns before decisions are lost that were not downloaded. */
export function listenToDownloads(store: Store, card: () => ModelCard | undefined): void {
  let saved: Review['decisions'] | undefined;
  const download = (ending: keyof typeof FORMATS): void => {
    const { review, threshold } = store.state();
    if (!review) return;
    const writtenAt = new Date().toISOString();
    const includeText = byId('include-text', HTMLInputElement).checked;
    saveResult(resultOf({ review, threshold }, { card: card(), writtenAt, includeText }), ending);
    saved = review.decisions;
  };
  byId('download-json', HTMLButtonElement).addEventListener('click', () => download('json'));
  byId('download-csv', HTMLButtonElement).addEventListener('click', () => download('csv'));
  window.addEventListener('beforeunload', (event) => {
    if (hasDecisions(store.state()) && store.state().review?.decisions !== saved) event.preventDefault();
  });
}

const hasDecisions = ({ review }: State): boolean => Object.keys(review?.decisions ?? {}).length > 0;

function saveResult(result: Result, ending: keyof typeof FORMATS): void {
  const { type, write } = FORMATS[ending];
  const address = URL.createObjectURL(new Blob([write(result)], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName(result.record.id ?? '', result.written_at, ending);
  link.click();
  // The browser may begin to read only after the click.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
