/** A note beside its codes. Class `cN` says that a stretch is evidence of code N, `gN` that annotators marked it for code N. */
import type { ShownCode, ShownNote } from '../explanation-data.js';
import { ABSENT, percent } from '../format.js';
import { html, type Html } from '../html.js';
import { segmentsOf, type Segment, type TextRange } from '../segments.js';

interface Layer extends TextRange {
  /** Place of the code in the list. */
  code: number;
  /** Relative to the code's heaviest span; undefined for what annotators marked. */
  strength?: number;
}

export function explainedNote({ text, codes }: ShownNote, n: number): Html {
  const segments = segmentsOf(text, codes.flatMap(layersOf));
  return html`
<div class="explained">
<fieldset class="codes"><legend>Codes</legend>
<label class="choice"><input type="radio" name="note-${n}" class="pick-all" checked> <span>all</span></label>
${codes.map((code, c) => codeChoice(code, { n, c, text }))}
</fieldset>
<div class="note-text" translate="no">${segments.map((segment) => marked(segment, { n, codes }))}</div>
</div>`;
}

function layersOf({ spans, marked: ranges }: ShownCode, code: number): Layer[] {
  const heaviest = spans.reduce((most, { weight }) => Math.max(most, weight), 0);
  return [...spans.map(({ start, end, weight }) => ({ start, end, code, strength: heaviest ? weight / heaviest : 1 })), ...ranges.map(({ start, end }) => ({ start, end, code }))];
}

/** Tint of a code's heaviest and lightest spans, per cent: dark enough to see, light enough to read on. */
const [LIGHTEST, HEAVIEST] = [18, 45];

function marked({ text, start, covered }: Segment<Layer>, { n, codes }: { n: number; codes: readonly ShownCode[] }): Html | string {
  if (!covered.length) return text;
  const evidence = covered.filter(({ strength }) => strength !== undefined);
  const annotations = covered.filter(({ strength }) => strength === undefined);
  const classes = [evidence.length && 'e', annotations.length && 'g', ...evidence.map(({ code }) => `c${code}`), ...annotations.map(({ code }) => `g${code}`)].filter(Boolean);
  const tints = evidence.map(({ code, strength }) => `--w${code}:${Math.round(LIGHTEST + (HEAVIEST - LIGHTEST) * strength!)}%`);
  const names = [...new Set(covered.map(({ code }) => codes[code]!.code))].join(', ');
  return html`<mark id="n${n}-${start}" class="${[...new Set(classes)].join(' ')}" title="${names}"${tints.length > 0 && html` style="${[...new Set(tints)].join(';')}"`}>${text}</mark>`;
}

function codeChoice({ code, title, ancestors, probability, predicted, annotated, spans, marked: ranges }: ShownCode, { n, c, text }: { n: number; c: number; text: string }): Html {
  const characters = Array.from(text);
  const quote = ({ start, end }: TextRange): Html => html`<a href="#n${n}-${start}">${characters.slice(start, end).join('').replace(/\s+/g, ' ')}</a>`;
  return html`
<div class="code code-${c}">
<label class="choice"><input type="radio" name="note-${n}" class="pick pick-${c}"> <span><b>${code}</b>${title !== undefined && html` ${title}`}</span><span class="number">${probability === undefined ? ABSENT : percent(probability)}</span></label>
<p class="standing">${[predicted ? 'predicted' : 'not predicted', ...(annotated === undefined ? [] : [annotated ? 'annotated' : 'not annotated'])].join(' · ')}</p>
${ancestors.length > 0 && html`<p class="place">${ancestors.map(({ node, title: name }) => html`<span title="${name ?? node}">${node}${name !== undefined && html` <i>${name}</i>`}</span>`)}</p>`}
${spans.length > 0 && html`<ul class="quotes">${spans.map((span) => html`<li>${quote(span)} <span class="share" title="share of the code’s evidence, from ${span.source}">${percent(span.weight)}</span></li>`)}</ul>`}
${ranges.length > 0 && html`<ul class="quotes marked" aria-label="marked by annotators">${ranges.map((range) => html`<li>${quote(range)}</li>`)}</ul>`}
</div>`;
}
