/** Models behind HTTP. */
export { exampleNotes, type ExampleOptions } from './examples.js';
export { limitsSchema, type Limits } from './limits.js';
export { expectGuarded, serve, type ServeOptions } from './serve.js';
