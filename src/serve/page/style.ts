/** The page's style sheet: a note and its codes side by side, one above the other on narrow screens; colours are those of the reports. */
import { palette } from '../../report/stylesheet.js';
import { listStyle } from './style-list.js';

const base = `
:root { --control: color-mix(in srgb, var(--muted) 75%, var(--paper)); --chosen: color-mix(in srgb, var(--hue-1) 9%, var(--paper)); }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scrollbar-color: var(--control) transparent; }
body {
  display: grid; grid-template-rows: auto minmax(30rem, 1fr); height: 100dvh; margin: 0;
  background: var(--paper); color: var(--ink);
  font: .9375rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
}
h1, h2, p, dl, ul, ol { margin: 0; }
ul, ol { padding: 0; list-style: none; }
.hidden { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: 1rem; top: -4rem; z-index: 3; padding: .5rem .75rem; border-radius: 4px; background: var(--ink); color: var(--paper); }
.skip:focus { top: .5rem; }
.icons { position: absolute; }
:focus-visible { outline: 2px solid var(--hue-1); outline-offset: 2px; }
.hint { color: var(--muted); font-size: .8125rem; }
.grow { flex: 1; }
kbd { padding: .05rem .3rem; border: 1px solid var(--rule); border-radius: 3px; background: var(--shade); font: .75rem/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
`;

const controls = `
button, input, select, textarea { font: inherit; color: inherit; }
button, input:not([type]), input[type="password"], select { min-height: 2.125rem; padding: .25rem .625rem; border: 1px solid var(--control); border-radius: 4px; background: var(--paper); font-size: .875rem; }
button { cursor: pointer; font-weight: 550; white-space: nowrap; }
button:hover:not(:disabled) { background: var(--shade); }
button:disabled { border-color: var(--rule); color: var(--muted); cursor: default; }
button.main { border-color: var(--hue-1); color: var(--hue-1); }
#submit:not(.busy) { background: var(--hue-1); color: var(--paper); }
#submit:not(.busy):hover { background: color-mix(in srgb, var(--hue-1) 88%, var(--ink)); }
input[type="range"], input[type="checkbox"] { accent-color: var(--hue-1); }
input[type="range"] { width: 9rem; margin: 0; }
::placeholder { color: var(--muted); opacity: 1; }
[aria-invalid="true"] { border-color: var(--hue-2) !important; box-shadow: 0 0 0 1px var(--hue-2); }
.line { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
.line > input.grow { min-width: 8rem; }
.check { display: inline-flex; gap: .4rem; align-items: center; font-size: .875rem; }
`;

const top = `
.top { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: .25rem 1.5rem; align-items: baseline; padding: .875rem 1.5rem .75rem; border-bottom: 1px solid var(--rule); }
.heading { display: flex; gap: .625rem; align-items: baseline; }
.product { color: var(--muted); font-size: .875rem; font-weight: 600; letter-spacing: .02em; }
h1 { font-size: 1.25rem; line-height: 1.3; font-weight: 650; letter-spacing: -.01em; }
.about { color: var(--muted); font-size: .875rem; }
.notice { grid-column: 1 / -1; margin-top: .25rem; padding: .3rem .75rem; border-left: 4px solid var(--warn); background: var(--warn-shade); font-size: .8125rem; }
.card { position: relative; font-size: .875rem; }
.card summary { cursor: pointer; font-weight: 550; white-space: nowrap; }
.card dl { position: absolute; right: 0; z-index: 2; width: min(28rem, calc(100vw - 2rem)); margin-top: .5rem; padding: .5rem 1rem; border: 1px solid var(--control); border-radius: 6px; background: var(--paper); box-shadow: 0 8px 24px rgb(0 0 0 / .16); }
.card dl div { display: grid; grid-template-columns: 5rem minmax(0, 1fr); gap: .75rem; padding: .375rem 0; }
.card dl div + div { border-top: 1px solid var(--grid); }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
`;

