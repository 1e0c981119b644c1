import type { BuildInput } from '@/lib/build/engine';
import type { Job } from '@/lib/build/protocol';
import { CA_BUNDLE_FILE } from '@/lib/imagespec/ca-certificates';
import { toDockerfile } from '@/lib/imagespec/dockerfile';

/** The exact Dockerfile of a job and its context. With a bundle, build steps trust it. Throws SPEC_INVALID. */
export function renderJob(job: Job, caBundle: Buffer | null): BuildInput {
  const { text, files } = toDockerfile(job.spec, {
    files: job.files,
    uvImage: job.helperImages.uv,
    micromambaImage: job.helperImages.micromamba,
    flytekitVersion: job.flytekitVersion,
    caCertificates: caBundle !== null,
  });
  const context = new Map<string, Uint8Array>(
    Object.entries(files).map(([name, content]) => [
      name,
      Buffer.from(content),
    ]),
  );
  if (caBundle) context.set(CA_BUNDLE_FILE, caBundle);
  return { job, dockerfile: text, context };
}
