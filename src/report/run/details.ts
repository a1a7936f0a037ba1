/** What the page rests on: the models in words, what is missing, configuration and hashes. */
import { stringify } from 'yaml';
import { html, type Html } from '../html.js';
import type { Section } from '../page.js';
import type { ReportedRun, RunReport } from './data.js';

export const missingSection = ({ missing }: RunReport): Section | undefined =>
  missing.length ? { id: 'missing', heading: 'Not in this report', body: html`<ul class="prose">${missing.map((sentence) => html`<li>${sentence}</li>`)}</ul>` } : undefined;

export const provenanceSection = ({ runs, data }: RunReport): Section => ({
  id: 'provenance',
  heading: runs.length === 1 ? 'The run' : 'The runs',
  body: html`${runs.map(runDetails)}${data && html`
<h3 class="group">Data: ${data.name}</h3>
<p class="prose">medweave ${data.version}${data.splitId !== undefined && html`, split <code>${data.splitId}</code>`}</p>
${configuration(data.config, data.hashes)}`}`,
});

const runDetails = ({ name, command, version, seed, inputs, model, pretrainedFrom, config, hashes }: ReportedRun): Html => html`
<h3 class="group">${name}</h3>
<dl class="described-run">${[
    ['made by', `medweave ${version} ${command}${seed === undefined ? '' : `, seed ${seed}`}`],
    ['reads', inputs.join(', ')],
    ['began from', pretrainedFrom ?? (command === 'finetune' ? 'scratch, or the checkpoint of the configuration' : 'nothing')],
    ...model,
  ].map(([fact, value]) => html`<div><dt>${fact}</dt><dd>${value}</dd></div>`)}</dl>
${configuration(config, hashes)}`;

const configuration = (config: unknown, hashes: Record<string, string>): Html => html`
<details><summary>Configuration and hashes</summary>
<pre tabindex="0"><code>${stringify(config)}</code></pre>
<pre tabindex="0"><code>${Object.entries(hashes).map(([file, hash]) => `${hash}  ${file}\n`).join('')}</code></pre>
</details>`;
