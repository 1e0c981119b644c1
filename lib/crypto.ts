import {
  createCipheriv,
  createDecipheriv,
  createHash,
  randomBytes,
} from 'node:crypto';
import { AppError } from '@/lib/errors';
import { currentKey, findKey } from '@/lib/installation-keys';

const VERSION = 'v1';

/** Where a sealed secret stands. It opens only there, so a ciphertext moved to another row stays shut. */
export type SealedPlace = { table: string; rowId: string; teamId: string };

/** Names the sealing key without telling anything of it. */
export function sealingKeyId(): string {
  return currentKey().id;
}

/** The secret that signs session cookies. */
export function sessionSecret(): string {
  return currentKey().session.toString('base64');
}

/** The id of the key a text was sealed with. */
export function keyIdOf(sealed: string): string {
  return sealed.split(':')[1] ?? '';
}

const placeBytes = (place: SealedPlace) =>
  Buffer.from(JSON.stringify([place.table, place.rowId, place.teamId]));

/**
 * Seals with AES-256-GCM and the current key. Text form: `v1:keyId:iv:tag:data`, the last three base64url. Seal in the
 * transaction that stores the text, after it has written to that table: a rotation waits for such a transaction before
 * it does away with the key before.
 */
export function seal(plain: string, place: SealedPlace): string {
  const key = currentKey();
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key.seal, iv).setAAD(
    placeBytes(place),
  );
  const data = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  const parts = [iv, cipher.getAuthTag(), data].map((part) =>
    part.toString('base64url'),
  );
  return [VERSION, key.id, ...parts].join(':');
}

/** Opens what `seal` sealed for the same place. Throws CREDENTIAL_SEALED for another key, place or a changed text. */
export function open(sealed: string, place: SealedPlace): string {
  const [version, keyId, iv, tag, data] = sealed.split(':');
  const key = keyId === undefined ? null : findKey(keyId);
  if (
    version !== VERSION ||
    key === null ||
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
      key.seal,
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
