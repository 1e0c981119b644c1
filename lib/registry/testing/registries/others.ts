import { OCI_MANIFEST } from '@/lib/registry/media-types';
import { failure } from '@/lib/registry/testing/fake-store';
import {
  challenged,
  isStranger,
  json,
  plainText,
  type ScriptedRegistry,
} from './behaviour';

/** Lists both schemes in one line, with a scope that stands for everything. */
export const forgejo: ScriptedRegistry = {
  name: 'Forgejo',
  seen: '2026-08',
  verdicts: [
    {
      what: 'offers a bearer token and a password in one line',
      verdict: 'public',
      script: [
        {
          when: isStranger,
          reply: challenged(
            'Bearer realm="/token",service="container_registry",scope="*",Basic realm="/v2",service="container_registry",scope="*"',
          ),
        },
        { when: 'GET /token', reply: { status: 200, body: '{"token":"t"}' } },
      ],
    },
  ],
};

/** Needs a login for most; errors with a number for a code, or none at all. */
export const redHat: ScriptedRegistry = {
  name: 'registry.redhat.io',
  seen: '2025-08 (containers/image)',
  verdicts: [
    {
      what: 'writes a number as the code of what it does not have',
      verdict: 'missing_tag',
      reference: 'acme/etl:2',
      script: [
        {
          when: '* /v2/acme/etl/manifests/2',
          reply: json(404, { errors: [{ code: '404', message: 'Not Found' }] }),
        },
      ],
    },
    {
      what: 'says bare “Not found”',
      verdict: 'missing_tag',
      reference: 'acme/etl:2',
      script: [
        {
          when: '* /v2/acme/etl/manifests/2',
          reply: plainText(404, 'Not found'),
        },
      ],
    },
    {
      what: 'is served by a store that names no digest',
      verdict: 'public',
      script: [
        {
          when: 'HEAD /v2/acme/etl/manifests/1',
          reply: { status: 200, headers: { 'content-type': OCI_MANIFEST } },
        },
      ],
    },
  ],
};

/** Left the digest out of its answers in some set-ups. */
export const nexus: ScriptedRegistry = {
  name: 'Nexus',
  seen: '2025 (distribution#3849)',
  verdicts: [],
  client: [
    {
      what: 'names no digest, so the manifest is read and hashed',
      verb: 'headManifest',
      code: null,
      isAnonymous: true,
      script: [
        {
          when: 'HEAD /v2/acme/etl/manifests/1',
          reply: { status: 200, headers: { 'content-type': OCI_MANIFEST } },
        },
      ],
      asked: ['HEAD /v2/acme/etl/manifests/1', 'GET /v2/acme/etl/manifests/1'],
    },
  ],
};

/** The registry before Artifact Registry: no challenge on the resource, only at `/v2/`. */
export const oldGcr: ScriptedRegistry = {
  name: 'gcr.io of old',
  seen: '2025-08 (containers/image PR 211)',
  verdicts: [
    {
      what: 'gives its challenge at /v2/ only',
      verdict: 'public',
      options: { mode: 'token', isPublic: () => true },
      script: [
        {
          when: (request) =>
            isStranger(request) && request.path.startsWith('/v2/acme/'),
          reply: { status: 401 },
        },
      ],
    },
  ],
};

/** A static file host behind a registry's name: a 404 to HEAD of what GET gives. */
export const fileHost: ScriptedRegistry = {
  name: 'a file host',
  seen: '2026-07 (watchtower#667)',
  verdicts: [
    {
      what: 'answers HEAD with 404 where GET finds the manifest',
      verdict: 'public',
      script: [
        { when: 'HEAD /v2/acme/etl/manifests/*', reply: { status: 404 } },
      ],
    },
    {
      what: 'answers HEAD with 405',
      verdict: 'public',
      script: [
        { when: 'HEAD /v2/acme/etl/manifests/*', reply: { status: 405 } },
      ],
    },
    {
      what: 'answers HEAD with 501',
      verdict: 'public',
      script: [
        { when: 'HEAD /v2/acme/etl/manifests/*', reply: { status: 501 } },
      ],
    },
    {
      what: 'that is no registry shows a page for everything',
      verdict: 'not_a_registry',
      script: [
        {
          when: '*',
          reply: {
            status: 404,
            headers: { 'content-type': 'text/html' },
            body: '<html></html>',
          },
        },
      ],
    },
    {
      what: 'answers HEAD with 403 where GET gives the manifest',
      verdict: 'public',
      script: [
        { when: 'HEAD /v2/acme/etl/manifests/*', reply: { status: 403 } },
      ],
    },
  ],
  client: [
    {
      what: 'that is no registry lists no tags',
      verb: 'listTags',
      code: 'REGISTRY_INVALID_ANSWER',
      script: [{ when: '*', reply: { status: 200, body: '<html></html>' } }],
    },
    {
      what: 'has unknown errors',
      verb: 'getManifest',
      code: 'REGISTRY_NOT_FOUND',
      script: [{ when: '*', reply: failure(404, 'SOMETHING_NEW') }],
    },
    {
      what: 'has errors without a list of them',
      verb: 'getManifest',
      code: 'REGISTRY_NOT_FOUND',
      script: [{ when: '*', reply: json(404, { details: 'no such thing' }) }],
    },
    {
      what: 'has a page for an error',
      verb: 'getManifest',
      code: 'REGISTRY_DENIED',
      script: [
        {
          when: '*',
          reply: {
            status: 403,
            headers: { 'content-type': 'text/html' },
            body: '<html>Forbidden</html>',
          },
        },
      ],
    },
  ],
};

/** The web server most registries stand behind, with its own pages for errors. */
export const nginx: ScriptedRegistry = {
  name: 'nginx in front',
  seen: '2026-08 (1.22 on a laboratory machine)',
  verdicts: [
    {
      what: 'refuses plain http on its https port with a page',
      verdict: 'not_a_registry',
      script: [
        {
          when: '*',
          reply: {
            status: 400,
            headers: { 'content-type': 'text/html' },
            body: '<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>',
          },
        },
      ],
    },
    {
      what: 'weakens the ETag and drops the length of what it compresses',
      verdict: 'public',
      script: [
        {
          when: 'HEAD /v2/acme/etl/manifests/*',
          reply: {
            status: 200,
            headers: {
              'content-type': OCI_MANIFEST,
              etag: `W/"sha256:${'0'.repeat(64)}"`,
              'content-encoding': 'gzip',
            },
          },
        },
      ],
    },
  ],
};
