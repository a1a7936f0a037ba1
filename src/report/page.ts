/** One self-contained HTML page out of sections: no network, no external file, no script but one that the page is given. */
import { createHash } from 'node:crypto';
import { html, toText, trusted, type Html } from './html.js';
import { stylesheet } from './stylesheet.js';

export interface Section {
  /** Anchor; unique in the page. */
  id: string;
  heading: string;
  body: Html;
}

export interface Page {
  title: string;
  header: Html;
  sections: readonly Section[];
  footer: Html;
  /** For tables of many columns. */
  wide?: boolean;
  /** Rules of this page's own, after those of every page. */
  style?: string;
  /** Our own, at the end of the page; the policy allows it by its hash. */
  script?: string;
}

/** The policy makes a browser refuse whatever is not in the file, and every script but this one, should anything ever slip in. */
function contentPolicy(script: string | undefined): string {
  const allowed = script === undefined ? '' : `; script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`;
  return `default-src 'none'; style-src 'unsafe-inline'${allowed}`;
}

const renderSection = ({ id, heading, body }: Section): Html => html`
<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>
${body}
</section>`;

/** @returns the text of the HTML file */
export function renderPage({ title, header, sections, footer, wide = false, style = '', script }: Page): string {
  return toText(html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(script)}">
<title>${title}</title>
<style>${trusted(stylesheet + style)}</style>
</head>
<body${wide && html` class="wide"`}>
<header>${header}</header>
<main>${sections.map(renderSection)}
</main>
<footer>${footer}</footer>${script !== undefined && html`
<script>${trusted(script)}</script>`}
</body>
</html>
`);
}
