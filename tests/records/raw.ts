/** Tiny raw data sets for the tests of `records`: every word of theirs is invented. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { afterAll } from 'vitest';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-records-'));
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

/** A fresh directory that goes with the test file's others at its end. */
export const temporaryDir = (): string => fs.mkdtempSync(path.join(root, 'd-'));

export type Tables = Record<string, string | Buffer>;

/** Writes files below `dir`; names that end in `.gz` are gzipped. */
export function writeFiles(dir: string, files: Tables): string {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(dir, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, name.endsWith('.gz') ? zlib.gzipSync(content) : content);
  }
  return dir;
}

const lines = (...rows: string[]): string => `${rows.join('\n')}\n`;

/** A note that holds doubled quotes, line breaks and lines that look like records of the file. */
export const trickyNote = 'He said ""fine"".\n103-DS-9,3,103,DS,9,2150-01-01 00:00:00,2150-01-01 00:00:00,planted\n\nDischarged home, é ñ 😀.';
export const trickyText = trickyNote.replaceAll('""', '"');

/** Three admissions of two patients, ICD-9 and ICD-10, with a note module. */
export const mimic4Files = (): Tables => ({
  'hosp/patients.csv': lines(
    'subject_id,gender,anchor_age,anchor_year,anchor_year_group,dod',
    '1,F,60,2150,2011 - 2013,',
    '2,M,91,2140,2011 - 2013,',
    '3,M,30,2140,2011 - 2013,'),
  'hosp/admissions.csv': lines(
    'subject_id,hadm_id,admittime,dischtime,deathtime,admission_type,discharge_location,hospital_expire_flag',
    '1,101,2150-03-01 10:00:00,2150-03-05 12:00:00,,URGENT,HOME,0',
    '1,102,2152-03-01 10:00:00,2152-03-05 12:00:00,,URGENT,HOME,0',
    '2,103,2141-03-01 10:00:00,2141-03-05 12:00:00,2141-03-05 13:00:00,EW EMER.,DIED,1'),
  'hosp/diagnoses_icd.csv': lines(
    'subject_id,hadm_id,seq_num,icd_code,icd_version',
    '1,101,2,25000,9',
    '1,101,1,0031,9',
    '1,101,3,25000,9',
    '1,102,1,E119,10',
    '2,103,1,E1010,10',
    '2,103,2,E8781,9',
    '2,103,3,NoDx,10'),
  'hosp/procedures_icd.csv': lines('subject_id,hadm_id,seq_num,chartdate,icd_code,icd_version', '1,101,1,2150-03-02,0066,9', '2,103,1,2141-03-02,0DTJ4ZZ,10'),
  'hosp/prescriptions.csv.gz': lines(
    'subject_id,hadm_id,starttime,stoptime,drug_type,drug,gsn,ndc,route',
    '1,101,2150-03-02 08:00:00,,MAIN,"Furosemide ",008208,0,PO',
    '1,101,2150-03-01 08:00:00,,MAIN,Metoprolol Tartrate,,0,PO',
    '1,101,2150-03-03 08:00:00,,MAIN,furosemide,008208,,IV',
    '1,101,2150-03-03 08:00:00,,BASE,Bag,,0,IV',
    '1,102,2152-03-03 08:00:00,,MAIN,Zzyzx Elixir,,0,PO',
    '1,102,2152-03-03 08:00:00,,MAIN,,,0,PO',
    '1,999,2152-03-03 08:00:00,,MAIN,Furosemide,,0,PO'),
  'note/discharge.csv.gz': lines(
    'note_id,subject_id,hadm_id,note_type,note_seq,charttime,storetime,text',
    '1-DS-1,1,101,DS,1,2150-03-05 00:00:00,2150-03-05 00:00:00,"An earlier version."',
    '1-DS-2,1,101,DS,2,2150-03-05 00:00:00,2150-03-05 00:00:00,"The last version,',
    'on two lines."',
    '1-AD-3,1,101,AD,3,2150-03-09 00:00:00,2150-03-09 00:00:00,"An addendum."',
    `2-DS-4,2,103,DS,4,2141-03-05 00:00:00,2141-03-05 00:00:00,"${trickyNote}"`,
    '2-DS-5,2,,DS,5,2141-03-05 00:00:00,2141-03-05 00:00:00,"No admission."'),
});

