import {
  createCipheriv,
  createDecipheriv,
  createHash,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '@/lib/errors';
import { env } from '@/lib/env';

const VERSION = 'v1';

/** Where a sealed secret stands. It opens only there, so a ciphertext moved to another row stays shut. */
export type SealedPlace = { table: string; rowId: string; teamId: string };

/** The installation key: 32 bytes, base64 in `<data>/key`. Losing it loses every stored credential. */
function readInstallationKey(): Buffer {
  const file = path.join(env().IMAGEYARD_DATA, 'key');
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
  if (key.length !== 32)
    throw new Error('The installation key file must hold 32 bytes in base64.');
  return key;
}

const derived = new Map<string, Buffer>();

function deriveKey(purpose: 'seal' | 'session'): Buffer {
  const known = derived.get(purpose);
  if (known) return known;
  const key = Buffer.from(
    hkdfSync(
      'sha256',
      readInstallationKey(),
      '',
      `imageyard/${purpose}/v1`,
      32,
    ),
  );
  derived.set(purpose, key);
  return key;
}

/** Names the sealing key without telling anything of it. */
export function sealingKeyId(): string {
  return createHash('sha256')
    .update(deriveKey('seal'))
    .digest('hex')
    .slice(0, 8);
}

/** The secret that signs session cookies. */
export function sessionSecret(): string {
  return deriveKey('session').toString('base64');
}

const placeBytes = (place: SealedPlace) =>
  Buffer.from(JSON.stringify([place.table, place.rowId, place.teamId]));

/** Seals with AES-256-GCM. Text form: `v1:keyId:iv:tag:data`, the last three base64url. */
export function seal(plain: string, place: SealedPlace): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', deriveKey('seal'), iv).setAAD(
    placeBytes(place),
  );
  const data = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  const parts = [iv, cipher.getAuthTag(), data].map((part) =>
    part.toString('base64url'),
  );
  return [VERSION, sealingKeyId(), ...parts].join(':');
}

/** Opens what `seal` sealed for the same place. Throws CREDENTIAL_SEALED for another key, place or a changed text. */
export function open(sealed: string, place: SealedPlace): string {
  const [version, keyId, iv, tag, data] = sealed.split(':');
  if (
    version !== VERSION ||
    keyId !== sealingKeyId() ||
    iv === undefined ||
    tag === undefined ||
    data === undefined
  ) {
    throw new AppError(
      'CREDENTIAL_SEALED',
      'This credential was sealed with another installation key.',
    );
  }
  try {
    const decipher = createDecipheriv(
      'aes-256-gcm',
      deriveKey('seal'),
      Buffer.from(iv, 'base64url'),
    )
      .setAAD(placeBytes(place))
      .setAuthTag(Buffer.from(tag, 'base64url'));
    return (
      decipher.update(Buffer.from(data, 'base64url'), undefined, 'utf8') +
      decipher.final('utf8')
    );
  } catch (cause) {
    throw new AppError(
      'CREDENTIAL_SEALED',
      'This credential could not be opened.',
      { cause },
    );
  }
}

/** A random secret with 256 bits, in text that needs no escaping anywhere. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of a random token. Not for passwords, which people choose. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
