import type { z } from 'zod';
import {
  isForeignLayer,
  isImageConfigType,
  isImageManifestType,
  isIndexType,
  isSchema1Type,
  mediaTypeOf,
  OCI_INDEX,
  OCI_MANIFEST,
} from './media-types';
import {
  ConfigBody,
  type Descriptor,
  ManifestBody,
  type WirePlatform,
} from './manifest-wire';
import { type Platform, platformFit, toPlatform } from './platform';

// What static file hosts answer when they know no better; only then the body's shape decides.
const GENERIC_TYPES = new Set([
  '',
  'application/json',
  'application/octet-stream',
]);

export type Blob = { digest: string; sizeBytes: number; mediaType: string };
export type IndexChild = Blob & {
  platform: Platform | null;
  /** Of a BuildKit attestation: the child it speaks of. */
  attests: string | null;
};
/** What hangs on another manifest names it as its subject (image-spec, manifest.md). */
export type Referring = {
  subject: string | null;
  artifactType: string | null;
  annotations: Record<string, string>;
};
export type ImageManifest = Referring & {
  kind: 'image';
  mediaType: string;
  config: Blob;
  /** Bottom first. */
  layers: Blob[];
  /** What the statements in it are about; of an image none. */
  predicates: string[];
};
export type ImageIndex = Referring & {
  kind: 'index';
  mediaType: string;
  /** What a machine can run, and nested indexes (`platform` null). */
  children: IndexChild[];
  /** Attestations and other things that hang on the index. */
  extras: IndexChild[];
};

/** Something that is no image: a chart, a signature, an SBOM. `mediaType` says what, by the best it gives. */
export type ArtifactManifest = Referring & {
  kind: 'artifact';
  mediaType: string;
  blobs: Blob[];
};

/** What a manifest body turned out to be. */
export type ManifestReading =
  | ImageManifest
  | ImageIndex
  | ArtifactManifest
  | { kind: 'schema1' }
  | { kind: 'invalid'; reason: string };

export type ImageConfig = z.infer<typeof ConfigBody>;

export type ImageLayer = Blob & {
  position: number;
  /** The instruction that made it; null where the history does not say. */
  createdBy: string | null;
  isForeign: boolean;
};

/** An image as people look at it. `sizeBytes` is what a pull transfers: the layers, compressed. */
export type ImageInventory = {
  platform: Platform;
  configDigest: string;
  sizeBytes: number;
  layers: ImageLayer[];
  created: string | null;
  labels: Record<string, string>;
  entrypoint: string[];
  command: string[];
  user: string;
  workdir: string;
  env: string[];
};

/**
 * Reads a manifest body. Never throws: a body that breaks the image-spec, contradicts its `Content-Type`, or could be
 * read as an index and as an image at once is `invalid` with the reason.
 */
export function readManifest(
  text: string,
  contentType: string,
): ManifestReading {
  const declared = mediaTypeOf(contentType);
  if (declared === 'text/plain' || isSchema1Type(declared))
    return { kind: 'schema1' };
  const json = parseJson(text);
  if (json === undefined) return invalid('The manifest is not JSON.');
  const parsed = ManifestBody.safeParse(json);
  if (!parsed.success)
    return invalid('The manifest does not follow the image specification.');
  const { schemaVersion, config, layers, manifests, ...body } = parsed.data;
  const own = mediaTypeOf(body.mediaType ?? undefined);
  if (schemaVersion === 1 || isSchema1Type(own)) return { kind: 'schema1' };
  if (own !== '' && declared !== '' && own !== declared) {
    return invalid(
      'The manifest says it is of another type than the registry says.',
    );
  }
  if (manifests && (layers || config)) {
    return invalid('The manifest could be read as an index and as an image.');
  }
  const referring = toReferring(parsed.data);
  const blobs = [
    ...(config ? [config] : []),
    ...(layers ?? []),
    ...(body.blobs ?? []),
  ].map(toBlob);
  const mediaType =
    own || (GENERIC_TYPES.has(declared) ? sniff(parsed.data) : declared);
  if (isIndexType(mediaType)) {
    return manifests
      ? toIndex(mediaType, manifests, referring)
      : invalid('The index lists no manifests.');
  }
  if (!isImageManifestType(mediaType))
    return { kind: 'artifact', mediaType, blobs, ...referring };
  if (!config || !layers)
    return invalid('The manifest lists no config or no layers.');
  if (body.artifactType || !isImageConfigType(config.mediaType ?? '')) {
    return {
      kind: 'artifact',
      mediaType: body.artifactType ?? config.mediaType ?? mediaType,
      blobs,
      ...referring,
    };
  }
  return {
    kind: 'image',
    mediaType,
    config: toBlob(config),
    layers: layers.map(toBlob),
    predicates: layers.flatMap(
      ({ annotations }) => annotations?.['in-toto.io/predicate-type'] ?? [],
    ),
    ...referring,
  };
}

