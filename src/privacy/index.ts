/** What could tell who a patient is, in files about to be shared. */
export { phiKinds, type PhiFinding, type PhiKind } from './finding.js';
export { scanForPhi, type ScanRequest, type ScanResult } from './scan.js';
