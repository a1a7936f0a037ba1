/** The page in a browser, as people use it: by mouse, by keyboard alone, in the dark, on a telephone. */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { parse } from 'csv-parse/sync';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Serving } from '../serving.js';
import { hasChromium, openBrowser, servePage, whyNot } from './chromium.js';
import { historyModel, keywordModel, readmissionModel } from './keyword-model.js';

/** Beyond the basic plane, accents of both kinds, markup, and several lines. */
const NOTE = '🫀 Sen\u0303or Núñez, señor: <script>document.title = "hacked"</script> & <b>bold</b>\n💊 metformin for diabetes 🙂,\nhypertension; cough.';

let browser: Browser;
let server: Serving;
let page: Page;
const trouble: string[] = [];

/** A page of its own, whose complaints fail the test. */
async function open(url = server.url, options: BrowserContextOptions = {}): Promise<Page> {
  page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...options });
  page.on('pageerror', ({ message }) => trouble.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) trouble.push(message.text());
  });
  await page.goto(url);
  return page;
}

async function coded(note = NOTE, options: BrowserContextOptions = {}): Promise<Page> {
  await open(server.url, options);
  await page.waitForSelector('#examples option', { state: 'attached' });
  await page.fill('#note', note);
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('tr.code');
  return page;
}

const textOf = async (selector: string): Promise<string[]> => (await page.locator(selector).allTextContents()).map((text) => text.trim());
const progress = (): Promise<string | null> => page.textContent('#progress');
const tinted = (): Promise<string[]> => textOf('mark.tinted');
const rowOf = (code: string) => page.locator(`tr[data-key="icd10cm:${code}"]`);
const focusedKey = (): Promise<string | undefined> => page.evaluate(() => (document.activeElement as HTMLElement).dataset['key']);

async function press(...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

async function download(button: string): Promise<{ name: string; text: string }> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.click(button)]);
  return { name: file.suggestedFilename(), text: fs.readFileSync(await file.path(), 'utf8') };
}

