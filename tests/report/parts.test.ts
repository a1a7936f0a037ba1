import fc from 'fast-check';
import { JSDOM } from 'jsdom';
import { describe, expect, it } from 'vitest';
import { dateTime, figure, percent } from '../../src/report/format.js';
import { html, toText } from '../../src/report/html.js';
import { spread } from '../../src/report/spread.js';
import { stylesheet } from '../../src/report/stylesheet.js';

describe('html', () => {
  it('gives any text back as an element’s text and as an attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", 'a', 'é', '/', 'amp;', '😀') }), (text) => {
        const { document } = new JSDOM(toText(html`<p title="${text}">${text}</p>`)).window;
        const p = document.querySelector('p')!;
        return p.textContent === text && p.getAttribute('title') === text && p.children.length === 0;
      }),
      { numRuns: 30 },
    );
  });

  it('nests markup and lists, and leaves out what is absent', () => {
    expect(toText(html`<ul>${['<', 'b'].map((item) => html`<li>${item}</li>`)}</ul>${null}${undefined}${false}${0}`)).toBe('<ul><li>&lt;</li><li>b</li></ul>0');
  });

  it('is not fooled by an object out of JSON', () => {
    const forged = JSON.parse('{"markup": "<script>"}') as string;
    expect(() => toText(html`${forged}`)).toThrow();
  });
});

describe('spread', () => {
  it('moves only what overlaps', () => expect(spread([10, 50, 52], 5, [0, 100])).toEqual([10, 50, 55]));
  it('stays within the bounds', () => expect(spread([98, 99, 97], 5, [0, 100])).toEqual([95, 100, 90]));
  it('keeps order, gap and bounds wherever there is room', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { maxLength: 10 }), (positions) => {
        const placed = spread(positions, 10, [0, 100]);
        const order = positions.map((_, i) => i).sort((a, b) => positions[a]! - positions[b]!);
        const sorted = order.map((i) => placed[i]!);
        return sorted.every((at, k) => at >= -1e-9 && at <= 100 + 1e-9 && (k === 0 || at - sorted[k - 1]! >= 10 - 1e-9));
      }),
    );
  });
});

describe('format', () => {
  it('prints three decimals, and a dash for what is undefined', () => {
    expect([0.12345, 1, NaN, null, undefined, Infinity].map(figure)).toEqual(['0.123', '1.000', '–', '–', '–', '–']);
    expect([0.8684, NaN].map(percent)).toEqual(['86.8 %', '–']);
  });

  it('prints dates in UTC, and other text as it is', () => {
    expect(dateTime('2026-03-04T23:30:00-02:00')).toBe('2026-03-05 01:30 UTC');
    expect(dateTime('yesterday')).toBe('yesterday');
  });
});

describe('stylesheet', () => {
  const themes = [...stylesheet.matchAll(/:root \{([^}]*)\}/g)].map(([, body]) => new Map([...body!.matchAll(/(--[\w-]+): (#[0-9a-f]{6});/g)].map(([, name, colour]) => [name!, colour!])));

  it('has two themes with the same variables', () => {
    expect(themes).toHaveLength(2);
    expect([...themes[1]!.keys()]).toEqual([...themes[0]!.keys()]);
  });

  it.each(['light', 'dark'])('keeps text at a contrast of at least 4.5 in the %s theme (WCAG 2.2, 1.4.3)', (name) => {
    const theme = themes[name === 'light' ? 0 : 1]!;
    const texts = ['--ink', '--muted', '--reference', '--ceiling', '--hue-1', '--hue-2', '--hue-3', '--hue-4'];
    for (const text of texts) expect(contrast(theme.get(text)!, theme.get('--paper')!), text).toBeGreaterThanOrEqual(4.5);
    for (const shade of ['--shade', '--warn-shade']) expect(contrast(theme.get('--ink')!, theme.get(shade)!), shade).toBeGreaterThanOrEqual(4.5);
  });
});

/** Relative luminance of an sRGB colour, WCAG 2.2. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = parseInt(colour.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}
