/** Cancers and diseases of the blood, with their codes and the words notes use for them. */
import type { DiseaseEntry } from '../entry.js';

export const oncology: readonly DiseaseEntry[] = [
  {
    id: 'lung-cancer', chronic: true, rates: { any: 0.006, oncology: 0.24, respiratory: 0.04 },
    surfaces: ['lung cancer', 'bronchogenic carcinoma', 'a malignant lung mass'],
    variants: [
      [0.4, ['162.9', 'Malignant neoplasm of bronchus and lung, unspecified'], ['C34.90', 'Malignant neoplasm of unspecified part of unspecified bronchus or lung']],
      [0.3, ['162.9', 'Malignant neoplasm of bronchus and lung, unspecified'], ['C34.91', 'Malignant neoplasm of unspecified part of right bronchus or lung'], ['in the right lung', 'right hilar']],
      [0.3, ['162.9', 'Malignant neoplasm of bronchus and lung, unspecified'], ['C34.92', 'Malignant neoplasm of unspecified part of left bronchus or lung'], ['in the left lung', 'left hilar']],
    ],
  },
  {
    id: 'colon-cancer', chronic: true, rates: { any: 0.005, oncology: 0.15, digestive: 0.02 },
    surfaces: ['colon cancer', 'colonic adenocarcinoma'],
    variants: [[1, ['153.9', 'Malignant neoplasm of colon, unspecified site'], ['C18.9', 'Malignant neoplasm of colon, unspecified']]],
  },
  {
    id: 'pancreatic-cancer', chronic: true, rates: { any: 0.002, oncology: 0.11 },
    surfaces: ['pancreatic cancer', 'a malignant pancreatic mass'],
    variants: [[1, ['157.9', 'Malignant neoplasm of pancreas, part unspecified'], ['C25.9', 'Malignant neoplasm of pancreas, unspecified']]],
  },
  {
    id: 'lymphoma', chronic: true, rates: { any: 0.003, oncology: 0.14 },
    surfaces: ['lymphoma', "non-Hodgkin's lymphoma"],
    variants: [[1, ['202.80', 'Other malignant lymphomas, unspecified site, extranodal and solid organ sites'], ['C85.90', 'Non-Hodgkin lymphoma, unspecified, unspecified site']]],
  },
  {
    id: 'multiple-myeloma', chronic: true, rates: { any: 0.002, oncology: 0.09 },
    surfaces: ['multiple myeloma', 'a plasma cell malignancy'],
    variants: [[1, ['203.00', 'Multiple myeloma, without mention of having achieved remission'], ['C90.00', 'Multiple myeloma not having achieved remission']]],
  },
  {
    id: 'acute-leukemia', chronic: true, rates: { any: 0.001, oncology: 0.07 },
    surfaces: ['acute myeloid leukemia', 'AML'],
    variants: [[1, ['205.00', 'Acute myeloid leukemia, without mention of having achieved remission'], ['C92.00', 'Acute myeloblastic leukemia, not having achieved remission']]],
  },
  {
    id: 'bone-metastasis', chronic: true, rates: { any: 0.002, oncology: 0.16 },
    surfaces: ['bone metastases', 'lytic lesions from metastatic disease'],
    variants: [[1, ['198.5', 'Secondary malignant neoplasm of bone and bone marrow'], ['C79.51', 'Secondary malignant neoplasm of bone']]],
  },
  {
    id: 'liver-metastasis', chronic: true, rates: { any: 0.002, oncology: 0.15 },
    surfaces: ['liver metastases', 'metastatic deposits in the liver'],
    variants: [[1, ['197.7', 'Malignant neoplasm of liver, secondary'], ['C78.7', 'Secondary malignant neoplasm of liver and intrahepatic bile duct']]],
  },
  {
    id: 'brain-metastasis', chronic: true, rates: { any: 0.001, oncology: 0.08 },
    surfaces: ['brain metastases', 'enhancing metastatic lesions in the brain'],
    variants: [[1, ['198.3', 'Secondary malignant neoplasm of brain and spinal cord'], ['C79.31', 'Secondary malignant neoplasm of brain']]],
  },
  {
    id: 'neutropenia', rates: { any: 0.002, oncology: 0.2 },
    surfaces: ['neutropenia', 'a neutrophil count near zero after chemotherapy'],
    variants: [[1, ['288.03', 'Drug induced neutropenia'], ['D70.1', 'Agranulocytosis secondary to cancer chemotherapy']]],
  },
  {
    id: 'thrombocytopenia', rates: { any: 0.03, oncology: 0.14, digestive: 0.09 },
    surfaces: ['thrombocytopenia', 'low platelets'],
    variants: [[1, ['287.5', 'Thrombocytopenia, unspecified'], ['D69.6', 'Thrombocytopenia, unspecified']]],
  },
  {
    id: 'anemia-of-cancer', rates: { any: 0.002, oncology: 0.15 },
    surfaces: ['anemia of malignancy', 'marrow suppression with anemia from the tumor'],
    variants: [[1, ['285.22', 'Anemia in neoplastic disease'], ['D63.0', 'Anemia in neoplastic disease']]],
  },
  {
    id: 'anemia', rates: { any: 0.11, bones: 0.14 }, shared: 'a low blood count',
    surfaces: ['anemia', 'a hemoglobin below baseline'],
    variants: [[1, ['285.9', 'Anemia, unspecified'], ['D64.9', 'Anemia, unspecified']]],
  },
  {
    id: 'iron-deficiency', chronic: true, rates: { any: 0.035, digestive: 0.1 }, shared: 'a low blood count',
    surfaces: ['iron deficiency anemia', 'a low ferritin'],
    variants: [[1, ['280.9', 'Iron deficiency anemia, unspecified'], ['D50.9', 'Iron deficiency anemia, unspecified']]],
  },
  {
    id: 'blood-loss-anemia', rates: { any: 0.03, bones: 0.24, digestive: 0.13 }, shared: 'a low blood count',
    surfaces: ['acute blood loss anemia', 'a hemoglobin drop from blood loss'],
    variants: [[1, ['285.1', 'Acute posthemorrhagic anemia'], ['D62', 'Acute posthemorrhagic anemia']]],
  },
  {
    id: 'cancer-pain', rates: { any: 0.001, oncology: 0.17 },
    surfaces: ['cancer pain', 'tumor-related pain'],
    variants: [[1, ['338.3', 'Neoplasm related pain (acute) (chronic)'], ['G89.3', 'Neoplasm related pain (acute) (chronic)']]],
  },
  {
    id: 'nausea-vomiting', rates: { any: 0.03, oncology: 0.16, digestive: 0.1 },
    surfaces: ['nausea with vomiting', 'repeated emesis'],
    variants: [[1, ['787.01', 'Nausea with vomiting'], ['R11.2', 'Nausea with vomiting, unspecified']]],
  },
];
