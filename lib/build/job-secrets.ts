import type { Job } from '@/lib/build/protocol';

/** Shorter words of a mounted file are names and hosts as often as not. */
const SECRET_WORD = 12;
const HOST = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/;

/** Everything a log must not show: passwords, mounted files, and the words in them that are long enough to matter. */
export function secretsOf({
  credentials,
  secrets,
}: Pick<Job, 'credentials' | 'secrets'>): string[] {
  return [
    ...credentials.map(({ password }) => password),
    ...secrets,
    ...secrets.flatMap((secret) =>
      secret
        .split(/[\s=:"',@/]+/)
        .filter((word) => word.length >= SECRET_WORD && !HOST.test(word)),
    ),
  ];
}
