/** National Drug Codes in one form: 11 digits (5-4-2), which is what MIMIC and RxNorm hold. */

const segments = [5, 4, 2];

/** Pads `4-4-2`, `5-3-2`, `5-4-1` and bare 10 or 11 digit codes; `null` for missing (`0`, empty) or impossible ones. */
export function normaliseNdc(raw: string | null | undefined): string | null {
  const text = raw?.trim() ?? '';
  const parts = text.split('-');
  if (parts.length === 3 && parts.every((part, i) => /^\d+$/.test(part) && part.length <= segments[i]!)) {
    return parts.map((part, i) => part.padStart(segments[i]!, '0')).join('');
  }
  // Spreadsheets strip leading zeros; MIMIC's missing NDC is 0.
  if (!/^\d{4,12}$/.test(text)) return null;
  const digits = text.length === 12 && text.startsWith('0') ? text.slice(1) : text.padStart(11, '0');
  return digits.length === 11 && /[1-9]/.test(digits) ? digits : null;
}
