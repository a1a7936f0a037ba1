/** From the free text of a drug order (`NEO*IV*Vancomycin 500mg Inj (desensitization)`) to the words that may name ingredients. */

/** Lower case, no accents, no punctuation but `%` and decimal points: the form in which names are compared. */
export const nameKey = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f'’`]/g, '')
    .replace(/\.(?!\d)|(?<!\d)\.(?=\D|$)/g, '')
    .replace(/[^a-z0-9%.]+/g, ' ')
    .trim();

/** Removes the hospital's marks: `*NF*` (non-formulary), `NEO*IV*` (neonatal unit), study marks. */
export const withoutMarks = (text: string): string => text.replace(/\bneo\*\w+\*/gi, ' ').replace(/\*nf\*|\bnon-?formulary\b/gi, ' ').replace(/[*_]/g, ' ').trim();

/** What stands outside and inside round or square brackets. An unclosed bracket runs to the end. */
export function splitBrackets(text: string): { outside: string; inside: string[] } {
  const bracket = /[([]([^()[\]]*)(?:[)\]]|$)/g;
  const inside = [...text.matchAll(bracket)].map((match) => match[1]!).filter(Boolean);
  return { outside: text.replace(bracket, ' ').trim(), inside };
}

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

const mass = 'mg|mcg|ug|gm|g|grams?|kg|meq|meqs|mmol|mci|ppm|units?|un|u|iu|mu|million units?|million';
const volumeTimeCount = 'ml|l|liters?|cc|oz|tsp|mm|cm|inch|hrs?|hours?|h|min|minutes?|days?|wks?|weeks?|months?|puffs?|sprays?|drops?|doses?|tabs?|caps?|pack';
const units = `${mass}|${volumeTimeCount}`;
const strength = new RegExp(`(?<![a-z0-9])\\d[\\d,.]*(?:\\s*-\\s*\\d[\\d,.]*)?\\s*-?\\s*(?:%|(?:${units})\\b)(?:\\s*\\/\\s*[\\d.,]*\\s*(?:${units})\\b)*`, 'gi');

/** Removes strengths and amounts: `500mg`, `5%`, `25,000 units/250 mL`, `1:1000`. */
export const withoutStrength = (text: string): string => text.replace(strength, ' ').replace(/\b\d+\s*:\s*[\d,]+/g, ' ');

/** Forms, routes, packaging, wards and protocol words: never part of an ingredient's name. */
const formWords = words(`
  tablet tablets tab tabs capsule capsules cap caps caplet caplets pill pills oral orally po iv im sc sq subq subcut subcutaneous sl sublingual buccal pr id
  intravenous intramuscular intradermal intrathecal it epidural intravitreal intraperitoneal intravesical intranasal pca
  injection inj injectable infusion infus drip gtt bolus push premix premixed ivpb mini minibag bag piggyback pump
  er xr xl sr cr dr la ec ir cd sa xt pa extended delayed immediate sustained controlled release rel ext long acting slow
  once twice daily weekly odt disintegrating dissolving rapid chewable chew chewables effervescent enteric coated film
  elixir syrup susp suspension soln solution sol solns liquid liq drops drop powder pow packet packets pkt granules sprinkle sprinkles lozenge lozenges troche troches
  patch patches transdermal td cream crm oint ointment gel jelly lotion foam paste topical top shampoo spray aerosol aero roll stick pad pads swab swabs urojet glydo
  inhaler inhalers inh inhalation inhal inhaled mdi dpi neb nebs nebulizer nebulized nebuliser nebulization diskus respimat handihaler hfa turbuhaler twisthaler flexhaler ellipta
  nasal ophth ophthalmic ophthal opth ophthamic eye eyes otic ear ears supp supps suppository suppositories rectal enema vaginal vag douche irrigation irrig irrigant rinse swish swallow spit
  desensitization desensitisation protocol taper load loading dose doses dosing maintenance rescue initial replacement sliding scale critical care oncology cvicu icu micu sicu nicu picu
  reversal hemodialysis dialysis hd crrt cvvh priming machine iabp flush lock dwell picc midline port cvl line insertion insertions intubation
  for in with w per of the to on and or as needed prn hold bedtime hs
  neonatal neo peds pediatric ped adult infant child childrens preservative preserv free pf ud unit single multi use home med meds patient own supply self administering medication
  nf concentrated concentrate conc high low strength double extra max maximum ds ss hp brand generic formulary equivalent therapeutic interchange
  vial vials ampule amp ampul bag bags syringe syringes syr bottle kit carpuject tubex add vantage advantage frozen galaxy duplex prefilled autoinjector injector pen pens flexpen solostar kwikpen cartridge pack dosepak applicator
  sugar sf dye human recombinant rdna origin depot lar test study trial pre post op sterile nonsterile aqueous standard dilution diluted undiluted`);

/** Salts and esters; removed only when the name with them is unknown, so that potassium chloride and ferrous sulfate stay whole. */
const saltWords = words(`
  hydrochloride hcl dihydrochloride hydrobromide hbr bromide chloride sodium sod na disodium trisodium potassium k calcium cal magnesium zinc lysine meglumine tromethamine trometamol
  sulfate sulphate sulf succinate succ sod. tartrate tart bitartrate maleate mal mesylate mesilate besylate besilate tosylate fumarate citrate phosphate phos acetate acet nitrate gluconate lactate
  malate aspartate benzoate hyclate monohydrate monohyd dihydrate trihydrate hemihydrate anhydrous hydrate propionate dipropionate furoate xinafoate valerate acetonide hexacetonide pamoate embonate decanoate enanthate
  cypionate undecanoate carbonate axetil proxetil pivoxil etexilate mofetil medoxomil cilexetil disoproxil alafenamide palmitate stearate estolate ethylsuccinate lactobionate isethionate
  polacrilex micronized edisylate napsylate oxalate hemifumarate marboxil dimeglumine base salicylate etabonate pivalate butyrate succinic diphosphate dimesylate esylate ditosylate sulfonate`);

const dropWords = (key: string, drop: ReadonlySet<string>): string => key.split(' ').filter((word) => !drop.has(word)).join(' ');

const isNumber = /^[\d.,%]+$/;

/** Everything that does not help to name an ingredient is gone: forms first, then numbers. */
export const withoutForms = (key: string): string => dropWords(key, formWords);
export const withoutNumbers = (key: string): string => key.split(' ').filter((word) => !isNumber.test(word)).join(' ');
export const withoutSalts = (key: string): string => dropWords(key, saltWords);

/** Parts of a combination: `A-B`, `A/B`, `A + B`, `A & B`, `A w/B`, `A, B`. */
export const splitCombination = (text: string): string[] =>
  text.split(/\s*(?:--?|–|\/|\+|&|,|;|\bw\/|\bwith\b|\band\b|\bplus\b)\s*/i).filter((part) => /[a-z]{2}/i.test(part));
