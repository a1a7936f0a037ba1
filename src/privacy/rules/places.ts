/** Addresses: streets with numbers, post codes with a place or a word for them; American, Spanish, British. */
import { matches, type Rule } from './rule.js';

const street = /(?<![\p{L}\d.])\d{1,5}[A-Z]?\s+(?:[NSEW]\.?\s+)?(?:\p{Lu}[\p{L}'’.-]+\s+){1,4}(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Court|Ct|Terrace|Square|Highway|Hwy|Parkway|Pkwy|Close|Crescent)\b\.?/gu;
const calle = /(?<![\p{L}\d])(?:[Cc]alle|C\/|[Aa]vda\.?|[Aa]venida|[Pp]laza|[Pp]aseo|[Cc]arretera)\s*(?:(?:de|del|la|las|los|el)\s+)*\p{Lu}\p{L}+(?:\s+(?:(?:de|del|la|las|los|y)\s+)*\p{Lu}\p{L}+){0,4},?\s*(?:n[º°o.]*\s*|n[uú]m(?:ero|\.)?\s*)?\d{1,4}(?!\d)/gu;

const STATES = 'AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC|PR';
const zip = new RegExp(`(?<=\\p{L},?\\s+)(?:${STATES})\\.?\\s+\\d{5}(?:-\\d{4})?(?![\\d-])|\\b(?:zip|postcode|postal code|c[oó]digo postal|C\\.?P\\.?)(?: code)?[\\s.:"]{1,4}\\d{5}(?:-\\d{4})?(?![\\d-])`, 'giu');
/** Two capitals and five digits are a code of something as well: the state stands in capitals, after a place. */
const isZip = ([found]: RegExpMatchArray): boolean => !/^\p{L}{2}\.?\s/u.test(found!) || found!.slice(0, 2) === found!.slice(0, 2).toUpperCase();
const madrid = /(?<![\d.,-])(?:0[1-9]|[1-4]\d|5[0-2])\d{3}\s+(?:Madrid|Barcelona|Valencia|Sevilla|Zaragoza|M[áa]laga|Murcia|Palma|Bilbao|Alicante|C[óo]rdoba|Valladolid|Vigo|Gij[óo]n|Granada|Oviedo|Pamplona|Almer[íi]a|Santander|Salamanca|Burgos|Albacete|Le[óo]n|C[áa]diz|Huelva|Lleida|Tarragona|Girona)\b/gu;
const british = /(?<![\p{L}\d])(?:[A-PR-UWYZ]\d[\dA-HJKSTUW]?|[A-PR-UWYZ][A-HK-Y]\d[\dABEHMNPRVWXY]?) \d[ABD-HJLNP-UW-Z]{2}(?![\p{L}\d])/gu;

export const addresses: Rule = { kind: 'address', find: (text) => [...matches(street, text), ...matches(calle, text), ...matches(zip, text, isZip), ...matches(madrid, text), ...matches(british, text)] };
