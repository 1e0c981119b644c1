import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const Registry = z.object({
  host: z.string(),
  url: z.url(),
  storageFolder: z.string(),
});
const Image = z.object({
  name: z.string(),
  tag: z.string(),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
});
/** An engine of `npm run test:engines`, or why this machine cannot have it. */
const orMissing = <T extends z.ZodRawShape>(shape: T) =>
  z.union([z.object({ missing: z.string() }), z.object(shape)]);
const TestEnv = z.object({
  /** The run's folder: logs of the servers lie in it, and it is removed at the end. */
  folder: z.string(),
  /** `isPrivate` is false for an engine that was there before (IMAGEYARD_TEST_ENGINE). */
  engine: z.object({
    host: z.string(),
    version: z.string(),
    isPrivate: z.boolean(),
  }),
  /** The other engines, in `npm run test:engines` only. */
  engines: z
    .object({
      /** A current Docker engine, whose images lie in containerd's store. */
      current: orMissing({ host: z.string() }),
      /** The same daemon on a socket and, with the client's certificates, on loopback. */
      buildkit: orMissing({
        host: z.string(),
        tcp: z.string(),
        certFolder: z.string(),
      }),
      podman: orMissing({ host: z.string() }),
    })
    .optional(),
  /** All three hold the images below. `tls` and `plain` are open. */
  registries: z.object({
    tls: Registry,
    plain: Registry,
    password: Registry.extend({
      username: z.string(),
      password: z.string(),
      /** The same login as skopeo and docker read it. */
      authFile: z.string(),
    }),
  }),
  /** `base` has apt, Python 3 and CA certificates; `uv` has the program at /uv and nothing else. */
  images: z.object({ base: Image, uv: Image }),
  /** The authority that signed the registries' certificates, and the same together with the machine's own. */
  caFile: z.string(),
  caBundleFile: z.string(),
  /** What this machine trusts: build steps need it to reach the package index. */
  machineCaFile: z.string().optional(),
  chromium: z.string(),
  skopeo: z.string(),
});
type TestEnv = z.infer<typeof TestEnv>;
export type TestRegistry = z.infer<typeof Registry>;
type TestImage = z.infer<typeof Image>;

const KEPT = path.join(import.meta.dirname, '../../.cache/test/kept');

let read: TestEnv | undefined;

/**
 * The engine, registries and images of this run: those of IMAGEYARD_TEST_ENV,
 * or of an environment kept up by `npm run test:env`.
 */
export function testEnv(): TestEnv {
  read ??= TestEnv.parse(JSON.parse(readFileSync(envFile(), 'utf8')));
  return read;
}

/** A reference to one of the images in one of the registries, by tag. */
export function imageIn(registry: TestRegistry, image: TestImage): string {
  return `${registry.host}/${image.name}:${image.tag}`;
}

/** How often a fault is staged: a few times in `npm test`, more in `npm run test:faults`. */
export function faultRounds(): number {
  return z.coerce
    .number()
    .int()
    .positive()
    .default(2)
    .parse(process.env.IMAGEYARD_FAULT_ROUNDS);
}

function envFile(): string {
  const given = process.env.IMAGEYARD_TEST_ENV;
  if (given) return given;
  const kept = existsSync(KEPT)
    ? readFileSync(KEPT, 'utf8').split('\n')[0]
    : '';
  if (kept) return kept;
  throw new Error(
    'No test environment is up: run `npm test`, or keep one with `npm run test:env`.',
  );
}
