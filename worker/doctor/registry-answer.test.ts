import { expect, it } from 'vitest';
import { classifyRegistryAnswer } from '@/worker/doctor/registry-answer';

// As engines say it: 20.10, 26 and 28.
it.each([
  [
    'Get "https://r.example.com/v2/": x509: certificate signed by unknown authority',
    'tls',
  ],
  [
    'Get "https://r.example.com/v2/": tls: failed to verify certificate: x509: certificate has expired or is not yet valid',
    'tls',
  ],
  [
    'Get "https://r.example.com:5000/v2/": http: server gave HTTP response to HTTPS client',
    'plain_http',
  ],
  [
    'Get "https://r.invalid/v2/": dial tcp: lookup r.invalid on 127.0.0.53:53: no such host',
    'unreachable',
  ],
  [
    'Get "https://127.0.0.1:9/v2/": dial tcp 127.0.0.1:9: connect: connection refused',
    'unreachable',
  ],
  [
    'Get "https://r.example.com/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
    'unreachable',
  ],
  ['manifest unknown: manifest unknown', 'reached'],
  ['no basic auth credentials', 'reached'],
  ['denied: requested access to the resource is denied', 'reached'],
  ['unauthorized: authentication required', 'reached'],
])('reads %s', (message, code) => {
  expect(classifyRegistryAnswer(message).code).toBe(code);
});