describe.skipIf(!hasChromium)(`the page in Chromium${whyNot}`, () => {
  beforeAll(async () => {
    [browser, server] = await Promise.all([openBrowser(), servePage(keywordModel())]);
  });
  afterEach(async () => {
    await page.close();
    expect(trouble.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  it('shows the codes with titles, probabilities and place, and the note as it was written', async () => {
    await coded();
    expect(await textOf('#predicted tr.code .headline .name')).toEqual(['E11.9', 'I10', 'G20']);
    expect(await textOf('#below tr.code .name')).toContain('J18.9');
    expect(await rowOf('I10').locator('.title').textContent()).toBe('Essential (primary) hypertension');
    expect(await rowOf('I10').locator('.figure').textContent()).toBe('71 %');
    expect(await rowOf('I10').locator('.path').textContent()).toMatch(/circulatory system › Hypertensive diseases$/);
    expect(await page.textContent('#text')).toBe(NOTE);
    expect(await page.title()).toBe('medweave: Clinical coding');
    expect(await page.locator('#text script, #text b').count()).toBe(0);
    expect(await progress()).toBe('0 accepted, 0 rejected, 3 open');
  });

  it('highlights the evidence of the code that is pointed at, the heavier the stronger', async () => {
    await coded();
    await page.locator('#codes-heading').hover();
    await press('Escape');
    expect(await tinted()).toEqual(['señor', '💊', 'metformin', 'diabetes', 'hypertension']);
    await rowOf('E11.9').hover();
    expect(await tinted()).toEqual(['metformin', 'diabetes']);
    const shares = await page.locator('mark.tinted').evaluateAll((marks) => marks.map((mark) => Number.parseInt((mark as HTMLElement).style.getPropertyValue('--tint'), 10)));
    expect(shares[1]).toBeGreaterThan(shares[0]!);
    await rowOf('J18.9').hover();
    expect(await tinted()).toEqual(['cough']);
  });

  it('shows which codes rest on the place that is pointed at; a click goes to the first of them', async () => {
    await coded();
    await press('Escape');
    const pill = page.locator('mark', { hasText: '💊' });
    await pill.hover();
    expect(await textOf('tr.resting .headline .name')).toEqual(['I10', 'G20']);
    expect((await textOf('#place .rests')).map((text) => text.replace(/\s+/g, ' '))).toEqual(['I10 Essential (primary) hypertension 33 %', 'G20 Parkinson’s disease 33 %']);
    await pill.click();
    expect(await focusedKey()).toBe('icd10cm:I10');
  });

  it('is reviewed by mouse: accept, reject, undo, add, threshold', async () => {
    await coded();
    await rowOf('E11.9').getByRole('button', { name: 'Accept E11.9' }).click();
    await rowOf('G20').getByRole('button', { name: 'Reject G20' }).click();
    expect(await progress()).toBe('1 accepted, 1 rejected, 1 open');
    expect(await rowOf('G20').getByRole('button', { name: 'Reject G20' }).getAttribute('aria-pressed')).toBe('true');
    await page.click('#undo');
    expect(await progress()).toBe('1 accepted, 0 rejected, 2 open');
    await page.fill('#add-code', 'z66');
    await page.fill('#add-title', 'Do not resuscitate');
    await page.getByRole('button', { name: 'Add by hand' }).click();
    expect(await progress()).toBe('2 accepted, 0 rejected, 2 open');
    expect(await rowOf('Z66').locator('.headline').textContent()).toContain('Do not resuscitate');
    await page.fill('#threshold', '0.9');
    expect(await textOf('#predicted tr.code .headline .name')).toEqual(['Z66', 'E11.9']);
    await page.click('#threshold-reset');
    expect(await textOf('#predicted tr.code .headline .name')).toEqual(['Z66', 'E11.9', 'I10', 'G20']);
  });

  it('is used by keyboard alone, from the note to the download', async () => {
    await open();
    await page.waitForSelector('#examples option', { state: 'attached' });
    await press('Tab', 'Enter');
    for (let n = 0; (await page.evaluate(() => document.activeElement!.id)) !== 'note'; n++) {
      expect(n, 'Tab comes to the note').toBeLessThan(8);
      await press('Tab');
    }
    await page.keyboard.insertText('diabetes, hypertension and a cough, señor');
    await press('Control+Enter');
    await page.waitForSelector('tr.code');
    await page.waitForFunction(() => (document.activeElement as HTMLElement).dataset['key'] === 'icd10cm:E11.9');
    expect(await tinted()).toEqual(['diabetes']);
    await press('a');
    expect(await focusedKey()).toBe('icd10cm:I10');
    await press('r', 'ArrowUp');
    expect(await focusedKey()).toBe('icd10cm:I10');
    expect(await progress()).toBe('1 accepted, 1 rejected, 1 open');
    await press('u', 'End', 'a', 'Home');
    expect(await focusedKey()).toBe('icd10cm:E11.9');
    expect(await progress()).toBe('2 accepted, 0 rejected, 2 open');
    expect(await page.textContent('#status')).toBe('J18.9 accepted. 2 accepted, 0 rejected, 2 open.');
    await press('Tab', 'Tab');
    expect(await page.evaluate(() => document.activeElement!.getAttribute('aria-label'))).toBe('Accept E11.9');
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle);
    expect(outline).toBe('solid');
    for (let n = 0; (await page.evaluate(() => document.activeElement!.id)) !== 'download-json'; n++) {
      expect(n, 'Tab comes to the download').toBeLessThan(12);
      await press('Tab');
    }
    const [file] = await Promise.all([page.waitForEvent('download'), press('Enter')]);
    expect(file.suggestedFilename()).toMatch(/^medweave-note-.*\.json$/);
  });

  it('goes from place to place in the note by arrow keys', async () => {
    await coded();
    await press('Escape');
    await page.locator('mark.tinted[tabindex="0"]').focus();
    await press('ArrowRight', 'ArrowRight');
    expect(await page.evaluate(() => document.activeElement!.textContent)).toBe('metformin');
    expect(await textOf('tr.resting .headline .name')).toEqual(['E11.9']);
    await press('Enter');
    expect(await focusedKey()).toBe('icd10cm:E11.9');
  });

  it('downloads decisions as JSON and CSV, the text only when asked', async () => {
    await open();
    await page.waitForSelector('#examples option', { state: 'attached' });
    await page.fill('#note', NOTE);
    await page.fill('#record-id', 'case 7');
    await page.fill('#given-code', 'n02be01 X99');
    await press('Enter', 'Control+Enter');
    await page.waitForSelector('tr.code');
    await press('a');
    expect(await page.textContent('#remarks')).toContain('Not read, as the model does not know them: atc:X99.');
    const json = await download('#download-json');
    expect(json.name).toMatch(/^medweave-case-7-\d{4}-.*\.json$/);
    const result = JSON.parse(json.text) as { record: object; model: { task: string }; codes: { code: string; decision: string }[] };
    expect(result.record).toEqual({ id: 'case 7', codes: ['atc:N02BE01', 'atc:X99'] });
    expect(result.model.task).toBe('icd-coding');
    expect(result.codes.map(({ code, decision }) => `${code} ${decision}`)).toEqual(['E11.9 accepted', 'I10 open', 'G20 open', 'J18.9 open']);
    await page.check('#include-text');
    const csv = await download('#download-csv');
    const rows = parse(csv.text, { columns: true }) as Record<string, string>[];
    expect(rows.map(({ text }) => text)).toEqual([NOTE, NOTE, NOTE, NOTE]);
  });

  it('opens a synthetic example, and what was written before comes back by undo', async () => {
    await open();
    await page.waitForSelector('#examples option:nth-child(2)', { state: 'attached' });
    await page.fill('#note', 'mine');
    await page.selectOption('#examples', '0');
    expect(await page.inputValue('#note')).toContain('History of Present Illness');
    expect(await page.locator('#chips li').count()).toBeGreaterThan(0);
    expect(await page.inputValue('#record-id')).toMatch(/^Synthetic /);
    await page.click('#undo');
    expect(await page.inputValue('#note')).toBe('mine');
  });

  it('keeps decisions when the note is edited and coded again', async () => {
    await coded();
    await press('a');
    await page.click('#edit');
    await page.fill('#note', 'only a cough, and diabetes');
    expect(await page.textContent('#remarks')).toContain('The note has changed since');
    await page.click('#submit');
    await page.waitForSelector('#text:has-text("only a cough")');
    expect(await progress()).toBe('1 accepted, 0 rejected, 0 open');
  });

  it('says what is wrong with a request beside the form, and what the server says', async () => {
    await open();
    await page.waitForSelector('#examples option', { state: 'attached' });
    await page.click('#submit');
    await page.waitForSelector('#failure:has-text("an empty record")');
    await page.route('**/v1/explain', (route) => route.fulfill({ status: 422, json: { error: { code: 'wrong_field', message: '/text: expected a string' } } }));
    await page.click('#submit');
    await page.waitForSelector('#failure:has-text("/text: expected a string")');
    expect(await page.getAttribute('#note', 'aria-invalid')).toBe('true');
    await page.route('**/v1/explain', (route) => route.abort());
    await page.click('#submit');
    await page.waitForSelector('#failure:has-text("does not answer")');
    await page.unrouteAll();
    await page.fill('#note', 'diabetes');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.waitForSelector('tr.code');
    expect(await page.textContent('#failure')).toBe('');
  });

  it('waits for a busy server as long as it says, and can be stopped', async () => {
    await open();
    await page.waitForSelector('#examples option', { state: 'attached' });
    let refusals = 1;
    await page.route('**/v1/explain', (route) => (refusals-- > 0 ? route.fulfill({ status: 503, headers: { 'Retry-After': '1' }, json: { error: { code: 'busy', message: 'the queue is full' } } }) : route.continue()));
    await page.fill('#note', 'diabetes');
    await page.click('#submit');
    await page.waitForSelector('#failure:has-text("trying again in 1 s")');
    await page.waitForSelector('tr.code');
    refusals = 100;
    await page.click('#edit');
    await page.click('#submit');
    await page.waitForSelector('#failure:has-text("trying again")');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.waitForSelector('#submit:has-text("Find codes")');
    expect(await page.textContent('#failure')).toBe('');
  });

  it('asks for the API key, and keeps it nowhere', async () => {
    const guarded = await servePage(keywordModel(), { apiKey: 'open-sesame' });
    try {
      await open(guarded.url);
      await page.waitForSelector('#failure:has-text("This server asks for an API key.")');
      await page.fill('#key', 'wrong');
      await press('Enter');
      await page.waitForSelector('#failure:has-text("does not know this API key")');
      await page.fill('#key', 'open-sesame');
      await press('Enter');
      await page.waitForSelector('#card:not([hidden])');
      expect(await page.isVisible('#key-form')).toBe(false);
      await page.fill('#note', 'diabetes');
      await press('Control+Enter');
      await page.waitForSelector('tr.code');
      expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie, location.href.includes('sesame')])).toEqual([0, 0, '', false]);
    } finally {
      await guarded.stop();
    }
  });

  it('shows one probability of a model of readmission, without evidence', async () => {
    const other = await servePage(readmissionModel());
    try {
      await open(other.url);
      await page.waitForSelector('#task:has-text("Readmission")');
      await page.fill('#note', 'anything');
      await press('Control+Enter');
      await page.waitForSelector('tr.code');
      expect(await textOf('.figure')).toEqual(['37 %']);
      expect(await page.textContent('#codes-heading')).toBe('Probability');
      expect(await page.isVisible('#add')).toBe(false);
      expect(await page.isVisible('#threshold-line')).toBe(false);
      expect(await page.isVisible('.quotes')).toBe(false);
      expect(await textOf('tr.code .title')).toEqual(['readmitted within 30 days']);
      await press('a');
      expect(await progress()).toBe('');
    } finally {
      await other.stop();
    }
  });

  it('takes the note for the past visit where a model reads those, and shows titles and places without evidence', async () => {
    const other = await servePage(historyModel());
    try {
      await open(other.url);
      await page.waitForSelector('#about:has-text("one past visit")');
      await page.fill('#note', NOTE);
      await press('Control+Enter');
      await page.waitForSelector('tr.code');
      expect(await rowOf('I10').locator('.title').textContent()).toBe('Essential (primary) hypertension');
      expect(await rowOf('I10').locator('.path').textContent()).toMatch(/Hypertensive diseases$/);
      expect(await page.textContent('#text')).toBe(NOTE);
      expect(await page.locator('mark').count()).toBe(0);
      expect(await progress()).toBe('0 accepted, 0 rejected, 3 open');
    } finally {
      await other.stop();
    }
  });

  it('fits a telephone, with the note in sight while codes are gone through', async () => {
    await coded(`${NOTE}\n${'Nothing else of note. '.repeat(60)}`, { viewport: { width: 360, height: 700 } });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow).toBe(0);
    await press('End');
    expect(await page.locator('mark.tinted').first().isVisible()).toBe(true);
    const [note, row] = await Promise.all([page.locator('#record').boundingBox(), rowOf('J18.9').boundingBox()]);
    expect(note!.y).toBe(0);
    expect(row!.y).toBeGreaterThanOrEqual(note!.y + note!.height - 1);
  });

  it.each([['light', 'no-preference'], ['dark', 'reduce']] as const)('has nothing that axe complains of, in %s', async (colorScheme, reducedMotion) => {
    // The script that checks is not of this server: its policy is set aside here, and here only.
    await coded(NOTE, { colorScheme, reducedMotion, bypassCSP: true });
    await press('a', 'r');
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') });
    for (const state of ['selected', 'pointed', 'card', 'writing'] as const) {
      if (state === 'pointed') await page.locator('mark', { hasText: '💊' }).hover();
      if (state === 'card') await page.click('#card summary');
      if (state === 'writing') await page.click('#edit');
      const violations = await page.evaluate(async () => {
        const axe = (window as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> } }).axe;
        return (await axe.run()).violations.map(({ id, nodes }) => [id, ...nodes.slice(0, 3).map(({ html, failureSummary }) => `${html} ${failureSummary}`)]);
      });
      expect(violations, state).toEqual([]);
    }
  });
});
