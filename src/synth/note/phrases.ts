/** The sentences that notes are made of, all written for this project; `{s}` is a disease's name, `{S}` the same with a capital. */

export const AFFIRMED = [
  'The patient has {s}.', 'Known history of {s}.', 'History is notable for {s}.', '{S} was an active problem.', 'Admitted with {s}.', 'Followed here for {s}.',
  'Care was given for {s}.', 'The course was marked by {s}.', 'We continued to treat {s}.', '{S} was confirmed.', 'On arrival there was {s}.', 'Work-up showed {s}.',
  'The team managed {s}.', 'Also found to have {s}.', '{S} again required attention.', 'Past history includes {s}.',
] as const;

export const DENIED = [
  'No evidence of {s}.', 'There was no {s}.', '{S} was ruled out.', 'Work-up was negative for {s}.', 'Denies {s}.', 'Never had {s}.', 'No sign of {s} was found.', 'Testing argued against {s}.',
] as const;

export const FAMILY = [
  'Mother with {s}.', 'Father had {s}.', 'A brother is treated for {s}.', 'A sister has {s}.', 'Grandfather died with {s}.',
] as const;

export const NO_FAMILY = ['Non-contributory.', 'Nothing of note in close relatives.', 'Unknown to the patient.'] as const;

/** How a detail follows the name it belongs to. */
export const WITH_DETAIL = ['{s}, {d}', '{s} ({d})', '{s} - {d}'] as const;

/** Which code system a visit is coded in can be read from its first sentence, as a change of record system would show. */
export const RECORD_SYSTEM = {
  icd9: ['This summary was dictated and transcribed.', 'Dictated by the house officer and typed later.'],
  icd10: ['This summary was written in the electronic record.', 'Entered directly into the electronic record.'],
} as const;

export const COMPLAINTS = ['weakness', 'a general decline', 'fatigue', 'loss of appetite', 'shortness of breath', 'abdominal discomfort', 'unsteady gait', 'fever at home'] as const;

export const OPENINGS = [
  'This is a {age} year old {person} who came to the hospital because of {complaint}.',
  'A {age}-year-old {person} was brought in; the family reported {complaint}.',
  '{age} yo {sex} presenting with {complaint}.',
  'The {age} year old {person} had been in the usual state of health until {n} days before admission, when {complaint} began.',
] as const;

/** Sentences that say nothing; `{n}` is a number. */
export const FILLER = [
  'Vital signs on arrival: temperature 98.{d}, heart rate {n2}, respiratory rate 1{d}.', 'The patient was seen by the primary team each morning.', 'Laboratory values were followed daily.',
  'White count {d}.{d}, glucose 1{n2}, sodium 13{d}.', 'A chest film was obtained and compared with the prior study.', 'Consultants agreed with the plan.', 'The patient worked with physical therapy.',
  'Diet was advanced as tolerated.', 'Lines were removed before leaving.', 'The family was kept informed throughout.', 'Outside records were requested from {blank}.', 'Case management was involved early.',
  'The plan was discussed with Dr. {blank}.', 'Imaging was reviewed with the radiologist.', 'The abdomen was soft and the lungs were clear at the bases.', 'Alert and oriented on the day of leaving.',
  'The night was uneventful.', 'Blood was drawn on hospital day {d}.', 'Telemetry was stopped after {n2} hours.', 'Weight at the end of the stay was {n2}.{d} kg.', 'The patient expressed understanding of the instructions.',
  'Ambulating with minimal assistance.', 'Please call {blank} with any questions.', 'The pending results will be sent to the clinic.', 'A repeat panel was unchanged.', 'Oxygen was weaned over {d} days.',
  'Fluids were given and then stopped.', 'Skin was warm and dry.', 'Heart sounds were regular without rubs.', 'Pupils were equal and reactive.', 'The incision site, if any, was clean.', 'Medications were reconciled by the pharmacist.',
] as const;