const panes = `
main { display: grid; grid-template-columns: minmax(0, 11fr) minmax(0, 10fr); min-height: 0; }
.pane { display: flex; flex-direction: column; gap: .75rem; min-width: 0; min-height: 0; padding: .875rem 1.5rem 1rem; }
.pane + .pane { border-left: 1px solid var(--rule); }
.pane:focus { outline: none; }
.pane:focus-visible { outline: 2px solid var(--hue-1); outline-offset: -2px; }
.bar { display: flex; gap: .5rem; align-items: center; min-height: 2.125rem; }
.bar select { flex: 0 1 auto; min-width: 0; max-width: 24rem; text-overflow: ellipsis; }
.bar h2 { flex: 1; font-size: 1.0625rem; font-weight: 650; }
#key { margin-left: .375rem; }
#form { display: flex; flex: 1; flex-direction: column; gap: .75rem; min-height: 0; }
textarea { flex: 1; min-height: 12rem; width: 100%; padding: .75rem .875rem; border: 1px solid var(--control); border-radius: 4px; background: var(--paper); line-height: 1.65; resize: none; }
fieldset { display: flex; flex-wrap: wrap; gap: .5rem; margin: 0; padding: 0; border: 0; min-width: 0; }
legend { margin-bottom: .25rem; padding: 0; color: var(--muted); font-size: .8125rem; }
.chips { display: flex; flex-wrap: wrap; gap: .375rem; max-height: 6.5rem; overflow-y: auto; }
.chips:empty { display: none; }
.chips li { display: inline-flex; align-items: center; padding-left: .625rem; border: 1px solid var(--rule); border-radius: 1rem; background: var(--shade); font-size: .8125rem; }
.chips button { min-width: 1.75rem; min-height: 1.75rem; padding: 0; border: 0; border-radius: 1rem; background: none; color: var(--muted); font-size: 1rem; line-height: 1; }
.submit input { flex: 0 1 auto; min-width: 0; color: var(--ink); }
.submit label { display: flex; min-width: 0; gap: .5rem; align-items: center; justify-content: flex-end; color: var(--muted); font-size: .8125rem; }
.failure:empty { display: none; }
.failure { display: flex; gap: .75rem; align-items: center; padding: .5rem .75rem; border-left: 4px solid var(--hue-2); background: color-mix(in srgb, var(--hue-2) 9%, var(--paper)); font-size: .875rem; }
.failure:has(.waiting) { border-color: var(--warn); background: var(--warn-shade); }
.failure p { flex: 1; overflow-wrap: anywhere; }
.reading { display: flex; flex: 1; flex-direction: column; gap: .5rem; min-height: 0; }
.place { flex: none; height: 3.5rem; overflow-y: auto; padding: .375rem .75rem; border-radius: 4px; background: var(--shade); color: var(--muted); font-size: .8125rem; }
.rests { margin-right: 1rem; color: var(--ink); }
.share { color: var(--muted); font-variant-numeric: tabular-nums; white-space: nowrap; }
.text { flex: 1; min-height: 0; overflow-y: auto; padding: .25rem .25rem 2rem; line-height: 1.75; white-space: pre-wrap; overflow-wrap: anywhere; }
mark { border-radius: 2px; background: none; color: inherit; -webkit-box-decoration-break: clone; box-decoration-break: clone; }
mark.tinted { background: color-mix(in srgb, var(--hue-1) var(--tint), transparent); cursor: pointer; }
mark.here { outline: 2px solid var(--hue-1); outline-offset: 1px; }
`;

const media = `
@media screen and (max-width: 64rem) {
  body { display: block; height: auto; }
  .top { grid-template-columns: minmax(0, 1fr) auto; padding: .75rem 1rem; }
  .about { grid-column: 1 / -1; grid-row: 2; }
  main { display: block; }
  .pane { padding: .75rem 1rem 1rem; }
  .pane + .pane { border-left: 0; border-top: 1px solid var(--rule); }
  .scroller { overflow: visible !important; }
  textarea { min-height: 40dvh; }
  /* The note stays in sight while the codes are gone through. */
  .pane:has(> .reading:not([hidden])) { position: sticky; top: 0; z-index: 1; max-height: 40dvh; background: var(--paper); box-shadow: 0 1px 0 var(--rule); }
  .pane:has(> .reading:not([hidden])) .bar select { display: none; }
  tr.code { display: grid; grid-template-columns: minmax(0, 1fr) auto; align-items: center; }
  tr.group, tr.group th { display: block; }
  .list td.what { grid-column: 1 / -1; padding-bottom: 0; }
  .list td.score { display: flex; gap: .75rem; align-items: center; padding: .25rem .75rem; }
  .gauge { flex: 1; max-width: 10rem; margin: 0; }
  .list td.decision { padding: .25rem .75rem .375rem; }
  tr, #outcome * { scroll-margin: 42dvh 0 1rem; }
}
@media (forced-colors: active) {
  mark.tinted { text-decoration: underline 2px; }
  .fill { forced-color-adjust: none; }
}
@media (prefers-reduced-motion: no-preference) {
  mark, tr.code { transition: background-color .1s; }
}
@media print {
  body, main, .pane, .reading, .text { display: block; height: auto; overflow: visible; }
  .skip, .card, .bar button, .bar select, #form, .place, #key-form, .failure, .threshold, #outcome, .decision .buttons { display: none !important; }
  .pane { padding: .5rem 0; }
  .pane + .pane { border: 0; }
  mark.tinted, .fill { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  tr.code { break-inside: avoid; }
  tr.code[data-decision="accepted"] .decision::after { content: "accepted"; }
  tr.code[data-decision="rejected"] .decision::after { content: "rejected"; }
}
`;

export const pageStyle = `${palette}${base}${controls}${top}${panes}${listStyle}${media}`;
