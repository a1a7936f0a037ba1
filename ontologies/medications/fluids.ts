/** Containers and bare diluents: prescription rows that dispense something, but no drug. */
import { nameKey, withoutForms, withoutMarks, withoutNumbers, withoutStrength } from './clean.js';

export type SkipReason = 'container' | 'diluent' | 'not-a-drug';

const salt = '(?:sodium chloride|sod chloride|sod\\.? chl\\.?|nacl|saline)';
// Up to isotonic: 3 % and 23.4 % sodium chloride, and dextrose from 20 % on, are given for their own effect.
const dilute = '(?:0?\\.9|0?\\.45|0?\\.225|0?\\.2|0?\\.3|0?\\.33|0?\\.83)\\s*%';
const sugar = '(?:dextrose|glucose)';
const weak = '(?:2\\.5|3\\.3|5|10)\\s*%';
const share = '(?:1\\/2|1\\/4|1\\/3|½|¼|half|quarter|0?\\.45\\s*%?|0?\\.2\\s*%?|0?\\.9\\s*%?)';
const edge = (pattern: string): string => `(?<![a-z0-9.])(?:${pattern})(?![a-z0-9])`;

const fluid = new RegExp(
  [
    edge(`${dilute}\\s*${salt}`), edge(`${salt}\\s*${dilute}`),
    edge(`(?:isotonic|iso-?\\s?osmotic|bacteriostatic|bact|normal|half[- ]normal)\\s+(?:${salt}|${sugar})`),
    edge(`${salt}\\s+(?=(?:iv\\s+)?flush)`),
    edge(`${weak}\\s*${sugar}(?:\\s*(?:in|and|\\/|&|-)?\\s*(?:sterile\\s+)?(?:water|w|ns|lr|${share}\\s*ns|${dilute}\\s*${salt}))?`),
    edge(`${sugar}\\s*${weak}(?:\\s*(?:in|and|\\/|&|-)?\\s*(?:water|w|ns|lr|${share}\\s*ns|${dilute}\\s*${salt}))?`),
    edge(`d\\s?(?:2\\.5|5|10)(?:\\s*%)?\\s*-?\\s*\\/?\\s*(?:w|ns|lr|${share}\\s*-?\\s*(?:ns|nacl|w|${salt}))?`),
    edge(`(?:${share}\\s*)?(?:ns|normal saline)`),
    edge("(?:lactated ringer'?s?|ringer'?s? lactate|ringer'?s?|lr|hartmann'?s?)(?:\\s+solution)?"),
    edge('plasma-?\\s?lyte(?:\\s*-?\\s*(?:a|r|56|148))?|normosol(?:\\s*-?\\s*[rm])?|isolyte(?:\\s*-?\\s*[sp])?'),
    edge('(?:sterile|bacteriostatic|distilled|irrigation|bact)\\s+water|water\\s+for\\s+(?:injection|inj|irrigation|inhalation)|swfi|bwfi|swi|sw'),
  ].join('|'),
  'gi',
);

/** Removes the fluid a drug is dissolved in: `Potassium Chl 20 mEq / 1000 mL D5 1/2 NS` → `Potassium Chl 20 mEq / 1000 mL`. */
export const withoutFluids = (text: string): string => text.replace(fluid, ' ').trim();

const containerWords = new Set(
  `bag bags syringe syringes vial vials cassette cadd bottle bottles ampule ampul amp tube cup container excel viaflo viaflex glass pvc dehp nonpvc empty yellow blue red green
  buretrol buret send chemo advantage vantage add addease minibag plus mini bulk pharmacy evacuated pab partial fill intravia secondary set tubing carpuject room`.split(/\s+/),
);
const solutionWords = new Set('soln solution sol diluent base fluid fluids water saline irrigation'.split(' '));

const supplies = `click change|choose a base|test strips?|lancets?|pen needles?|insulin pump|alcohol (?:swabs?|wipes?|preps?|pads?)|dressing|gauze|pacifier|aerochamber|spacer`;
const nutrition = 'nutritional supplement|tube feed\\w*|enteral (?:feeding|formula)|ensure|glucerna|jevity|nepro|boost';
const unnamed = "placebo|study drug|investigational drug|patient'?s? own med\\w*";
const notDrugs = new RegExp(`\\b(?:${supplies}|${nutrition}|${unnamed})\\b`, 'i');
const emptySyringe = /^insulin\s+syringe/i;

/** Why a row names no drug, or undefined when it may name one. */
export function skipReason(name: string): SkipReason | undefined {
  const text = withoutMarks(name);
  if (notDrugs.test(text)) return 'not-a-drug';
  if (emptySyringe.test(text)) return 'container';
  const hasFluid = text.search(fluid) >= 0;
  const key = nameKey(withoutStrength(withoutFluids(text)));
  const content = withoutNumbers(withoutForms(key)).split(' ').filter((word) => word && !containerWords.has(word) && !solutionWords.has(word));
  if (content.length) return undefined;
  if (hasFluid) return 'diluent';
  const all = key.split(' ');
  if (all.some((word) => containerWords.has(word))) return 'container';
  return all.some((word) => solutionWords.has(word)) ? 'diluent' : 'not-a-drug';
}