/** Upper-case names and quoted headers, as in the full MIMIC-III. */
export const mimic3Files = (): Tables => ({
  'PATIENTS.csv': lines('"ROW_ID","SUBJECT_ID","GENDER","DOB","DOD"', '1,1,"F",2090-06-15 00:00:00,', '2,2,"M",1850-01-01 00:00:00,'),
  'ADMISSIONS.csv': lines(
    '"ROW_ID","SUBJECT_ID","HADM_ID","ADMITTIME","DISCHTIME","DEATHTIME","ADMISSION_TYPE","DISCHARGE_LOCATION","HOSPITAL_EXPIRE_FLAG"',
    '1,1,11,2150-06-14 00:00:00,2150-06-20 00:00:00,,"EMERGENCY","HOME",0',
    '2,1,12,2150-06-15 00:00:00,2150-06-21 00:00:00,,"ELECTIVE","HOME",0',
    '3,2,13,2150-06-15 00:00:00,2150-06-14 00:00:00,2150-06-14 00:00:00,"EMERGENCY","DEAD/EXPIRED",1'),
  'DIAGNOSES_ICD.csv': lines('"ROW_ID","SUBJECT_ID","HADM_ID","SEQ_NUM","ICD9_CODE"', '1,1,11,1,"4019"', '2,1,12,1,"V4581"', '3,2,13,,""', '4,2,13,1,"00845"'),
  'PROCEDURES_ICD.csv': lines('"ROW_ID","SUBJECT_ID","HADM_ID","SEQ_NUM","ICD9_CODE"', '1,1,11,1,"9604"', '2,1,12,1,"0066"'),
  'PRESCRIPTIONS.csv': lines('"ROW_ID","SUBJECT_ID","HADM_ID","STARTDATE","ENDDATE","DRUG_TYPE","DRUG","NDC","ROUTE"', '1,1,11,2150-06-14 00:00:00,2150-06-15 00:00:00,"MAIN","Furosemide","00517570425","IV"'),
  'D_ICD_DIAGNOSES.csv': lines('"ROW_ID","ICD9_CODE","SHORT_TITLE","LONG_TITLE"', '1,"4019","Hypertension NOS","Unspecified essential hypertension"', '2,"notacode","x","y"'),
  'NOTEEVENTS.csv': lines(
    '"ROW_ID","SUBJECT_ID","HADM_ID","CHARTDATE","CHARTTIME","STORETIME","CATEGORY","DESCRIPTION","CGID","ISERROR","TEXT"',
    '1,1,11,2150-06-20,,,"Discharge summary","Report",,,"First."',
    '2,1,11,2150-06-21,,,"Discharge summary","Report",,,"Second."',
    '3,1,11,2150-06-22,,,"Discharge summary","Report",,1,"An error."',
    '4,1,11,2150-06-23,,,"Discharge summary","Addendum",,,"More."',
    '5,1,12,2150-06-21,2150-06-21 10:00:00,,"Nursing","Report",,,"Slept."'),
});

/** Two articles, one in two splits; `Ñ😀` shifts UTF-16 offsets against characters. */
export const codiespFiles = (): Tables => ({
  'train/text_files/S1-1.txt': 'Ñ😀 dolor de pecho y tos.\n',
  'train/text_files/S1-2.txt': 'Fiebre alta.\n',
  'train/text_files_en/S1-1.txt': 'Chest pain and cough.\n',
  'train/text_files_en/S1-2.txt': 'High fever.\n',
  'train/trainD.tsv': lines('S1-1\tr07.9', 'S1-1\tr05', 'S1-1\tr07.9', 'S1-2\tr50.9', 'S9-9\tr05'),
  'train/trainP.tsv': lines('S1-1\tbw03zzz', 'S1-2\tct13'),
  'train/trainX.tsv': lines('S1-1\tDIAGNOSTICO\tr07.9\tdolor pecho\t3 8;12 17', 'S1-1\tDIAGNOSTICO\tr05\ttos\t0 3', 'S1-1\tOTRO\tr05\ttos\t20 23', 'S1-1\tDIAGNOSTICO\tr05\ttos\tx'),
  'dev/text_files/S2-1.txt': 'Sin hallazgos.\n',
  'dev/text_files_en/S2-1.txt': 'No findings.\n',
  'dev/devD.tsv': lines('S2-1\t8000/6'),
  'background/text_files/S2-2.txt': 'Texto sin códigos.\n',
  'background/text_files_en/S2-2.txt': 'Text without codes.\n',
});
