/** Facts that only the text holds: they decide which drug of a group is given, and whom readmission threatens. */
import type { Fact } from './types.js';

export const FACTS = [
  {
    id: 'penicillin-allergy', scope: 'patient', rate: 0.2, statedIfTrue: 0.92, statedIfFalse: 0.6,
    sentencesIfTrue: ['Allergic to penicillin, which gave hives.', 'Penicillin causes a rash.', 'PCN: throat swelling as a child.', 'Cannot take penicillins or other beta-lactams.'],
    sentencesIfFalse: ['No known drug allergies.', 'NKDA.', 'Has tolerated penicillins well.', 'No allergies to antibiotics.'],
  },
  {
    id: 'ace-inhibitor-cough', scope: 'patient', rate: 0.22, statedIfTrue: 0.88, statedIfFalse: 0.25,
    sentencesIfTrue: ['Lisinopril was stopped in the past because of a dry cough.', 'ACE inhibitors make this patient cough.', 'Had a cough on an ACE inhibitor.'],
    sentencesIfFalse: ['Has tolerated ACE inhibitors without cough.', 'No trouble with ACE inhibitors so far.'],
  },
  {
    id: 'statin-intolerance', scope: 'patient', rate: 0.15, statedIfTrue: 0.88, statedIfFalse: 0.2,
    sentencesIfTrue: ['Statins gave muscle aches and are avoided.', 'Statin therapy was given up for myalgia.', 'Muscle enzymes rose on a statin.'],
    sentencesIfFalse: ['Statin therapy has been well tolerated.', 'No muscle aches on a statin.'],
  },
  {
    id: 'cannot-swallow', scope: 'visit', rate: 0.18, statedIfTrue: 0.9, statedIfFalse: 0.35,
    sentencesIfTrue: ['Unable to swallow pills; nothing by mouth.', 'Failed the bedside swallow test.', 'Kept NPO because tablets could not be swallowed.'],
    sentencesIfFalse: ['Takes pills by mouth without difficulty.', 'Passed the swallow test and ate a regular diet.'],
  },
  {
    id: 'long-qt', scope: 'visit', rate: 0.18, statedIfTrue: 0.9, statedIfFalse: 0.35,
    sentencesIfTrue: ['ECG with a prolonged QT interval.', 'The QTc was 520 ms, so QT-prolonging drugs were avoided.', 'Corrected QT above 500.'],
    sentencesIfFalse: ['ECG with a normal QT interval.', 'The QTc was 420 ms.'],
  },
  {
    id: 'low-clearance', scope: 'visit', rate: 0.25, statedIfTrue: 0.9, statedIfFalse: 0.35,
    sentencesIfTrue: ['Drugs were adjusted to an estimated clearance of 22 mL/min.', 'Estimated clearance was below 30 mL/min on arrival.', 'Pharmacy asked to avoid renally cleared drugs.'],
    sentencesIfFalse: ['Estimated clearance was above 80 mL/min.', 'No dose changes were needed for clearance.'],
  },
  {
    id: 'no-support', scope: 'visit', rate: 0.5, statedIfTrue: 0.95, statedIfFalse: 0.95,
    sentencesIfTrue: ['Lives alone and often forgets doses.', 'No follow-up could be arranged before leaving.', 'Has nobody to help with tablets at home.', 'Missed the last two clinic appointments.'],
    sentencesIfFalse: ['A daughter sets out the tablets every week.', 'Follow-up is booked for next week.', 'A visiting nurse comes every day.', 'Keeps every clinic appointment.'],
  },
] as const satisfies readonly Fact[];

export type FactId = (typeof FACTS)[number]['id'];
