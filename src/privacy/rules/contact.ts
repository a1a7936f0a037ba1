/** Ways to reach a person: e-mail, web and network addresses. */
import net from 'node:net';
import { matches, type Rule } from './rule.js';

const email = /[\p{L}\d._%+-]{1,64}@[\p{L}\d-]{1,63}(?:\.[\p{L}\d-]{1,63})*\.\p{L}{2,24}/gu;
const RESERVED_MAIL = /@(?:[\w-]+\.)*(?:example|test|invalid|localhost)(?:\.(?:com|org|net))?$/i;

export const emails: Rule = { kind: 'email', find: (text) => matches(email, text, ([found]) => !RESERVED_MAIL.test(found)) };

const url = /\b(?:https?|ftp):\/\/([\w.-]+)(?::\d+)?(?:\/[^\s"'<>)\]}]*)?|\bwww\.([\w-]+(?:\.[\w-]+)+)(?:\/[^\s"'<>)\]}]*)?/gi;
/** Where software, standards, data sets and papers live; a patient's page does not. */
const PUBLIC_HOSTS = [
  'w3.org', 'json-schema.org', 'schema.org', 'github.com', 'github.io', 'githubusercontent.com', 'gitlab.com', 'huggingface.co', 'hf.co', 'npmjs.com', 'npmjs.org', 'nodejs.org', 'pypi.org', 'python.org',
  'physionet.org', 'mimic.mit.edu', 'doi.org', 'arxiv.org', 'aclanthology.org', 'zenodo.org', 'nih.gov', 'cms.gov', 'cdc.gov', 'who.int', 'whocc.no', 'eciemaps.mscbs.gob.es', 'temu.bsc.es', 'opendatacommons.org',
  'creativecommons.org', 'apache.org', 'spdx.org', 'onnx.ai', 'onnxruntime.ai', 'mlflow.org', 'tensorflow.org', 'pytorch.org', 'microsoft.com', 'nvidia.com', 'duckdb.org', 'ohdsi.org', 'ohdsi.github.io', 'openapis.org',
  'swagger.io', 'prometheus.io', 'readthedocs.io', 'observablehq.com', 'd3js.org', 'mozilla.org', 'example.com', 'example.org', 'example.net', 'localhost',
];
/** `http://HOST:5000` of a manual. */
const PLACEHOLDER = /^[A-Z_]+$/;
const isPublic = (host: string): boolean => /^(?:127\.|0\.0\.0\.0|\[)/.test(host) || PUBLIC_HOSTS.some((known) => host === known || host.endsWith(`.${known}`));

export const urls: Rule = { kind: 'url', find: (text) => matches(url, text, ([, host, bare]) => !PLACEHOLDER.test(host ?? '') && !isPublic((host ?? bare ?? '').toLowerCase().replace(/\.+$/, ''))) };

const ipv4 = /(?<![\d.\p{L}-])(?:\d{1,3}\.){3}\d{1,3}(?![\d.-]\d|\d|\.\d)/gu;
const ipv6 = /(?<![\p{L}\d:.])(?:[\da-f]{0,4}:){2,7}[\da-f]{0,4}(?![\p{L}\d:])/giu;
const OWN_ADDRESS = /^(?:127\.|0\.0\.0\.0$|255\.)/;
const LEAST_IPV6 = 6;

export const networkAddresses: Rule = {
  kind: 'ip',
  find: (text) => [
    ...matches(ipv4, text, ([found]) => net.isIPv4(found) && !OWN_ADDRESS.test(found)),
    ...matches(ipv6, text, ([found]) => found.length >= LEAST_IPV6 && /\d/.test(found) && net.isIPv6(found)),
  ],
};
