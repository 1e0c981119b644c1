import 'server-only';
import { X509Certificate } from 'node:crypto';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import type { CertificateView } from '@/lib/registry/views';

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \1-----/g;
const MAX_CERTIFICATES = 50;

/**
 * The certificates of a PEM text, one after the other and nothing else, or `null` for an empty one. Throws
 * INVALID_INPUT at the field `caCertificates`.
 */
export function readCertificates(pem: string): string | null {
  if (pem.trim() === '') return null;
  const blocks = [...pem.matchAll(BLOCK)];
  if (/PRIVATE KEY/.test(pem))
    throw invalid('This holds a private key. Give the certificates alone.');
  if (blocks.length === 0)
    throw invalid(
      'This is no PEM: a certificate begins with BEGIN CERTIFICATE.',
    );
  if (blocks.length > MAX_CERTIFICATES)
    throw invalid(`At most ${String(MAX_CERTIFICATES)} certificates.`);
  const wrong = blocks.findIndex(
    ([block, kind]) => kind !== 'CERTIFICATE' || parse(block) === null,
  );
  if (wrong >= 0)
    throw invalid(
      `Part ${String(wrong + 1)} is not a certificate that can be read.`,
    );
  return `${blocks.map(([block]) => block.replace(/\r\n/g, '\n')).join('\n')}\n`;
}

/** What people need to know of stored certificates. */
export function describeCertificates(pem: string | null): CertificateView[] {
  return [...(pem ?? '').matchAll(BLOCK)].flatMap(([block]) => {
    const certificate = parse(block);
    if (!certificate) return [];
    const { subject, validTo, fingerprint256, ca } = certificate;
    return [
      {
        // One line: `CN=Example CA, O=Example`.
        subject: subject.split('\n').reverse().join(', '),
        expiresAt: new Date(validTo).toISOString(),
        fingerprint: fingerprint256,
        isAuthority: ca,
      },
    ];
  });
}

/**
 * The certificates to store for a registry: what was typed, or what was there. Only an owner changes them: whoever
 * signs for a registry reads every password that goes to it. Throws INVALID_INPUT and NOT_ALLOWED, at the field.
 */
export function chosenCertificates(
  actor: Actor,
  typed: string | undefined,
  before: string | null,
): string | null {
  if (typed === undefined) return before;
  const chosen = readCertificates(typed);
  if (chosen !== before && actor.role !== 'owner') {
    const message = 'Only an owner of the team may change what is trusted.';
    throw new AppError('NOT_ALLOWED', message, {
      fields: { caCertificates: message },
    });
  }
  return chosen;
}

function parse(block: string): X509Certificate | null {
  try {
    return new X509Certificate(block);
  } catch {
    return null;
  }
}

const invalid = (message: string) =>
  new AppError('INVALID_INPUT', message, {
    fields: { caCertificates: message },
  });
