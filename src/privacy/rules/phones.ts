/** Phone, fax and pager numbers: what looks like one and is possible in a country's plan (libphonenumber), or is called one. */
import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';
import { matches, type Rule } from './rule.js';

/** Digits in at least two groups, or after `+`: ten digits in a row are a count or an identifier as well. */
const grouped = /(?<![\d.,/:\p{L}#-])(?:\+\d{1,3}[ .-]?)?(?:\(\d{2,4}\)[ ]?)?\d{2,4}(?:[ .-]\d{2,4}){1,4}(?![\d]|[.,/:-]\d|[\p{L}_])|(?<![\d\p{L}])\+\d{9,14}(?!\d)/gu;
/** After a word for it any number will do; within a hospital four digits are one. */
const called = /\b(?:tel(?:e(?:phone|fax))?|phone|ph|fax|cell|mobile|pager|beeper|ext|extension|tfno|tel[eé]fono|m[oó]vil)\b[\s.:#(]{1,4}(?:n(?:o|umber|[uú]mero)\.?[\s:]{1,2})?\(?\+?\d[\d ().-]{2,18}\d/giu;

/** The languages of the notes; others are found with their `+` and country code. */
const COUNTRIES: readonly CountryCode[] = ['US', 'ES', 'GB'];

export const phones: Rule = {
  kind: 'phone',
  find: (text) => [...matches(grouped, text, ([found]) => isPhone(found)), ...matches(called, text)],
};

function isPhone(found: string): boolean {
  const digits = found.replace(/\D/g, '');
  if (digits.length < 9 || digits.length > 15 || /^(\d)\1+$/.test(digits) || isDecimalList(found)) return false;
  return COUNTRIES.some((country) => parsePhoneNumberFromString(found, country)?.isValid() ?? false);
}

/** `0.12 0.34`, `123 456 789 012`: columns of numbers. A phone number has one kind of separator, and points only between whole groups. */
const isDecimalList = (found: string): boolean => /(?:^|\s)\d+\.\d+(?:\s|$)/.test(found) || (!/[+()-]/.test(found) && found.split(/[ .]/).length > 4);
