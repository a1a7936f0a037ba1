/** Drug names as hospitals write them → ATC, from the bundled table alone. All strings are ours; expected codes are WHO's. */
import { describe, expect, it } from 'vitest';
import { createDrugMapper, type DrugQuery } from '../../../ontologies/index.js';

const mapper = await createDrugMapper();
const codes = (query: DrugQuery): string[] => {
  const mapping = mapper.map(query);
  return mapping && 'atc' in mapping ? mapping.atc : [];
};

const named: Record<string, [name: string, ...atc: string[]][]> = {
  'case, marks and stray characters': [
    ['FUROSEMIDE', 'C03CA01'],
    ['  hydrALAzine_ ', 'C02DB02'],
    ['*NF* Ertapenem Sodium', 'J01DH03'],
    ['NEO*IV*Gentamicin', 'J01GB03'],
    ['NEO*PO*Ferrous Sulfate Elixir', 'B03AA07'],
    ['Sulfasalazine_', 'A07EC01'],
  ],
  'strengths and forms': [
    ['Metoprolol Tartrate 25mg Tab', 'C07AB02'],
    ['Albuterol 0.083% Neb Soln', 'R03AC02'],
    ['Docusate Sodium (Liquid)', 'A06AA02'],
    ['Aspirin EC 81 mg', 'B01AC06'],
    ['Diltiazem Extended-Release', 'C08DB01'],
    ['quiniDINE Gluconate E.R.', 'C01BA01'],
    ['Epinephrine 1:1000', 'C01CA24'],
    ['Heparin Sodium 25,000 units / 250 mL D5W', 'B01AB01'],
    ['Morphine Sulfate (Oral Solution) 2 mg/mL', 'N02AA01'],
    ['Vancomycin Desensitization', 'J01XA01'],
    ['Lenalidomide (Revlimide)15mg', 'L04AX04'],
    ['Insulin Glargine  (CVICU Protocol)', 'A10AE04'],
  ],
  salts: [
    ['Fentanyl Citrate', 'N02AB03'],
    ['Heparin Sodium', 'B01AB01'],
    ['Haloperidol Decanoate', 'N05AD01'],
    ['Dexamethasone Sod Phosphate', 'H02AB02'],
    ['Zolpidem Tartrate', 'N05CF02'],
    ['Olmesartan Medoxomil', 'C09CA08'],
  ],
  'salts that are the drug': [
    ['Potassium Chloride', 'A12BA01'],
    ['Sodium Bicarbonate', 'B05XA02'],
    ['Ferrous Sulfate', 'B03AA07'],
    ['Magnesium Sulfate', 'B05XA05'],
    ['Calcium Gluconate', 'B05XA19'],
    ['Lithium Carbonate', 'N05AN01'],
    ['Sodium Chloride 3% (Hypertonic)', 'B05XA03'],
    ['23.4% Sodium Chloride', 'B05XA03'],
    ['Dextrose 50%', 'B05BA03'],
    ['Potassium Chl 40 mEq / 1000 mL D5 1/2 NS', 'A12BA01'],
  ],
  combinations: [
    ['Piperacillin-Tazobactam Na', 'J01CR05'],
    ['Tazobactam/Piperacillin', 'J01CR05'],
    ['Amoxicillin-Clavulanic Acid', 'J01CR02'],
    ['Oxycodone-Acetaminophen (5mg-325mg)', 'N02AJ17'],
    ['OxyCODONE--Acetaminophen (5mg-325mg)', 'N02AJ17'],
    ['HYDROcodone-Acetaminophen', 'N02AJ22'],
    ['Acetaminophen w/Codeine', 'N02AJ06'],
    ['Sulfameth/Trimethoprim DS', 'J01EE01'],
    ['Dorzolamide 2%/Timolol 0.5% Ophth.', 'S01ED51'],
    ['Lamivudine + Zidovudine', 'J05AR01'],
    ['Carbidopa-Levodopa (25-100)', 'N04BA02'],
    ['Imipenem-Cilastatin', 'J01DH51'],
    ['Amino Acids 5%-Dextrose 15%', 'B05BA10'],
    // No code of its own: the codes of the parts.
    ['Maalox/Diphenhydramine/Lidocaine', 'A02AD01', 'N01BB02', 'R06AA02'],
  ],
  'brands and protocols': [
    ['HYDROmorphone (Dilaudid)', 'N02AA03'],
    ['Morphine SR (MS Contin)', 'N02AA01'],
    ['Zosyn', 'J01CR05'],
    ['Coumadin', 'B01AA03'],
    ['Unknownbrandin (Lasix)', 'C03CA01'],
    ['PHENObarbital - ICU Alcohol Withdrawal (Initial Load / Rescue Dose)', 'N03AA02'],
    ['Heparin (CRRT Machine Priming)', 'B01AB01'],
    ['Insulin (Regular) for Hyperkalemia', 'A10AB01'],
    ['Potassium Chloride Replacement (Oncology)', 'A12BA01'],
  ],
  'the route in the name': [
    ['Ciprofloxacin 0.3% Ophth Soln', 'S01AE03'],
    ['Ciprofloxacin HCl', 'J01MA02'],
    ['Vancomycin Oral Liquid', 'A07AA09'],
    ['Vancomycin Enema', 'A07AA09'],
    ['Hydrocortisone Cream 1%', 'D07AA02'],
    ['Hydrocortisone Na Succ.', 'H02AB09'],
    ['Fluticasone Propionate NASAL', 'R01AD08'],
    ['Chlorhexidine Gluconate 0.12% Oral Rinse', 'A01AB03'],
    ['Miconazole Nitrate Vag Cream 2%', 'G01AF04'],
    ['Lidocaine 5% Patch', 'D04AB01'],
    ['Sodium Chloride Nasal', 'R01AX10'],
  ],
  'vaccines, contrast, nutrition': [
    ['Influenza Virus Vaccine', 'J07BB02'],
    ['PNEUMOcoccal 23-valent polysaccharide vaccine', 'J07AL01'],
    ['Readi-Cat 2 (Barium Sulfate 2% Suspension)', 'V08BA01'],
    ['Multivitamins W/minerals', 'A11AA03'],
    ['Neutra-Phos', 'A12CX'],
    ['Albumin 25% (12.5g / 50mL)', 'B05AA01'],
    ['Prismasate (B32 K2)', 'B05ZB'],
    ['Humulin 70/30', 'A10AD01'],
  ],
};