/** Reads an image's config blob; null when it is not one. */
export function readConfig(text: string): ImageConfig | null {
  return ConfigBody.safeParse(parseJson(text)).data ?? null;
}

/** The platform of a config; null when it names none. */
export function configPlatform(config: ImageConfig): Platform | null {
  return fromWire(config);
}

/** The child a machine of this platform pulls; nested indexes are left to the caller. Null when none fits. */
export function selectChild(
  index: ImageIndex,
  machine: Platform,
): IndexChild | null {
  let best: IndexChild | null = null;
  let bestFit = 0;
  for (const child of index.children) {
    const fit = child.platform ? platformFit(machine, child.platform) : 0;
    if (fit > bestFit) [best, bestFit] = [child, fit];
  }
  return best;
}

/** Joins manifest and config: each layer with the instruction that made it, and what the image runs as. */
export function inventoryImage(
  manifest: ImageManifest,
  config: ImageConfig,
): ImageInventory {
  const steps = (config.history ?? []).filter(
    (step) => step.empty_layer !== true,
  );
  const knowsSteps = steps.length === manifest.layers.length;
  const run = config.config ?? {};
  return {
    platform: configPlatform(config) ?? {
      os: 'unknown',
      architecture: 'unknown',
    },
    configDigest: manifest.config.digest,
    sizeBytes: manifest.layers.reduce((sum, layer) => sum + layer.sizeBytes, 0),
    layers: manifest.layers.map((layer, position) => ({
      ...layer,
      position,
      createdBy: (knowsSteps && steps[position]?.created_by) || null,
      isForeign: isForeignLayer(layer.mediaType),
    })),
    created: config.created ?? null,
    labels: run.Labels ?? {},
    entrypoint: run.Entrypoint ?? [],
    command: run.Cmd ?? [],
    user: run.User ?? '',
    workdir: run.WorkingDir ?? '',
    env: run.Env ?? [],
  };
}

function sniff({
  manifests,
  config,
  layers,
}: z.infer<typeof ManifestBody>): string {
  if (manifests) return OCI_INDEX;
  return config && layers ? OCI_MANIFEST : '';
}

function toReferring(body: z.infer<typeof ManifestBody>): Referring {
  return {
    subject: body.subject?.digest ?? null,
    artifactType: body.artifactType ?? null,
    annotations: body.annotations ?? {},
  };
}

function toIndex(
  mediaType: string,
  manifests: Descriptor[],
  referring: Referring,
): ImageIndex {
  const index: ImageIndex = {
    kind: 'index',
    mediaType,
    ...referring,
    children: [],
    extras: [],
  };
  for (const descriptor of manifests) {
    const child = {
      ...toBlob(descriptor),
      platform: fromWire(descriptor.platform),
      attests: descriptor.annotations?.['vnd.docker.reference.digest'] ?? null,
    };
    (isExtra(descriptor) ? index.extras : index.children).push(child);
  }
  return index;
}

function isExtra({ platform, annotations, artifactType }: Descriptor): boolean {
  return (
    platform?.os === 'unknown' ||
    annotations?.['vnd.docker.reference.type'] === 'attestation-manifest' ||
    (Boolean(artifactType) && !platform)
  );
}

function toBlob({ digest, size, mediaType }: Descriptor): Blob {
  return { digest, sizeBytes: size, mediaType: mediaType ?? '' };
}

function fromWire(
  platform: z.infer<typeof WirePlatform> | null | undefined,
): Platform | null {
  if (!platform?.os || !platform.architecture) return null;
  return toPlatform(
    platform.os,
    platform.architecture,
    platform.variant ?? undefined,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function invalid(reason: string): ManifestReading {
  return { kind: 'invalid', reason };
}
