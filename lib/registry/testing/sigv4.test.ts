import { expect, it } from 'vitest';
import { computeSignature, readSignature } from './sigv4';

// Published by AWS with the rules: the request "get-vanilla" of its Signature Version 4 test suite.
const HEADER =
  'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31';
const REQUEST = {
  method: 'GET',
  path: '/',
  query: '',
  headers: { host: 'example.amazonaws.com', 'x-amz-date': '20150830T123600Z' },
  body: '',
};
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

it('computes the signature that AWS published', () => {
  const read = readSignature(HEADER);
  if (!read) throw new Error('The header could not be read.');
  expect(computeSignature(REQUEST, read, SECRET)).toBe(read.signature);
  expect(computeSignature({ ...REQUEST, body: 'x' }, read, SECRET)).not.toBe(
    read.signature,
  );
  expect(computeSignature(REQUEST, read, 'another')).not.toBe(read.signature);
});

it('reads no other scheme', () => {
  expect(readSignature('Bearer x')).toBeNull();
});
