import { z } from 'zod';
import { Digest } from './schema';

const Text = z.string().max(65_536);
const TextMap = z.record(z.string().max(4096), Text).nullish();

export const WirePlatform = z.object({
  os: z.string().max(64).default(''),
  architecture: z.string().max(64).default(''),
  variant: z.string().max(64).nullish(),
});

/** OCI image-spec, descriptor.md. Only the fields used here; strict on what is acted upon. */
export const Descriptor = z.object({
  mediaType: z.string().max(255).nullish(),
  digest: Digest,
  size: z.int().nonnegative(),
  platform: WirePlatform.nullish(),
  artifactType: z.string().max(255).nullish(),
  annotations: TextMap,
});
export type Descriptor = z.infer<typeof Descriptor>;

/** A manifest of any kind; which it is shows in what it holds. */
export const ManifestBody = z.object({
  schemaVersion: z.number().nullish(),
  mediaType: z.string().max(255).nullish(),
  artifactType: z.string().max(255).nullish(),
  config: Descriptor.nullish(),
  layers: z.array(Descriptor).nullish(),
  manifests: z.array(Descriptor).nullish(),
  /** What the retired OCI artifact manifest holds instead of layers. */
  blobs: z.array(Descriptor).nullish(),
  subject: Descriptor.nullish(),
  annotations: TextMap,
});

/** OCI image-spec, config.md. */
export const ConfigBody = z.object({
  os: z.string().max(64).default(''),
  architecture: z.string().max(64).default(''),
  variant: z.string().max(64).nullish(),
  created: z.string().max(64).nullish(),
  config: z
    .object({
      User: Text.nullish(),
      WorkingDir: Text.nullish(),
      Env: z.array(Text).nullish(),
      Entrypoint: z.array(Text).nullish(),
      Cmd: z.array(Text).nullish(),
      Labels: TextMap,
    })
    .nullish(),
  history: z
    .array(
      z.object({
        created_by: Text.nullish(),
        empty_layer: z.boolean().nullish(),
      }),
    )
    .nullish(),
});
