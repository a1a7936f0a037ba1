/** The notation in which the disease tables are written, and its translation into {@link Disease}. */
import type { Disease, TitledCode, Variant } from './types.js';

/** Latent patient profiles with their shares; diseases cluster by profile. */
export const PROFILES = [
  { name: 'cardiac', share: 0.2 },
  { name: 'respiratory', share: 0.14 },
  { name: 'metabolic', share: 0.16 },
  { name: 'digestive', share: 0.14 },
  { name: 'infection', share: 0.1 },
  { name: 'mind', share: 0.11 },
  { name: 'oncology', share: 0.08 },
  { name: 'bones', share: 0.07 },
] as const;

export type ProfileName = (typeof PROFILES)[number]['name'];

/** Rates by profile; `any` holds for the profiles that are not named. */
export type Rates = Partial<Record<ProfileName | 'any', number>>;

/** `[share, ICD-9-CM code and title, ICD-10-CM code and title, detail phrases]`. */
export type VariantEntry = readonly [share: number, icd9: TitledCode, icd10: TitledCode, details?: readonly string[]];

export interface DiseaseEntry {
  id: string;
  chronic?: boolean;
  rates: Rates;
  surfaces: readonly string[];
  /** A name that entries with the same `shared` have in common. */
  shared?: string;
  mention?: number;
  variants: readonly VariantEntry[];
}

const DEFAULT_MENTION_RATE = 0.68;
const RATE_WHERE_NOT_NAMED = 0.004;

/** The tables' rates are multiplied by this, so that a visit has nine or ten diagnoses. */
const PREVALENCE = 1.4;

const toVariant = ([share, icd9, icd10, details = []]: VariantEntry): Variant => ({ share, icd9, icd10, details });

export const toDisease = (entry: DiseaseEntry): Disease => ({
  id: entry.id,
  rates: PROFILES.map(({ name }) => PREVALENCE * (entry.rates[name] ?? entry.rates.any ?? RATE_WHERE_NOT_NAMED)),
  chronic: entry.chronic ?? false,
  variants: entry.variants.map(toVariant),
  surfaces: entry.surfaces,
  sharedSurface: entry.shared,
  mentionRate: entry.mention ?? DEFAULT_MENTION_RATE,
});
