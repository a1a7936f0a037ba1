/** Leak: a task whose input holds its label. */
import type { CodeKind } from '../dataset/index.js';
import { leaked, passed, type Finding, type LeakName, type TaskDeclaration, type TaskInput } from './declaration.js';

const leakOf: Record<CodeKind, LeakName> = { dx: 'target-diagnoses', rx: 'target-medications', px: 'target-procedures' };
const nameOf: Record<TaskInput['modality'], string> = { text: 'text', dx: 'diagnoses', rx: 'medications', px: 'procedures' };

const whenOf: Record<TaskDeclaration['predictionTime'], string> = { admission: 'at admission', discharge: 'at discharge', 'after-coding': 'after coding' };

/** By what the task declares; nothing of the data is looked at. */
export const checkInputs = (declaration: TaskDeclaration): Finding[] => [checkLabel(declaration), checkText(declaration), ...acceptCodes(declaration)];

function checkLabel({ task, label, inputs }: TaskDeclaration): Finding {
  const check = `inputs of ${task} without its label`;
  const read = inputs.map(({ modality, visit }) => `${nameOf[modality]} of ${visit === 'same' ? 'the visit' : 'past visits'}`).join(', ');
  const kind = label.kinds.find((one): one is CodeKind => inputs.some(({ modality, visit }) => modality === one && visit === 'same'));
  if (!kind) return passed(check, read);
  const message = `${task} reads ${nameOf[kind]} of the visit, which it must predict; take ${kind} out of the inputs of the visit (finetune.inputs; for medication finetune.medication.current and .history)`;
  return leaked(check, { name: leakOf[kind], message });
}

/** A discharge summary tells what was decided during the stay, the medications at discharge among it. */
function checkText({ task, predictionTime, inputs }: TaskDeclaration): Finding {
  const check = `text of ${task} is written when it predicts`;
  const isInput = inputs.some(({ modality, visit }) => modality === 'text' && visit === 'same');
  if (!isInput) return passed(check, 'no text of the visit is read');
  if (predictionTime !== 'admission') return passed(check, `text of the visit, ${whenOf[predictionTime]}`);
  const message = `${task} is predicted at admission but reads the text of the visit, which is written at discharge and lists the medications; take text out of finetune.medication.current`;
  return leaked(check, { name: 'same-visit-text', message });
}

/** Codes are assigned after discharge, so that to read them earlier is an assumption of the task; it is said, and passes. */
function acceptCodes({ task, predictionTime, label, inputs }: TaskDeclaration): Finding[] {
  const codes = inputs.flatMap(({ modality, visit }) => (visit === 'same' && modality !== 'text' && !label.kinds.includes(modality) ? [nameOf[modality]] : []));
  if (!codes.length || predictionTime === 'after-coding') return [];
  return [passed(`codes of ${task} are known when it predicts`, `${codes.join(', ')} of the visit are taken as known ${whenOf[predictionTime]}, by the definition of the task; real ones are coded after discharge`)];
}
