/** A browser, the page as its sources stand, and the real server behind it. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import ts from 'typescript';
import type { Predictor } from '../../../finetune/predictor/index.js';
import { packageFile } from '../../../src/core/paths.js';
import { pageFiles } from '../../../src/serve/page/files.js';
import { startServing, type Serving } from '../serving.js';

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

export const hasChromium = fs.existsSync(executablePath);
/** Part of the name of what is skipped. */
export const whyNot = hasChromium ? '' : ` (skipped: no browser at ${executablePath}; set CHROMIUM_PATH)`;

/** Nothing that a browser does by itself: no update, no sign-in, no network but ours. */
const ARGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath, args: ARGS });

/** The modules that a build makes, from the sources as they are now. */
export function compiledPage(): string {
  const out = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-page-'));
  const sources = [...fs.readdirSync(packageFile('src/serve/page/browser'), { recursive: true, encoding: 'utf8' }).map((name) => `serve/page/browser/${name}`), 'report/segments.ts'];
  for (const source of sources.filter((name) => name.endsWith('.ts'))) {
    const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
    const { outputText } = ts.transpileModule(fs.readFileSync(packageFile('src', source), 'utf8'), { compilerOptions });
    const file = path.join(out, source.replace(/\.ts$/, '.js'));
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, outputText);
  }
  return out;
}

/** The real server, with the page. */
export async function servePage(predictor: Predictor, options: { apiKey?: string } = {}): Promise<Serving> {
  const compiled = compiledPage();
  const pages = pageFiles(compiled);
  fs.rmSync(compiled, { recursive: true });
  return startServing({ predictor: { ...predictor, card: { ...predictor.card, licenceNotice: 'Synthetic: nobody’s notes.' } }, pages, ...options });
}
