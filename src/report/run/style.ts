/** The style of the page of runs, beside that of every page. */

export const runReportStyle = `
body { max-width: 72rem; }
.notice + .notice { margin-top: .5rem; }
.notice.closed { border-left-color: var(--hue-2); font-size: 1rem; }
.contents { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 1.5rem 0 0; padding: 0; list-style: none; font-size: .875rem; }
.facts.verdict { margin: 1.75rem 0 0; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); }
.verdict dt span { display: block; font-size: .75rem; opacity: .8; }
.verdict dd { font-size: 1.5rem; font-weight: 650; line-height: 1.3; }
.verdict small { display: block; color: var(--muted); font-size: .8125rem; font-weight: 400; }
.range { color: var(--muted); font-size: .8125rem; }
strong .range { color: inherit; }
.kept { margin-left: .35rem; color: var(--muted); font-weight: 400; font-variant-numeric: tabular-nums; }
.panels.four { grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); }
#figures table { min-width: min(100%, 36rem); }
.codes { max-height: 36rem; }
.panels.two { grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); }
.panels.two .plot { max-width: 30rem; }
.panels.tables { align-items: start; margin-bottom: 2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); }
.panels.tables table, .panels > div { min-width: 0; }
.panels.tables th:first-child { min-width: 0; }
.panels.tables caption { width: auto; }
.described { margin: .25rem 0 0; max-width: 20rem; color: var(--muted); font-size: .8125rem; }
.group { margin: 2rem 0 .75rem; font-size: 1rem; }
.after { margin-top: 1rem; }
p.prose { padding: 0; }
.example-intro { margin-bottom: 0; }
.key.across { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; }
figure + .scroll { margin-top: 1.75rem; }
td.text { white-space: normal; }
.labels td.text { min-width: 14rem; max-width: 26rem; color: var(--muted); }
.labels th:first-child { min-width: 5.5rem; }
.labels thead th { position: sticky; top: 0; background: var(--paper); }
.labels .scroll { max-height: 42rem; overflow: auto; }
.labels table { min-width: 100%; }
.labels thead button { padding: 0; border: 0; background: none; color: inherit; font: inherit; cursor: pointer; }
.labels thead button:hover { color: var(--hue-1); }
.labels thead button::after { content: "↕"; margin-left: .2rem; opacity: .35; }
.labels [aria-sort] button { color: var(--ink); font-weight: 600; }
.labels [aria-sort="ascending"] button::after { content: "↑"; opacity: 1; }
.labels [aria-sort="descending"] button::after { content: "↓"; opacity: 1; }
.tools { display: flex; flex-wrap: wrap; align-items: baseline; gap: .4rem .8rem; margin: 0 0 .75rem; font-size: .875rem; }
.tools[hidden], .tools [hidden] { display: none; }
.tools input { min-width: 14rem; padding: .3rem .5rem; border: 1px solid var(--rule); border-radius: 4px; background: var(--paper); color: inherit; font: inherit; }
.tools button { padding: .3rem .7rem; border: 1px solid var(--rule); border-radius: 4px; background: var(--shade); color: inherit; font: inherit; cursor: pointer; }
.tools .shown { color: var(--muted); }
summary { cursor: pointer; padding: .35rem 0; font-weight: 600; font-size: .9375rem; }
details pre { margin: .5rem 0; max-height: 24rem; overflow: auto; }
.described-run { display: grid; gap: .25rem; margin: 0 0 .5rem; font-size: .9375rem; }
.described-run div { display: grid; grid-template-columns: minmax(8rem, 14rem) 1fr; gap: 1rem; }
.described-run dt { color: var(--muted); }
.described-run dd { margin: 0; overflow-wrap: anywhere; }
@media screen and (max-width: 52rem) {
  .described-run div { grid-template-columns: 1fr; gap: 0; }
  .labels .scroll tbody th { position: static; }
  .panels .plot { max-width: 100%; }
}
@media print {
  .contents, .tools, .labels thead button::after { display: none; }
  .labels .scroll, .codes { max-height: none; overflow: visible; }
  .labels thead th { position: static; }
  .labels table { break-inside: auto; font-size: 8pt; }
  .labels tr, .panels > div { break-inside: avoid; }
  thead { display: table-header-group; break-inside: avoid; }
  .labels td.text { min-width: 0; }
  details:not([open]) { display: none; }
  figure { break-inside: auto; }
  a { color: inherit; text-decoration: none; }
}
`;
