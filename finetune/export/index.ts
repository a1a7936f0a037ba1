/** Fine-tuned runs as ONNX models. */
export { exportModel, type ExportedModel, type ExportModelOptions } from './export-model.js';
