/** The page's document: every region is there from the start; the scripts of `browser/` fill them by their ids. */
import { html, toText, type Html } from '../../report/html.js';

const symbol = (id: string, path: string): Html => html`<symbol id="${id}" viewBox="0 0 16 16"><path d="${path}"/></symbol>`;

const icons = html`<svg width="0" height="0" aria-hidden="true" class="icons">
${symbol('icon-accept', 'M2.5 8.5 6.5 12.5 13.5 4')}
${symbol('icon-reject', 'M3.5 3.5 12.5 12.5 M12.5 3.5 3.5 12.5')}
</svg>`;

const header = html`<header class="top">
<div class="heading"><p class="product">medweave</p><h1 id="task">Clinical coding</h1></div>
<p id="about" class="about"></p>
<details id="card" class="card" hidden><summary>Model card</summary><dl id="card-facts"></dl></details>
<p class="notice" role="note"><strong>Not for clinical use.</strong> <span id="licence"></span></p>
</header>`;

/** `autocomplete` and `spellcheck` off: a browser must neither keep the text nor send it to a spelling service. */
const form = html`<form id="form" autocomplete="off">
<label for="note" class="hidden">Text of the note</label>
<textarea id="note" rows="18" spellcheck="false" autocomplete="off" autocapitalize="off" aria-keyshortcuts="Control+Enter" placeholder="Paste a note here, or open one of the synthetic examples."></textarea>
<fieldset id="given" hidden>
<legend>Codes already known</legend>
<ul id="chips" class="chips" aria-label="Codes already known"></ul>
<div class="line">
<label for="given-system" class="hidden">Code system</label><select id="given-system"></select>
<label for="given-code" class="hidden">Code</label><input id="given-code" size="18" spellcheck="false" autocomplete="off">
<button type="button" id="give">Add</button>
</div>
</fieldset>
<div class="line submit">
<button type="submit" id="submit" class="main" aria-keyshortcuts="Control+Enter">Find codes</button><span class="hint" id="submit-hint"><kbd>Ctrl</kbd> + <kbd>Enter</kbd></span>
<label class="grow" for="record-id">Record <input id="record-id" size="28" maxlength="100" autocomplete="off" spellcheck="false" placeholder="optional id" aria-describedby="id-hint"></label><span id="id-hint" class="hidden">Written into what you download. No name of a patient.</span>
</div>
</form>
<div id="failure" class="failure" role="alert"></div>
<form id="key-form" class="line" autocomplete="off" hidden>
<label for="key">API key <input id="key" type="password" autocomplete="off" aria-describedby="key-hint"></label><button type="submit">Use it</button>
<span id="key-hint" class="hint">Kept until the page is closed, nowhere else.</span>
</form>`;

const record = html`<section id="record" class="pane" aria-labelledby="record-heading">
<div class="bar"><h2 id="record-heading">Note</h2>
<label for="examples" class="hidden">Open a synthetic example</label><select id="examples" hidden></select>
<button type="button" id="new">New</button><button type="button" id="edit" hidden>Edit</button></div>
${form}
<div id="reading" class="reading" hidden>
<p id="place" class="place" aria-live="polite"></p>
<div id="text" class="text" role="group" aria-label="The note, with the evidence for its codes"></div>
</div>
</section>`;

const tools = html`<div id="tools" class="tools" hidden>
<div class="line threshold" id="threshold-line"><label for="threshold">Threshold</label><input id="threshold" type="range" min="0" max="1" step="0.01"><output id="threshold-value" for="threshold"></output><button type="button" id="threshold-reset" hidden>Model’s own</button></div>
<p id="remarks" class="remarks"></p>
</div>`;

const table = html`<table id="list" class="list" role="grid" aria-label="Codes, by falling probability" hidden>
<thead class="hidden"><tr><th scope="col">Code</th><th scope="col">Probability</th><th scope="col">Decision</th></tr></thead>
<tbody id="predicted"></tbody>
<tbody id="below"></tbody>
</table>`;

const outcome = html`<div id="outcome" class="outcome" hidden>
<form id="add" class="line" autocomplete="off">
<label for="add-system" class="hidden">Code system</label><select id="add-system"></select>
<label for="add-code" class="hidden">Code to add by hand</label><input id="add-code" size="10" placeholder="Code" autocomplete="off" spellcheck="false">
<label for="add-title" class="hidden">Its title, if you like</label><input id="add-title" class="grow" size="12" placeholder="Title (optional)" autocomplete="off">
<button type="submit">Add by hand</button>
</form>
<div class="line">
<button type="button" id="download-json" class="main">Download JSON</button><button type="button" id="download-csv" class="main">Download CSV</button>
<label class="check"><input type="checkbox" id="include-text" autocomplete="off"> with the note’s text</label>
</div>
<p class="keys hint"><span><kbd>↑</kbd> <kbd>↓</kbd> move</span> <span><kbd>a</kbd> accept</span> <span><kbd>r</kbd> reject</span> <span><kbd>u</kbd> undo</span> <span><kbd>Esc</kbd> show all evidence</span></p>
</div>`;

const codes = html`<section id="codes" class="pane" aria-labelledby="codes-heading" tabindex="-1">
<div class="bar"><h2 id="codes-heading">Codes</h2><p id="progress" class="progress"></p><button type="button" id="undo" aria-keyshortcuts="u" disabled>Undo</button></div>
<div id="invitation" class="invitation"><p>Paste a note or open an example, then find its codes.</p><p>The text goes to the server that this page came from, and is kept neither there nor in this browser.</p></div>
${tools}
<div class="scroller">${table}</div>
${outcome}
</section>`;

/** @param addresses of the module that starts the page, of its style sheet and of its icon */
export const pageDocument = ({ script, style, icon }: { script: string; style: string; icon: string }): string =>
  toText(html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>medweave</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="${style}">
<script type="module" src="${script}"></script>
</head>
<body>
<a class="skip" href="#record">Skip to the note</a>
<a class="skip" href="#codes">Skip to the codes</a>
${icons}
${header}
<noscript><p class="notice">This page needs JavaScript. The service can be asked without it: see <a href="/openapi.json">openapi.json</a>.</p></noscript>
<main>
${record}
${codes}
</main>
<p id="status" class="hidden" role="status"></p>
</body>
</html>
`);
