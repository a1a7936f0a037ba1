/** Typed errors. A message says where, what was expected, what was got and what to do; never any patient text. */

export type ErrorKind = 'configuration' | 'data' | 'shape' | 'checkpoint' | 'device' | 'numeric';

export class MedweaveError extends Error {
  readonly kind: ErrorKind;

  constructor(kind: ErrorKind, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = `${kind[0]!.toUpperCase()}${kind.slice(1)}Error`;
    this.kind = kind;
  }
}

/** A field of a configuration, or a command-line argument, is wrong. */
export const configurationError = (message: string, cause?: unknown) => new MedweaveError('configuration', message, { cause });

/** An input file is missing, damaged or not what it should be. Name the file, and the line where known. */
export const dataError = (message: string, cause?: unknown) => new MedweaveError('data', message, { cause });

/** A tensor has the wrong shape; name the axis. */
export const shapeError = (message: string) => new MedweaveError('shape', message);

/** A checkpoint does not fit what it is loaded into. */
export const checkpointError = (message: string, cause?: unknown) => new MedweaveError('checkpoint', message, { cause });

/** A device is not usable here, or lacks a kernel. */
export const deviceError = (message: string, cause?: unknown) => new MedweaveError('device', message, { cause });

/** A loss became NaN or infinite. */
export const numericError = (message: string) => new MedweaveError('numeric', message);

/** Exit code of the command line: 2 when the user's input is wrong, 1 for anything else. */
export function exitCodeOf(error: unknown): 1 | 2 {
  if (!(error instanceof MedweaveError)) return 1;
  return error.kind === 'numeric' ? 1 : 2;
}
