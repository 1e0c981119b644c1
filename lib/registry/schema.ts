import { z } from 'zod';
import { readReference } from './reference';

/** The registries this version knows how to treat. */
export const REGISTRY_KINDS = [
  'ghcr',
  'docker_hub',
  'ecr',
  'ecr_public',
  'gar',
  'acr',
  'quay',
  'gitlab',
  'harbor',
  'generic',
] as const;
export type RegistryKind = (typeof REGISTRY_KINDS)[number];

/** The two algorithms the image-spec registers, lower case, full length. */
export const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;
export const Digest = z.string().regex(DIGEST, 'This is not a digest.');
export type Digest = z.infer<typeof Digest>;

const NAMESPACE =
  /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;

const DOCKER_ALIASES = [
  'index.docker.io',
  'registry-1.docker.io',
  'hub.docker.com',
  'registry.hub.docker.com',
];

/** A registry's host as it stands in references: `host` or `host:port`, no scheme, no path. */
export const RegistryHost = z
  .string()
  .trim()
  .superRefine((host, context) => {
    const message = hostFault(host);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

/** The form of a registry, without its secret. An empty namespace means: straight under the host. */
export const RegistryInput = z.object({
  name: z
    .string()
    .trim()
    .min(1, 'Give the registry a name.')
    .max(80, 'At most 80 characters.'),
  host: RegistryHost,
  namespace: z
    .string()
    .trim()
    .max(200, 'At most 200 characters.')
    .superRefine((namespace, context) => {
      const message = namespaceFault(namespace);
      if (message !== null) context.addIssue({ code: 'custom', message });
    }),
  plainHttp: z.boolean(),
});
export type RegistryInput = z.infer<typeof RegistryInput>;

function hostFault(host: string): string | null {
  if (host === '')
    return 'Write the host, for example ghcr.io or localhost:5000.';
  if (host.length > 260) return 'A host has at most 253 characters.';
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(host)) {
    return 'Leave off the scheme: write ghcr.io, not https://ghcr.io. Plain http has its own switch.';
  }
  if (/\s/.test(host)) return 'A host holds no spaces.';
  if (host.includes('@')) return 'The user name has its own field.';
  if (host.includes('/'))
    return 'Write the host alone. What follows the slash belongs to the namespace.';
  if (host !== host.toLowerCase()) return 'Write the host in lower case.';
  if (DOCKER_ALIASES.includes(host)) return 'Write docker.io for Docker Hub.';
  if (host.includes('_')) return 'A host name cannot hold an underscore.';
  const port = /:(\d+)$/.exec(host.replace(/^\[[^\]]*\]/, ''))?.[1];
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) {
    return 'A port lies between 1 and 65535.';
  }
  const reading = readReference(`${host}/x`, 'familiar');
  if (!reading.ok || !URL.canParse(`https://${host}/`))
    return 'This is not a host name.';
  if (reading.domain !== host) {
    return 'References need a dot or a port to know a host: write host.example.com or host:5000.';
  }
  return null;
}

function namespaceFault(namespace: string): string | null {
  if (namespace === '' || NAMESPACE.test(namespace)) return null;
  if (/^\/|\/$/.test(namespace))
    return 'Leave off the slash at the start and at the end.';
  if (namespace !== namespace.toLowerCase())
    return 'Write the namespace in lower case.';
  return 'Letters, digits, and single . _ - or / between them.';
}
