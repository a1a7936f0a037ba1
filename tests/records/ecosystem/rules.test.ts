/** What the codes of the public MEDS programs say. */
import { describe, expect, it } from 'vitest';
import { medsSchema } from '../../../src/records/meds/config.js';
import { createInterpreter } from '../../../src/records/meds/rules.js';

const parts = (code: string, config: object = {}, parents: string[] = []): Record<string, unknown> | undefined => {
  const meaning = createInterpreter(medsSchema.parse(config))({ code, description: null, parents });
  return meaning && Object.fromEntries(Object.entries(meaning).filter(([name, value]) => value !== null && name !== 'code'));
};

describe('built-in rules', () => {
  const cases: [code: string, says: object | undefined][] = [
    ['DIAGNOSIS//ICD//9//25000', { kind: 'dx', system: 'icd9cm', raw: '25000' }],
    ['PROCEDURE//ICD//10//0DTJ4ZZ', { kind: 'px', system: 'icd10pcs', raw: '0DTJ4ZZ' }],
    ['PROCEDURE//START//221214', undefined],
    ['MEDICATION//START//Furosemide//00517570425', { kind: 'rx', drug: 'Furosemide', ndc: '00517570425' }],
    ['MEDICATION//START//Potassium Chl 20 mEq / 1000 mL//UNK', { kind: 'rx', drug: 'Potassium Chl 20 mEq / 1000 mL' }],
    ['MEDICATION//START//Furosemide', { kind: 'rx', drug: 'Furosemide' }],
    ['MEDICATION//START//UNK//UNK', { kind: 'rx' }],
    ['MEDICATION//STOP//Furosemide//00517570425', { kind: 'ignore' }],
    ['MEDICATION//Furosemide//Administered', { kind: 'ignore' }],
    ['HOSPITAL_ADMISSION//EW EMER.//EMERGENCY ROOM', { kind: 'admission', detail: 'EW EMER.' }],
    ['HOSPITAL_DISCHARGE//UNK', { kind: 'discharge' }],
    ['GENDER//F', { kind: 'sex', detail: 'F' }],
    ['MIMIC_IV_Admission/ELECTIVE', { kind: 'admission', detail: 'ELECTIVE' }],
    ['ICD9Proc/36.15', { kind: 'px', system: 'icd9proc', raw: '36.15' }],
    ['ICD10CM//E11.9', { kind: 'dx', system: 'icd10cm', raw: 'E11.9' }],
    ['RxNorm/1049502', { kind: 'rx', rxcui: '1049502' }],
    ['Visit/IP', { kind: 'admission', detail: 'IP' }],
    ['Visit/OP', undefined],
    ['LAB//50912//mg/dL', undefined],
  ];
  it.each(cases)('%s', (code, says) => expect(parts(code)).toEqual(says));
});

describe('configuration', () => {
  it('puts its own rules first, or lets them stand alone', () => {
    const codes = [{ match: '^DIAGNOSIS//ICD//10//(?<code>.*)', kind: 'dx', system: 'icd10' }];
    expect(parts('DIAGNOSIS//ICD//10//E119', { codes })).toMatchObject({ system: 'icd10' });
    expect(parts('DIAGNOSIS//ICD//9//25000', { codes })).toMatchObject({ system: 'icd9cm' });
    expect(parts('DIAGNOSIS//ICD//9//25000', { codes, builtin_codes: false })).toBeUndefined();
  });

  it('lets parents speak for a code without a rule, unless told otherwise', () => {
    expect(parts('EPIC//123', {}, ['LOINC/1', 'ICD10CM/I10'])).toEqual({ kind: 'dx', system: 'icd10cm', raw: 'I10' });
    expect(parts('MEDICATION//STOP//x', {}, ['NDC/1'])).toEqual({ kind: 'ignore' });
    expect(parts('EPIC//123', { use_parents: false }, ['ICD10CM/I10'])).toBeUndefined();
  });

  it('refuses a bad expression, a diagnosis without system or code, a drug with a system', () => {
    const problem = (rule: object): string | undefined => medsSchema.safeParse({ codes: [rule] }).error?.issues[0]?.message;
    expect(problem({ match: '(', kind: 'rx' })).toMatch(/expected a regular expression/);
    expect(problem({ match: 'x(?<code>.)', kind: 'dx' })).toMatch(/names its system/);
    expect(problem({ match: 'x', kind: 'dx', system: 'icd10cm' })).toMatch(/needs a group/);
    expect(problem({ match: 'x', kind: 'rx', system: 'atc' })).toMatch(/others none/);
  });
});
