import { expect, it } from 'vitest';
import { readGcpKey } from './gcp-key';

const PEM =
  '-----BEGIN PRIVATE KEY-----\nTWFuIGlz\n-----END PRIVATE KEY-----\n';
const FILE = {
  type: 'service_account',
  project_id: 'my-project',
  private_key_id: 'k1',
  private_key: PEM,
  client_email: 'ci@my-project.iam.gserviceaccount.com',
};
const text = (more: object = {}) => JSON.stringify({ ...FILE, ...more });

it('reads a key file', () => {
  expect(readGcpKey(text())).toEqual({
    ok: true,
    key: {
      clientEmail: FILE.client_email,
      privateKeyId: 'k1',
      privateKey: PEM,
      projectId: 'my-project',
    },
  });
});

it.each([
  ['no JSON', 'hello', /not JSON/],
  ['a cut file', text().slice(0, 60), /not JSON/],
  ['the private key alone', PEM, /private key alone/],
  ['a list', '[]', /not a key file/],
  ['null', 'null', /not a key file/],
  ['a person’s login', text({ type: 'authorized_user' }), /person’s own login/],
  [
    'workload identity',
    text({ type: 'external_account' }),
    /workload identity/,
  ],
  [
    'an impersonation',
    text({ type: 'impersonated_service_account' }),
    /impersonates/,
  ],
  ['an OAuth client', JSON.stringify({ web: {} }), /OAuth client/],
  [
    'a type like a property',
    text({ type: 'constructor' }),
    /type is not service_account/,
  ],
  ['another JSON', '{}', /not a service account’s key/],
  ['no key in it', text({ private_key: undefined }), /lacks .*private_key/],
  ['no account in it', text({ client_email: 7 }), /lacks .*client_email/],
  [
    'a key without line breaks',
    text({ private_key: PEM.replaceAll('\n', '') }),
    /damaged/,
  ],
])('says at the field what is wrong with %s', (_what, wrong, words) => {
  const reading = readGcpKey(wrong);
  expect(reading).toMatchObject({
    ok: false,
    fault: expect.stringMatching(words) as string,
  });
  expect(JSON.stringify(reading)).not.toContain('TWFuIGlz');
});
