/** The style sheet of every page: light, dark, print and narrow screens; plots take their colours from its variables. */

/** Colours alone, for pictures that stand by themselves too. */
export const palette = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1c2024; --muted: #59616a; --rule: #d5d9dd; --grid: #e6e9ec; --shade: #f4f6f7;
  --hue-1: #0b5cad; --hue-2: #b3470b; --hue-3: #17734a; --hue-4: #7a3fa0;
  --reference: #676e76; --ceiling: #1c2024;
  --warn: #8a5a00; --warn-shade: #fdf6e6;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #14171a; --ink: #e6e8ea; --muted: #a4acb4; --rule: #363c43; --grid: #272c31; --shade: #1d2125;
    --hue-1: #6fb1ff; --hue-2: #ff9d5c; --hue-3: #5fcf97; --hue-4: #cb9df4;
    --reference: #8f979f; --ceiling: #e6e8ea;
    --warn: #e9b44c; --warn-shade: #2a2416;
  }
}
`;

export const stylesheet = `${palette}* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 3rem 1.5rem 4rem; max-width: 64rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
}
.wide { max-width: 112rem; }
.wide td.text, .wide th.text { max-width: 15rem; white-space: normal; }
.wide caption { max-width: 60rem; }
h1 { margin: 0; font-size: 2rem; line-height: 1.2; font-weight: 650; letter-spacing: -0.015em; }
h2 { margin: 0 0 1rem; padding-top: 1rem; border-top: 1px solid var(--rule); font-size: 1.25rem; line-height: 1.3; font-weight: 650; }
h3 { margin: 0 0 .25rem; font-size: .9375rem; font-weight: 600; }
section { margin-top: 3rem; }
.product { margin: 0 0 .5rem; color: var(--muted); font-size: .875rem; font-weight: 600; letter-spacing: .02em; }
.summary { max-width: 44rem; margin: 1rem 0 1.5rem; font-size: 1.125rem; }
.notice { max-width: 44rem; margin: 0; padding: .75rem 1rem; border-left: 4px solid var(--warn); background: var(--warn-shade); font-size: .9375rem; }
.prose { max-width: 44rem; margin: 0; padding-left: 1.2rem; }
.prose li + li { margin-top: .5rem; }
.absent { color: var(--muted); }

figure { margin: 0; }
figcaption { max-width: 44rem; margin-top: .75rem; color: var(--muted); font-size: .875rem; }
.plot { display: block; max-width: 100%; height: auto; font-family: inherit; font-variant-numeric: tabular-nums; }
.plot text { white-space: pre; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: 1.5rem; }
.panels .plot { width: 100%; max-width: 21rem; }
figure > .wide { display: block; }
figure > .narrow { display: none; }
.key { margin: .75rem 0 0; padding: 0; list-style: none; font-size: .875rem; }
.key .swatch { display: inline-block; width: 1.75rem; margin-right: .6rem; vertical-align: middle; }

.scroll { overflow-x: auto; }
table { min-width: min(100%, 36rem); border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
#figures table { min-width: 100%; }
caption { padding-bottom: .75rem; color: var(--muted); font-size: .875rem; text-align: left; }
th, td { padding: .4rem .5rem; text-align: left; vertical-align: baseline; font-weight: 400; }
th:first-child { padding-left: 0; min-width: 12.5rem; }
td { white-space: nowrap; }
td:last-child, thead th:last-child { padding-right: 0; }
thead th { border-bottom: 1px solid var(--ink); color: var(--muted); font-size: .8125rem; white-space: nowrap; vertical-align: bottom; }
tbody + tbody tr:first-child > * { border-top: 1px solid var(--rule); }
tbody:last-child { border-bottom: 1px solid var(--rule); }
tbody tr + tr > * { padding-top: .2rem; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.reference { color: var(--muted); }
.emphasised > * { font-weight: 700; }

.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); gap: 1rem 1.5rem; margin: 0 0 2rem; }
.facts dt { color: var(--muted); font-size: .8125rem; }
.facts dd { margin: 0; font-size: 1.125rem; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }

.commands { margin: 0; padding: 0; list-style: none; }
.commands li + li { margin-top: 1.25rem; }
.commands p { margin: 0 0 .35rem; }
pre { margin: 0; padding: .65rem .85rem; overflow-x: auto; border: 1px solid var(--rule); border-radius: 4px; background: var(--shade); }
pre code { user-select: all; }
code { font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
:focus-visible { outline: 2px solid var(--hue-1); outline-offset: 2px; }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--rule); color: var(--muted); font-size: .8125rem; }
footer p { margin: 0; }

@media screen and (max-width: 52rem) {
  body { padding: 1.5rem 1rem 3rem; }
  h1 { font-size: 1.625rem; }
  .summary { font-size: 1.0625rem; }
  figure > .wide { display: none; }
  figure > .narrow { display: block; }
  .narrow .plot { width: 100%; max-width: 26rem; }
  .facts { grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr)); }
  th:first-child { min-width: 8.5rem; }
  caption { position: sticky; left: 0; width: calc(100vw - 2rem); }
  .scroll tbody th { position: sticky; left: 0; background: var(--paper); }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  section { margin-top: 1.5rem; }
  figure, table, .commands li { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  .scroll { overflow: visible; }
}
`;
