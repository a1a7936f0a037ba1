/** What the codes of a MEDS data set say: the first of the configured and built-in rules that matches. */
import type { CodeRule, MedsConfig } from './config.js';

const rule = (match: string, kind: CodeRule['kind'], system?: string): CodeRule => ({ match, kind, ...(system && { system }) });

/**
 * Codes of the public programs that write MEDS: MIMIC_IV_MEDS (`DIAGNOSIS//ICD//9//25000`), meds_etl's MIMIC-IV and OMOP (`ICD10CM/E11.9`, `Visit/IP`).
 * Of the records of a drug, the order counts, as in `--source mimic4`: not its end, nor each dose.
 */
export const builtinRules: readonly CodeRule[] = [
  rule('^MEDS_BIRTH$', 'birth'),
  rule('^MEDS_DEATH(//.*)?$', 'death'),
  rule('^DIAGNOSIS//ICD//9//(?<code>.+)$', 'dx', 'icd9cm'),
  rule('^DIAGNOSIS//ICD//10//(?<code>.+)$', 'dx', 'icd10cm'),
  rule('^PROCEDURE//ICD//9//(?<code>.+)$', 'px', 'icd9proc'),
  rule('^PROCEDURE//ICD//10//(?<code>.+)$', 'px', 'icd10pcs'),
  rule('^MEDICATION//START//(?<drug>.*?)(?://(?<ndc>\\d{4,11}|UNK))?$', 'rx'),
  rule('^(MEDICATION//|INFUSION_(START|END)//)', 'ignore'),
  rule('^HOSPITAL_ADMISSION//(?<type>.*?)(?://.*)?$', 'admission'),
  rule('^HOSPITAL_DISCHARGE(?://(?<location>.+))?$', 'discharge'),
  rule('^MIMIC_IV_Admission/(?<type>.+)$', 'admission'),
  rule('^MIMIC_IV_Discharge_Location/(?<location>.+)$', 'discharge'),
  rule('^MIMIC_IV_Drug/(?<drug>.+)$', 'rx'),
  rule('^(?:GENDER//|MIMIC_IV_Gender/|Gender/)(?<sex>.+)$', 'sex'),
  rule('^Visit//?(?<type>IP|ERIP)$', 'admission'),
  rule('^ICD9CM//?(?<code>.+)$', 'dx', 'icd9cm'),
  rule('^ICD10CM//?(?<code>.+)$', 'dx', 'icd10cm'),
  rule('^ICD9Proc//?(?<code>.+)$', 'px', 'icd9proc'),
  rule('^ICD10PCS//?(?<code>.+)$', 'px', 'icd10pcs'),
  rule('^RxNorm(?: Extension)?//?(?<rxcui>.+)$', 'rx'),
  rule('^NDC//?(?<ndc>.+)$', 'rx'),
  rule('^ATC//?(?<atc>[A-Z]\\d\\d[A-Z]{2}\\d\\d)$', 'rx'),
  rule('^NOTE//(DS|DISCHARGE|DISCHARGE_SUMMARY|Discharge summary)(//.*)?$', 'note'),
  rule('^LOINC//?18842-5$', 'note'),
];

/** A code with what the data set's metadata say of it. */
export interface DescribedCode {
  code: string;
  description: string | null;
  parents: readonly string[];
}

export interface CodeMeaning {
  code: string;
  kind: CodeRule['kind'];
  system: string | null;
  /** The code in its system. */
  raw: string | null;
  drug: string | null;
  ndc: string | null;
  rxcui: string | null;
  atc: string | null;
  /** Type of an admission, location of a discharge, sex. */
  detail: string | null;
  description: string | null;
}

/** What a source writes for a part that it does not know. */
const UNKNOWN = 'UNK';

/** @returns a function that says what a code says; undefined where no rule matches */
export function createInterpreter({ codes, builtin_codes, use_parents }: MedsConfig): (code: DescribedCode) => CodeMeaning | undefined {
  const rules = [...codes, ...(builtin_codes ? builtinRules : [])].map((one) => ({ ...one, expression: new RegExp(one.match) }));
  const matching = (text: string) => {
    for (const { kind, system, expression } of rules) {
      const match = expression.exec(text);
      if (match) return { kind, system, groups: match.groups ?? {} };
    }
    return undefined;
  };
  return ({ code, description, parents }) => {
    const found = [code, ...(use_parents ? parents : [])].reduce<ReturnType<typeof matching>>((hit, text) => hit ?? matching(text), undefined);
    if (!found) return undefined;
    const group = (name: string): string | null => (found.groups[name] && found.groups[name] !== UNKNOWN ? found.groups[name] : null);
    return {
      code, kind: found.kind, system: found.system ?? null, raw: group('code'), drug: group('drug'), ndc: group('ndc'), rxcui: group('rxcui'), atc: group('atc'),
      detail: group('type') ?? group('location') ?? group('sex'), description,
    };
  };
}
