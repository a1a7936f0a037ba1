/** Diseases and injuries of bones and joints, and status codes, with the words notes use for them. */
import type { DiseaseEntry } from '../entry.js';

export const bones: readonly DiseaseEntry[] = [
  {
    id: 'hip-fracture', rates: { any: 0.004, bones: 0.3 },
    surfaces: ['a hip fracture', 'a broken hip', 'femoral neck fracture'],
    variants: [
      [0.2, ['820.8', 'Closed fracture of unspecified part of neck of femur'], ['S72.009A', 'Fracture of unspecified part of neck of unspecified femur, initial encounter for closed fracture']],
      [0.4, ['820.8', 'Closed fracture of unspecified part of neck of femur'], ['S72.001A', 'Fracture of unspecified part of neck of right femur, initial encounter for closed fracture'], ['on the right', 'with a shortened right leg']],
      [0.4, ['820.8', 'Closed fracture of unspecified part of neck of femur'], ['S72.002A', 'Fracture of unspecified part of neck of left femur, initial encounter for closed fracture'], ['on the left', 'with a shortened left leg']],
    ],
  },
  {
    id: 'knee-arthrosis', chronic: true, rates: { any: 0.02, bones: 0.3 },
    surfaces: ['knee osteoarthritis', 'a worn-out knee', 'degenerative knee disease'],
    variants: [
      [0.4, ['715.96', 'Osteoarthrosis, unspecified whether generalized or localized, lower leg'], ['M17.9', 'Osteoarthritis of knee, unspecified']],
      [0.3, ['715.96', 'Osteoarthrosis, unspecified whether generalized or localized, lower leg'], ['M17.11', 'Unilateral primary osteoarthritis, right knee'], ['worse in the right knee', 'right joint space gone']],
      [0.3, ['715.96', 'Osteoarthrosis, unspecified whether generalized or localized, lower leg'], ['M17.12', 'Unilateral primary osteoarthritis, left knee'], ['worse in the left knee', 'left joint space gone']],
    ],
  },
  {
    id: 'osteoporosis', chronic: true, rates: { any: 0.035, bones: 0.3 },
    surfaces: ['osteoporosis', 'thin bones on DEXA'],
    variants: [[1, ['733.00', 'Osteoporosis, unspecified'], ['M81.0', 'Age-related osteoporosis without current pathological fracture']]],
  },
  {
    id: 'vertebral-fracture', rates: { any: 0.003, bones: 0.13 },
    surfaces: ['a vertebral compression fracture', 'a collapsed vertebra'],
    variants: [[1, ['733.13', 'Pathologic fracture of vertebrae'], ['M80.08XA', 'Age-related osteoporosis with current pathological fracture, vertebra(e), initial encounter for fracture']]],
  },
  {
    id: 'rheumatoid-arthritis', chronic: true, rates: { any: 0.015, bones: 0.13 },
    surfaces: ['rheumatoid arthritis', 'inflammatory arthritis of the small joints'],
    variants: [[1, ['714.0', 'Rheumatoid arthritis'], ['M06.9', 'Rheumatoid arthritis, unspecified']]],
  },
  {
    id: 'ankylosing-spondylitis', chronic: true, rates: { any: 0.001, bones: 0.035 }, shared: 'AS',
    surfaces: ['ankylosing spondylitis', 'a fused, inflamed spine'],
    variants: [[1, ['720.0', 'Ankylosing spondylitis'], ['M45.9', 'Ankylosing spondylitis of unspecified sites in spine']]],
  },
  {
    id: 'low-back-pain', chronic: true, rates: { any: 0.04, bones: 0.2 },
    surfaces: ['low back pain', 'lumbago'],
    variants: [[1, ['724.2', 'Lumbago'], ['M54.5', 'Low back pain']]],
  },
  {
    id: 'lumbar-stenosis', chronic: true, rates: { any: 0.008, bones: 0.15 },
    surfaces: ['lumbar spinal stenosis', 'neurogenic claudication'],
    variants: [[1, ['724.02', 'Spinal stenosis, lumbar region, without neurogenic claudication'], ['M48.061', 'Spinal stenosis, lumbar region without neurogenic claudication']]],
  },
  {
    id: 'hip-replacement', chronic: true, rates: { any: 0.02, bones: 0.2 },
    surfaces: ['a hip replacement', 'an artificial hip'],
    variants: [[1, ['V43.64', 'Hip joint replacement'], ['Z96.649', 'Presence of unspecified artificial hip joint']]],
  },
  {
    id: 'fall', rates: { any: 0.04, bones: 0.34, mind: 0.12 },
    surfaces: ['a fall', 'tripping at home'],
    variants: [[1, ['E888.9', 'Unspecified fall'], ['W19.XXXA', 'Unspecified fall, initial encounter']]],
  },
  {
    id: 'long-term-anticoagulant', chronic: true, rates: { any: 0.03, cardiac: 0.18, bones: 0.1 },
    surfaces: ['long-term anticoagulation', 'lifelong blood thinners'],
    variants: [[1, ['V58.61', 'Long-term (current) use of anticoagulants'], ['Z79.01', 'Long term (current) use of anticoagulants']]],
  },
  {
    id: 'do-not-resuscitate', rates: { any: 0.06, oncology: 0.16, mind: 0.11 },
    surfaces: ['do-not-resuscitate status', 'DNR/DNI'],
    variants: [[1, ['V49.86', 'Do not resuscitate status'], ['Z66', 'Do not resuscitate']]],
  },
];
