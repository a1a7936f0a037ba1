/** The leak linter: what the other parts use of it. */
export { leakNames, type Finding, type Leak, type LeakName, type TaskDeclaration, type TaskInput, type TaskReads } from './declaration.js';
export { assertNoLeaks, findLeaks, lint, summaryOf, type LintRequest } from './lint.js';
