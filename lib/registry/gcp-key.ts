import { z } from 'zod';

/** What is used of a Google service account's key file. */
export type GcpKey = {
  clientEmail: string;
  privateKeyId: string;
  privateKey: string;
  projectId: string | null;
};

export type GcpKeyReading =
  { ok: true; key: GcpKey } | { ok: false; fault: string };

const OTHER_TYPES: Record<string, string> = {
  authorized_user:
    'This is a person’s own login (from gcloud auth application-default login). Create a key of a service account.',
  external_account:
    'This describes workload identity federation and holds no key. Create a key of a service account.',
  impersonated_service_account:
    'This impersonates a service account and holds no key. Create a key of the account itself.',
  external_account_authorized_user:
    'This is a person’s own login. Create a key of a service account.',
};

const KeyFile = z.object({
  client_email: z.string().regex(/^[^\s@]{1,200}@[^\s@]{1,200}$/),
  private_key: z.string().min(1).max(10_000),
  private_key_id: z.string().min(1).max(200),
  project_id: z.string().max(200).optional(),
});

const PEM =
  /^-----BEGIN PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]+-----END PRIVATE KEY-----\s*$/;

/**
 * Reads a service account's key file, as Google's console downloads it. What is wrong with it is told in a sentence for
 * the field, without repeating any of it. Whether Google still accepts the key, only Google knows.
 */
export function readGcpKey(text: string): GcpKeyReading {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fault(
      text.trim().startsWith('-----BEGIN')
        ? 'This is a private key alone. Paste the whole JSON file.'
        : 'This is not JSON. Paste the whole key file, from { to }.',
    );
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return fault('This is not a key file. Paste the whole file, from { to }.');
  const type = 'type' in json ? json.type : undefined;
  if ('web' in json || 'installed' in json)
    return fault(
      'This is an OAuth client, not a key. Create a key of a service account.',
    );
  if (type !== 'service_account') {
    return fault(
      (typeof type === 'string' && Object.hasOwn(OTHER_TYPES, type)
        ? OTHER_TYPES[type]
        : undefined) ??
        'This JSON is not a service account’s key: its type is not service_account.',
    );
  }
  const file = KeyFile.safeParse(json);
  if (!file.success) {
    const names = file.error.issues.map((issue) => String(issue.path[0]));
    return fault(
      `The key file lacks what it must have: ${[...new Set(names)].join(', ')}.`,
    );
  }
  const { client_email, private_key, private_key_id, project_id } = file.data;
  if (!PEM.test(private_key))
    return fault(
      'The private key in the file is damaged: line breaks were lost or it was cut.',
    );
  return {
    ok: true,
    key: {
      clientEmail: client_email,
      privateKeyId: private_key_id,
      privateKey: private_key,
      projectId: project_id ?? null,
    },
  };
}

function fault(text: string): GcpKeyReading {
  return { ok: false, fault: text };
}
