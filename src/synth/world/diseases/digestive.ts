/** Diseases of the gut, the liver and the pancreas, with their codes and the words notes use for them. */
import type { DiseaseEntry } from '../entry.js';

export const digestive: readonly DiseaseEntry[] = [
  {
    id: 'reflux', chronic: true, rates: { any: 0.17, digestive: 0.34 },
    surfaces: ['GERD', 'gastroesophageal reflux', 'acid reflux', 'chronic heartburn'],
    variants: [[1, ['530.81', 'Esophageal reflux'], ['K21.9', 'Gastro-esophageal reflux disease without esophagitis']]],
  },
  {
    id: 'cirrhosis', chronic: true, rates: { any: 0.012, digestive: 0.27 },
    surfaces: ['cirrhosis', 'a scarred, nodular liver'],
    variants: [
      [0.55, ['571.5', 'Cirrhosis of liver without mention of alcohol'], ['K74.60', 'Unspecified cirrhosis of liver']],
      [0.45, ['571.2', 'Alcoholic cirrhosis of liver'], ['K70.30', 'Alcoholic cirrhosis of liver without ascites'], ['from years of drinking', 'alcoholic in origin']],
    ],
  },
  {
    id: 'ascites', rates: { any: 0.01, digestive: 0.2, oncology: 0.05 },
    surfaces: ['ascites', 'fluid in the abdomen', 'a tense abdomen with shifting dullness'],
    variants: [[1, ['789.59', 'Other ascites'], ['R18.8', 'Other ascites']]],
  },
  {
    id: 'hepatic-encephalopathy', rates: { any: 0.004, digestive: 0.13 },
    surfaces: ['hepatic encephalopathy', 'asterixis with a high ammonia'],
    variants: [[1, ['572.2', 'Hepatic encephalopathy'], ['K72.90', 'Hepatic failure, unspecified without coma']]],
  },
  {
    id: 'esophageal-varices', chronic: true, rates: { any: 0.002, digestive: 0.12 },
    surfaces: ['esophageal varices', 'dilated veins in the esophagus'],
    variants: [
      [0.7, ['456.21', 'Esophageal varices in diseases classified elsewhere, without mention of bleeding'], ['I85.10', 'Secondary esophageal varices without bleeding'], ['never bled', 'banded before they could bleed']],
      [0.3, ['456.20', 'Esophageal varices in diseases classified elsewhere, with bleeding'], ['I85.11', 'Secondary esophageal varices with bleeding'], ['actively bleeding', 'with a large hematemesis from them']],
    ],
  },
  {
    id: 'hepatitis-c', chronic: true, rates: { any: 0.015, digestive: 0.13, infection: 0.08, mind: 0.05 },
    surfaces: ['hepatitis C', 'HCV'],
    variants: [[1, ['070.54', 'Chronic hepatitis C without mention of hepatic coma'], ['B18.2', 'Chronic viral hepatitis C']]],
  },
  {
    id: 'gi-hemorrhage', rates: { any: 0.02, digestive: 0.13 }, shared: 'GI bleed',
    surfaces: ['gastrointestinal hemorrhage of unclear source', 'melena without a source'],
    variants: [[1, ['578.9', 'Hemorrhage of gastrointestinal tract, unspecified'], ['K92.2', 'Gastrointestinal hemorrhage, unspecified']]],
  },
  {
    id: 'bleeding-gastric-ulcer', rates: { any: 0.005, digestive: 0.07 }, shared: 'GI bleed',
    surfaces: ['a bleeding gastric ulcer', 'a gastric ulcer with a visible vessel'],
    variants: [[1, ['531.40', 'Chronic or unspecified gastric ulcer with hemorrhage, without mention of obstruction'], ['K25.4', 'Chronic or unspecified gastric ulcer with hemorrhage']]],
  },
  {
    id: 'diverticular-bleeding', rates: { any: 0.004, digestive: 0.05 }, shared: 'GI bleed',
    surfaces: ['diverticular bleeding', 'diverticulosis that bled'],
    variants: [[1, ['562.12', 'Diverticulosis of colon with hemorrhage'], ['K57.31', 'Diverticulosis of large intestine without perforation or abscess with bleeding']]],
  },
  {
    id: 'diverticulitis', rates: { any: 0.005, digestive: 0.06 },
    surfaces: ['diverticulitis', 'an inflamed sigmoid diverticulum'],
    variants: [[1, ['562.11', 'Diverticulitis of colon (without mention of hemorrhage)'], ['K57.32', 'Diverticulitis of large intestine without perforation or abscess without bleeding']]],
  },
  {
    id: 'acute-pancreatitis', rates: { any: 0.006, digestive: 0.11 }, shared: 'pancreatitis',
    surfaces: ['acute pancreatitis', 'sudden epigastric pain with a lipase of 2,400'],
    variants: [[1, ['577.0', 'Acute pancreatitis'], ['K85.90', 'Acute pancreatitis without necrosis or infection, unspecified']]],
  },
  {
    id: 'chronic-pancreatitis', chronic: true, rates: { any: 0.003, digestive: 0.07 }, shared: 'pancreatitis',
    surfaces: ['chronic pancreatitis', 'a calcified pancreas'],
    variants: [[1, ['577.1', 'Chronic pancreatitis'], ['K86.1', 'Other chronic pancreatitis']]],
  },
  {
    id: 'crohns-disease', chronic: true, rates: { any: 0.002, digestive: 0.06 }, shared: 'IBD',
    surfaces: ["Crohn's disease", 'regional enteritis'],
    variants: [[1, ['555.9', 'Regional enteritis of unspecified site'], ['K50.90', "Crohn's disease, unspecified, without complications"]]],
  },
  {
    id: 'ulcerative-colitis', chronic: true, rates: { any: 0.002, digestive: 0.05 }, shared: 'IBD',
    surfaces: ['ulcerative colitis', 'pancolitis on colonoscopy'],
    variants: [[1, ['556.9', 'Ulcerative colitis, unspecified'], ['K51.90', 'Ulcerative colitis, unspecified, without complications']]],
  },
  {
    id: 'gallstones', rates: { any: 0.012, digestive: 0.1 },
    surfaces: ['gallstones', 'cholelithiasis'],
    variants: [[1, ['574.20', 'Calculus of gallbladder without mention of cholecystitis, without mention of obstruction'], ['K80.20', 'Calculus of gallbladder without cholecystitis without obstruction']]],
  },
  {
    id: 'cholecystitis', rates: { any: 0.003, digestive: 0.05 },
    surfaces: ['acute cholecystitis', "an inflamed gallbladder with a positive Murphy's sign"],
    variants: [[1, ['575.0', 'Acute cholecystitis'], ['K81.0', 'Acute cholecystitis']]],
  },
  {
    id: 'bowel-obstruction', rates: { any: 0.006, digestive: 0.09, oncology: 0.05 },
    surfaces: ['bowel obstruction', 'SBO', 'dilated loops with air-fluid levels'],
    variants: [[1, ['560.9', 'Unspecified intestinal obstruction'], ['K56.609', 'Unspecified intestinal obstruction, unspecified as to partial versus complete obstruction']]],
  },
  {
    id: 'constipation', rates: { any: 0.06, oncology: 0.14, bones: 0.14 },
    surfaces: ['constipation', 'no stool for a week'],
    variants: [[1, ['564.00', 'Constipation, unspecified'], ['K59.00', 'Constipation, unspecified']]],
  },
];
