import type { BuildInput } from '@/lib/build/engine';
import type { Job } from '@/lib/build/protocol';
import { CA_BUNDLE_FILE } from '@/lib/imagespec/ca-certificates';
import { toDockerfile } from '@/lib/imagespec/dockerfile';
import type { ProjectFile, ProjectTree } from '@/lib/imagespec/tree';

/** The exact Dockerfile of a job and its context. With a bundle, build steps trust it. Throws SPEC_INVALID. */
export function renderJob(
  job: Job,
  project: ProjectTree | null,
  caBundle: Buffer | null,
): BuildInput {
  const { text, files } = toDockerfile(job.spec, {
    files: job.files,
    ...(project ? { tree: project } : {}),
    ...(job.baseImage ? { baseImage: job.baseImage } : {}),
    uvImage: job.helperImages.uv,
    micromambaImage: job.helperImages.micromamba,
    flytekitVersion: job.flytekitVersion,
    caCertificates: caBundle !== null,
  });
  const context = new Map<string, ProjectFile>();
  for (const [name, file] of files) {
    context.set(name, typeof file === 'string' ? plainFile(file) : file);
  }
  if (caBundle) context.set(CA_BUNDLE_FILE, plainFile(caBundle));
  const secrets = new Map(
    job.secrets.map((content, index) => [
      `secret_${index}`,
      Buffer.from(content),
    ]),
  );
  return { job, dockerfile: text, context, secrets };
}

function plainFile(content: string | Uint8Array): ProjectFile {
  return { bytes: Buffer.from(content), isExecutable: false };
}
