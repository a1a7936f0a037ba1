/** The page's files: each is served that another asks for, and nothing in them is inline or comes from elsewhere. */
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { pageFiles } from '../../../src/serve/page/files.js';
import { compiledPage } from './chromium.js';

const files = pageFiles(compiledPage());
const bodyOf = (address: string): string => files.find((file) => file.path === address)!.body;

describe('the page’s files', () => {
  it('are there for every address in them', () => {
    const addresses = new Set(files.map((file) => file.path));
    const modules = files.filter(({ type }) => type.startsWith('text/javascript'));
    const imported = modules.flatMap((file) => ts.preProcessFile(file.body, true, true).importedFiles.map(({ fileName }) => path.posix.join(path.posix.dirname(file.path), fileName)));
    const linked = [...bodyOf('/').matchAll(/(?:href|src)="(\/page\/[^"]+)"/g)].map(([, address]) => address!);
    expect(linked).toHaveLength(3);
    expect(modules.length).toBeGreaterThan(10);
    expect([...imported, ...linked].filter((address) => !addresses.has(address))).toEqual([]);
  });

  it('have no inline script or style and no foreign address', () => {
    expect(bodyOf('/')).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|https?:/);
    expect(bodyOf('/page/style.css')).not.toMatch(/url\(|@import/);
    for (const { type, body } of files) if (type.startsWith('text/javascript')) expect(body).not.toMatch(/innerHTML|insertAdjacentHTML|document\.write|localStorage|sessionStorage|document\.cookie/);
  });

  it('say what to do when they have not been built', () => {
    expect(() => pageFiles('/nowhere')).toThrow(/\/nowhere\/serve\/page\/browser: expected the compiled web page, found nothing; run npm run build/);
  });
});