describe.each(Object.entries(named))('%s', (_, cases) => {
  it.each(cases)('%s', (name, ...atc) => {
    expect(codes({ drug: name })).toEqual(atc);
  });
});

describe('the route column', () => {
  it.each([
    ['Potassium Chloride', 'PO', 'A12BA01'],
    ['Potassium Chloride', 'IV', 'B05XA01'],
    ['Vancomycin', 'PO/NG', 'A07AA09'],
    ['Vancomycin', 'IV', 'J01XA01'],
    ['Timolol Maleate 0.5%', 'BOTH EYES', 'S01ED01'],
    ['Fentanyl Citrate', 'IV DRIP', 'N01AH01'],
    ['Acyclovir', 'TP', 'D06BB03'],
    ['Metronidazole', 'IV', 'J01XD01'],
    // Words of the name are closer to the product than the column.
    ['Erythromycin 0.5% Ophth Oint', 'TP', 'S01AA17'],
    // A route without a code of its own: the default.
    ['Furosemide', 'PR', 'C03CA01'],
  ])('%s by %s', (drug, route, atc) => {
    expect(codes({ drug, route })).toEqual([atc]);
  });
});

describe('rows that name no drug', () => {
  it.each([
    ['Bag', 'container'],
    ['Vial', 'container'],
    ['Syringe', 'container'],
    ['Send 500mg Vial', 'container'],
    ['Yellow CADD Cassette', 'container'],
    ['Syringe (Chemo)', 'container'],
    ['Insulin Syringe U-500', 'container'],
    ['D5W', 'diluent'],
    ['NS', 'diluent'],
    ['NS (Mini Bag Plus)', 'diluent'],
    ['SW', 'diluent'],
    ['Sterile Water', 'diluent'],
    ['0.9% Sodium Chloride (Mini Bag Plus)', 'diluent'],
    ['Sodium Chloride 0.9%  Flush', 'diluent'],
    ['Iso-Osmotic Dextrose', 'diluent'],
    ['Syringe (Neonatal) *D5W*', 'diluent'],
    ['5% Dextrose (EXCEL BAG)', 'diluent'],
    ['D5 1/2NS', 'diluent'],
    ['Lactated Ringers', 'diluent'],
    ['Isotonic Sodium Chloride', 'diluent'],
    ['Dextrose 5% in 0.45% Sodium Chloride', 'diluent'],
    ['Soln.', 'diluent'],
    ['Click Change <--- to Choose a Base Solution', 'not-a-drug'],
    ['Insulin Pump (Self Administering Medication)', 'not-a-drug'],
  ])('%s is skipped as %s', (drug, skip) => {
    expect(mapper.map({ drug })).toEqual({ skip });
  });
});

it.each([['Qqzoltrexamine'], [''], ['Orthopedic Solution']])('%j stays unmapped', (drug) => {
  expect(mapper.map({ drug })).toBeNull();
});

it('does not take an ingredient without a code of its own for a drug', () => {
  expect(mapper.map({ drug: 'Clavulanate' })).toBeNull();
  expect(codes({ drug: 'Carbidopa-Levodopa' })).toEqual(['N04BA02']);
});
