/** Protocols: what a run reproduces — the paper, its released code, or neither's mistakes. */
export { assertSwitches, protocolSchema, withProtocol, type Position, type ProtocolChoice } from './choice.js';
export { recordProtocol } from './record.js';
export { alternativesOf, protocolNames, readSwitches, variantNames, variantsOf, type ProtocolName, type ProtocolSwitch, type Settings, type VariantName } from './switches.js';
