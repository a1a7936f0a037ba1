/** The part of the page's style sheet that is about the list of codes and what stands around it. */

const tools = `
.progress { color: var(--muted); font-size: .875rem; font-variant-numeric: tabular-nums; }
.invitation { margin: auto; padding: 2rem; max-width: 26rem; color: var(--muted); text-align: center; }
.invitation p + p { margin-top: .5rem; font-size: .8125rem; }
.tools { display: grid; gap: .375rem; font-size: .875rem; }
.threshold label, .threshold output { color: var(--muted); }
.threshold { min-height: 2.125rem; }
.remarks:empty { display: none; }
.remarks span { display: block; padding: .3rem .75rem; border-left: 4px solid var(--warn); background: var(--warn-shade); font-size: .8125rem; }
.scroller:not(:has(> .list:not([hidden]))) { display: none; }
.scroller { flex: 1; min-height: 0; overflow-y: auto; margin: 0 -.75rem; padding: 0 .125rem; border-top: 1px solid var(--rule); }
.outcome { display: grid; gap: .625rem; padding-top: .75rem; border-top: 1px solid var(--rule); }
.keys { display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
@media (hover: none) { .keys, #submit-hint { display: none; } }
`;

const rows = `
.list { width: 100%; border-collapse: collapse; }
.list td { padding: .5rem .5rem; vertical-align: top; }
.list td.what { padding-left: .75rem; width: 100%; }
.code { cursor: pointer; box-shadow: inset 3px 0 0 transparent; }
.code + .code { border-top: 1px solid var(--grid); }
.code:focus-visible { outline-offset: -2px; border-radius: 3px; }
.code.active { background: var(--shade); }
.code.resting { background: color-mix(in srgb, var(--hue-1) var(--resting), var(--shade)); }
.code[aria-selected="true"] { background: var(--chosen); box-shadow: inset 3px 0 0 var(--hue-1); }
.code[data-decision="rejected"] .headline { color: var(--muted); text-decoration: line-through; }
.group th { padding: 1rem .75rem .375rem; border-bottom: 1px solid var(--rule); color: var(--muted); font-size: .8125rem; font-weight: 550; text-align: left; }
#below .figure { color: var(--muted); font-weight: 400; }
#below .fill { background: var(--reference); }
.headline { line-height: 1.4; overflow-wrap: anywhere; }
.name { font: 600 .875rem/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
.headline .name { margin-right: .25rem; }
.tag { margin-left: .5rem; padding: 0 .375rem; border: 1px solid var(--rule); border-radius: 3px; color: var(--muted); font-size: .75rem; white-space: nowrap; }
.path { overflow: hidden; color: var(--muted); font-size: .8125rem; text-overflow: ellipsis; white-space: nowrap; max-width: 0; min-width: 100%; }
.code[aria-selected="true"] .path { display: none; }
.score { min-width: 5rem; text-align: right; }
.figure { display: block; font-weight: 600; line-height: 1.4; font-variant-numeric: tabular-nums; white-space: nowrap; }
.gauge { display: block; height: 5px; margin-top: .25rem; border-radius: 3px; background: var(--grid); overflow: hidden; }
.fill { display: block; width: calc(var(--share) * 100%); height: 100%; border-radius: 3px; background: var(--hue-1); }
.one .figure { font-size: 1.75rem; }
.one :is(.group, .decision, .keys, .name) { display: none; }
.one .title { display: inline-block; font-weight: 600; }
.one .title::first-letter { text-transform: uppercase; }
`;

const parts = `
.buttons { display: flex; gap: .25rem; }
.buttons button { display: grid; place-items: center; width: 2rem; min-height: 2rem; padding: 0; border-color: transparent; background: none; color: var(--muted); }
.code:is(:hover, :focus-within) .buttons button { border-color: var(--control); }
.buttons svg { width: 1rem; height: 1rem; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.buttons .accept:hover { color: var(--hue-3); }
.buttons .reject:hover { color: var(--hue-2); }
.code .buttons .accept[aria-pressed="true"] { border-color: var(--hue-3); background: var(--hue-3); color: var(--paper); }
.code .buttons .reject[aria-pressed="true"] { border-color: var(--hue-2); background: var(--hue-2); color: var(--paper); }
.tree { margin-top: .25rem; font-size: .8125rem; line-height: 1.45; color: var(--muted); }
.tree li { padding-left: calc(var(--depth) * .875rem); }
.tree li[style]:not(:first-child)::before { content: "└ "; color: var(--control); }
.tree .name { font-size: .8125rem; font-weight: 500; }
.tree [aria-current] { color: var(--ink); }
.quotes { display: grid; gap: .125rem; margin-top: .5rem; font-size: .8125rem; }
.quote { min-height: 1.5rem; padding: 0 .25rem; border: 0; border-radius: 3px; background: color-mix(in srgb, var(--hue-1) var(--tint), transparent); font-size: .8125rem; font-weight: 400; text-align: left; white-space: normal; overflow-wrap: anywhere; }
.quote:hover:not(:disabled) { background: color-mix(in srgb, var(--hue-1) var(--tint), transparent); text-decoration: underline; }
.none { margin-top: .5rem; color: var(--muted); font-size: .8125rem; }
`;

export const listStyle = tools + rows + parts;
