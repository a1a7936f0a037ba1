/**
 * ONNX Runtime's Linux library sends usage events to its makers unless told not to, and keeps logs of that in the temporary directory. medweave
 * works on hospitals' data: nothing may leave the machine unasked.
 */

/** To be called before the library is loaded, by whatever loads it; processes that are started from this one inherit it. */
export function forbidTelemetry(environment: NodeJS.ProcessEnv = process.env): void {
  environment.ORT_DISABLE_TELEMETRY = '1';
}
