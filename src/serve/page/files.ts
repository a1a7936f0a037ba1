/** The files of the web page, as the server hands them out: one document, one style sheet, and the browser's modules as they were compiled. */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { configurationError } from '../../core/errors.js';
import { packageFile } from '../../core/paths.js';
import { pageDocument } from './document.js';
import { pageStyle } from './style.js';

export interface PageFile {
  /** Of its address. */
  path: string;
  /** Media type. */
  type: string;
  body: string;
}

const BROWSER = 'serve/page/browser';
/** What the browser shares with the reports. */
const SHARED = ['report/segments.js'];

const addressOf = (module: string): string => `/page/${module}`;

/** @param sources the compiled `src` folder @throws configuration error where it has not been compiled */
export function pageFiles(sources = compiledSources()): PageFile[] {
  const folder = path.join(sources, BROWSER);
  if (!fs.existsSync(folder)) throw configurationError(`${folder}: expected the compiled web page, found nothing; run npm run build`);
  const modules = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  const names = [...modules.map((name) => `${BROWSER}/${name.split(path.sep).join('/')}`), ...SHARED];
  const [script, style, icon] = [addressOf(`${BROWSER}/main.js`), '/page/style.css', '/page/icon.svg'];
  return [
    { path: '/', type: 'text/html; charset=utf-8', body: pageDocument({ script, style, icon }) },
    { path: style, type: 'text/css; charset=utf-8', body: pageStyle },
    { path: icon, type: 'image/svg+xml', body: ICON },
    ...names.sort().map((name) => ({ path: addressOf(name), type: 'text/javascript; charset=utf-8', body: compiled(path.join(sources, name)) })),
  ];
}

/** Without the line that names a source map, which is not served. */
const compiled = (file: string): string => fs.readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');

/** Beside this file in a build; run from source, the tests' way, the last build. */
function compiledSources(): string {
  const here = fileURLToPath(import.meta.url);
  return here.endsWith('.ts') ? packageFile('dist', 'src') : path.resolve(path.dirname(here), '..', '..');
}

/** Threads, woven. */
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0b5cad"/><path d="M3 5.5h10M3 10.5h10M5.5 3v10M10.5 3v10" stroke="#fff" stroke-width="1.6" stroke-linecap="round"/></svg>\n`;
