/** Where credentials and models may go, and what becomes of names and values that MLflow does not take. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serverAddress } from '../../../src/tracking/mlflow/address.js';
import { artifactPath } from '../../../src/tracking/mlflow/artifacts.js';
import { metricsOf, parametersOf } from '../../../src/tracking/mlflow/limits.js';
import { assertRegistrable, mayUploadModel } from '../../../src/tracking/mlflow/settings.js';
import { flatten } from '../../../src/tracking/parameters.js';

const address = (text: string, env: NodeJS.ProcessEnv = {}) => serverAddress(text, '--mlflow', env);

describe('an address', () => {
  it('loses its last slashes and its credentials', () => {
    expect(address('http://ada:pw@host:5000/mlflow//')).toMatchObject({ url: 'http://host:5000/mlflow', isLoopback: false });
  });

  it.each([['http://127.0.0.1:5000', true], ['http://127.8.1.1', true], ['http://localhost', true], ['https://[::1]:1', true], ['http://127.example.org', false], ['http://localhost.example.org', false], ['https://mlflow.hospital.org', false]])('%s is this machine: %s', (text, expected) => {
    expect(address(text).isLoopback).toBe(expected);
  });

  it('over which credentials would go unencrypted is marked', () => {
    const env = { MLFLOW_TRACKING_TOKEN: 't' };
    expect([address('http://host', env), address('https://host', env), address('http://127.0.0.1', env), address('http://host')].map(({ isOpenWay }) => isOpenWay)).toEqual([true, false, false, false]);
  });

  it('that is none is refused without showing its password', () => {
    expect(() => address('ftp://ada:hidden@host')).toThrow(/got ftp:\/\/host/);
  });
});

describe('models of data that is not to be shared', () => {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-closed-'));
  fs.writeFileSync(path.join(data, 'manifest.json'), '{"do_not_share":true}');
  const may = (uploadModel: 'auto' | 'always' | 'never', url: string, inputs: string[]) => mayUploadModel({ uploadModel, address: address(url) }, inputs);

  it('stay on this machine unless told otherwise', () => {
    expect([may('auto', 'https://far', [data]), may('always', 'https://far', [data]), may('auto', 'http://127.0.0.1:1', [data]), may('never', 'http://127.0.0.1:1', [data]), may('auto', 'https://far', [])]).toEqual([false, true, true, false, true]);
  });

  it('cannot be registered where they may not go', () => {
    const settings = { address: address('https://far'), experiment: 'e', register: 'icd', uploadModel: 'auto' as const };
    expect(() => assertRegistrable(settings, [data])).toThrow(/--upload-model/);
    expect(() => assertRegistrable({ ...settings, uploadModel: 'never' }, [])).toThrow(/--no-upload-model/);
    expect(() => assertRegistrable({ ...settings, register: undefined }, [data])).not.toThrow();
  });
});

describe('artifacts', () => {
  it.each([
    ['mlflow-artifacts:/1/abc/artifacts', '/api/2.0/mlflow-artifacts/artifacts/1/abc/artifacts'],
    ['mlflow-artifacts://host:5000/1/abc/artifacts', '/api/2.0/mlflow-artifacts/artifacts/1/abc/artifacts'],
    ['http://host:5000/api/2.0/mlflow-artifacts/artifacts/1/a', '/api/2.0/mlflow-artifacts/artifacts/1/a'],
    ['mlflow-artifacts://elsewhere:5000/1/abc/artifacts', undefined],
    ['http://elsewhere/api/2.0/mlflow-artifacts/artifacts/1/a', undefined],
    ['s3://bucket/1/abc', undefined],
    ['/shared/disk/1/abc', undefined],
  ])('%s go to %s', (uri, expected) => {
    expect(artifactPath(uri, 'http://host:5000')).toBe(expected);
  });
});

describe('names and values', () => {
  it('are flattened', () => {
    expect(flatten({ a: { b: 1, c: [true, 'x'], d: null, e: undefined }, f: 'text', g: {} })).toEqual([['a.b', 1], ['a.c', '[true,"x"]'], ['a.d', 'null'], ['f', 'text']]);
  });

  it('are always such as MLflow takes', () => {
    const isTaken = (key: string): boolean => /^[/\w.\- :]+$/.test(key) && key.length <= 250 && path.posix.normalize(key) === key && !/^(\/|\.\.)|^\.$/.test(key);
    fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 300, unit: fc.constantFrom('a', '.', '/', ' ', ':', 'é', '€', '_', '\n') }), fc.string({ maxLength: 7000 }), (name, value) => {
      const [parameter] = parametersOf([[name, value]]);
      const [metric] = metricsOf({ step: 1, time: 2, values: { [name]: 3 } });
      return isTaken(parameter!.key) && isTaken(metric!.key) && parameter!.value.length > 0 && parameter!.value.length <= 6000;
    }), { numRuns: 1000 });
  });
});
