/** The style of the page of explained notes: which marks show follows from the radio button that is chosen. */

const layout = `
.reading { margin-top: 1rem; font-size: .9375rem; }
.notes { columns: 14rem; margin: 1.5rem 0 0; padding-left: 1.75rem; font-size: .875rem; overflow-wrap: anywhere; }
a { color: var(--hue-1); }
.explained { display: grid; grid-template-columns: minmax(0, 24rem) minmax(0, 1fr); gap: 2rem; align-items: start; }
.codes { position: sticky; top: 1rem; max-height: calc(100vh - 2rem); overflow-y: auto; margin: 0; padding: 0 .75rem .75rem; border: 1px solid var(--rule); border-radius: 4px; min-width: 0; }
.codes legend { padding: 0 .35rem; color: var(--muted); font-size: .8125rem; }
.code { padding: .5rem 0; border-top: 1px solid var(--grid); font-size: .875rem; }
.choice { display: flex; gap: .5rem; align-items: baseline; padding: .25rem 0; cursor: pointer; font-size: .875rem; line-height: 1.35; }
.choice input { flex: none; margin: 0; accent-color: var(--hue-1); }
.choice span:nth-of-type(1) { flex: 1; }
.code:hover, .code:has(:checked) { background: var(--shade); }
.code p, .quotes { margin: 0; padding: 0 0 0 1.5rem; color: var(--muted); font-size: .8125rem; }
.place span + span::before { content: "› "; }
.place span { margin-right: .3rem; }
.place i { font-style: normal; }
.quotes { list-style: none; overflow-wrap: anywhere; }
.quotes a { color: var(--ink); text-decoration-color: var(--rule); }
.quotes .share { white-space: nowrap; }
.quotes.marked a, .reading .g { text-decoration: underline 2px var(--hue-3); text-underline-offset: 3px; }
.note-text { position: sticky; top: 1rem; max-width: 48rem; white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.75; }
mark { background: none; color: inherit; border-radius: 2px; }
mark.e { background: color-mix(in srgb, var(--hue-1) 18%, transparent); }
mark.g { text-decoration: underline 2px var(--hue-3); text-underline-offset: 3px; }
.explained:has(.pick:checked) mark { background: none; text-decoration: none; }
mark:target { outline: 2px solid var(--hue-2); outline-offset: 2px; }
@media screen and (max-width: 52rem) {
  .explained { grid-template-columns: minmax(0, 1fr); gap: 1rem; }
  .codes, .note-text { position: static; }
  .codes { max-height: 22rem; }
}
@media print {
  mark, .reading .g { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .explained { grid-template-columns: minmax(0, 1fr) minmax(0, 2fr); gap: 1rem; }
  .codes, .note-text { position: static; }
  .codes { max-height: none; border: 0; padding: 0; }
  .code { break-inside: avoid; }
}
`;

/** What shows when code `c` is chosen, or pointed at. */
function rulesOf(c: number): string {
  const when = (what: string): string => `.explained:has(.pick-${c}:checked) ${what}, .explained:has(.code-${c}:hover) ${what}`;
  return `${when(`mark.c${c}`)} { background: color-mix(in srgb, var(--hue-1) var(--w${c}), transparent); }
${when(`mark.g${c}`)} { text-decoration: underline 2px var(--hue-3); text-underline-offset: 3px; }
`;
}

/** @param codes most codes of a note */
export const explanationStyle = (codes: number): string => layout + Array.from({ length: codes }, (_, c) => rulesOf(c)).join('');
