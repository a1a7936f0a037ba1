/** What a synthetic world is made of: latent profiles, diseases, facts that only the text holds, drug groups, a readmission rule. */

/** A code and its title. */
export type TitledCode = readonly [code: string, title: string];

/** One way of having a disease; the detail that sets it apart is written in the text only. */
export interface Variant {
  /** P(this variant | the disease is active); a disease's shares sum to 1. */
  readonly share: number;
  readonly icd9: TitledCode;
  readonly icd10: TitledCode;
  /** Phrases that give the detail; none when the variant is the unspecified one. */
  readonly details: readonly string[];
}

export interface Disease {
  readonly id: string;
  /** P(active at a visit | profile), one entry a profile. */
  readonly rates: readonly number[];
  /** A chronic disease is drawn once for the patient, and coded at each visit with {@link World.persistence}. */
  readonly chronic: boolean;
  /** At least one. */
  readonly variants: readonly Variant[];
  /** Names that belong to this disease alone. */
  readonly surfaces: readonly string[];
  /** An abbreviation or word that other diseases use too. */
  readonly sharedSurface?: string;
  /** P(the text affirms it | active). */
  readonly mentionRate: number;
}

/** Something true of a patient or of a visit that only the text says. */
export interface Fact {
  readonly id: string;
  /** Drawn once for the patient, or anew for each visit. */
  readonly scope: 'patient' | 'visit';
  readonly rate: number;
  readonly sentencesIfTrue: readonly string[];
  readonly sentencesIfFalse: readonly string[];
  /** P(a sentence says so | true) and P(a sentence denies it | false); otherwise the text is silent. */
  readonly statedIfTrue: number;
  readonly statedIfFalse: number;
}

export interface Drug {
  /** ATC level 5. */
  readonly atc: string;
  readonly name: string;
  readonly strength: string;
  readonly dose: string;
  readonly unit: string;
  readonly route: string;
}

/** A choice of drugs with weights that sum to 1. */
export type Choice = readonly (readonly [drug: Drug, weight: number])[];

/** One therapeutic intention: whether it is prescribed depends on diseases, which drug is given depends on facts. */
export interface DrugGroup {
  readonly id: string;
  /** P(prescribed with no cause active). */
  readonly leak: number;
  /** Disease index and P(prescribed because of it | active); causes act independently (noisy or). */
  readonly causes: readonly (readonly [disease: number, strength: number])[];
  readonly usual: Choice;
  /** Given in place of the usual choice when the fact is true. */
  readonly unless?: { readonly fact: number; readonly instead: Choice };
}

export interface Procedure {
  readonly disease: number;
  /** P(done | the disease is active). */
  readonly rate: number;
  readonly icd9: TitledCode;
  readonly icd10: TitledCode;
}

/** P(unplanned readmission within 30 days | any of `diseases` coded, `fact` true). */
export interface ReadmissionRule {
  /** Diseases drawn anew for each visit, at the same rate in every profile. */
  readonly diseases: readonly number[];
  /** Index of a fact of scope `visit` that no drug depends on. */
  readonly fact: number;
  /** `risk[coded ? 1 : 0][fact ? 1 : 0]`. */
  readonly risk: readonly [readonly [number, number], readonly [number, number]];
}

export interface World {
  readonly profiles: readonly { readonly name: string; readonly share: number }[];
  readonly diseases: readonly Disease[];
  readonly facts: readonly Fact[];
  readonly drugGroups: readonly DrugGroup[];
  readonly procedures: readonly Procedure[];
  readonly readmission: ReadmissionRule;
  /** P(a chronic disease of the patient is coded at a visit). */
  readonly persistence: number;
  /** P(an affirmed mention uses the shared name), for diseases that have one. */
  readonly sharedSurfaceRate: number;
  /** P(the detail is written | affirmed by its own name, the variant has details). */
  readonly detailRate: number;
  /** P(the text denies a disease | not active). */
  readonly denialRate: number;
  /** P(a relative is said to have it), whatever the patient has. */
  readonly familyRate: number;
}
