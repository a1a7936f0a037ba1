/** `medweave score`: a CodiEsp prediction file against its gold file, as the official scripts do and strictly. */
import { scoreCodiespFiles, type CodiespScores, codiespTasks } from '../../metrics/codiesp/score-files.js';
import type { CodeCheck, CodiespTask } from '../../metrics/codiesp/code-lists.js';
import { defineCommand } from '../command.js';

interface ScoreArgs {
  task: CodiespTask;
  gold: string;
  pred: string;
  codes: string[];
  anyCode: boolean;
}

/** A table with one row a dialect. */
function scoreTable(dialects: CodiespScores['dialects']): string {
  const columns = Object.keys(dialects['codiesp-strict']);
  const cells = Object.entries(dialects).map(([name, scores]) => [name.padEnd(16), ...columns.map((column) => scores[column]!.toFixed(3).padStart(9))]);
  return [[' '.repeat(16), ...columns.map((column) => column.padStart(9))], ...cells].map((row) => row.join('  ')).join('\n');
}

const checks: Record<CodeCheck, string> = { list: 'not in the list', shape: 'by shape; --codes FILE checks against a list', none: 'not checked' };

const counts = ({ gold_documents, predicted_documents, invalid_predictions, code_check }: CodiespScores): string =>
  `${gold_documents} gold documents, ${predicted_documents} with predictions; ${invalid_predictions} predictions of invalid codes (${checks[code_check]})`;

export default defineCommand<ScoreArgs>({
  usage: 'score <task>',
  describe: 'Score a CodiEsp prediction file',
  builder: (yargs) =>
    yargs
      .positional('task', { choices: codiespTasks, demandOption: true, describe: 'diagnoses, procedures, or both with evidence' })
      .option('gold', { type: 'string', demandOption: true, requiresArg: true, describe: 'gold file, tab-separated: D, P document, code; X document, label, code, text, span' })
      .option('pred', { type: 'string', demandOption: true, requiresArg: true, describe: 'predictions: D, P document, code in order of rank; X document, span, label, code' })
      .option('codes', { type: 'string', array: true, default: [], requiresArg: true, describe: 'files with the valid codes in the first column; predictions of others are dropped' })
      .option('any-code', { type: 'boolean', default: false, describe: 'take every predicted code for one that exists (codes of another system than ICD-10)' })
      .example('$0 score codiesp-d --gold devD.tsv --pred predictions.tsv', '')
      .epilogue('codiesp-official divides MAP by the documents of the prediction file, codiesp-strict by those of the gold file.') as never,
  run: async ({ task, gold, pred, codes, anyCode }, { log }) => {
    const scores = scoreCodiespFiles({ task, gold, predictions: pred, codes, anyCode });
    if (scores.code_check === 'none' && !anyCode) log.warn(`${gold}: most codes have not the shape of ${task}'s; whether predicted codes exist is not checked (--codes FILE checks it)`);
    return { text: `${task}: ${counts(scores)}\n${scoreTable(scores.dialects)}`, json: scores };
  },
});
