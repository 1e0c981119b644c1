import 'server-only';
import type { Actor } from '@/lib/auth';
import { filesOf } from '@/lib/imagespec/definition';
import { toStarterProject } from '@/lib/imagespec/export/starter';
import { packProject } from '@/lib/build/project-archive';
import { getSpec } from '@/lib/services/spec-views';

/**
 * A project that runs with the spec's current revision, as a gzipped tar with one folder in it. Throws NOT_FOUND,
 * SPEC_INVALID when the spec and its base mean different files by one path.
 */
export async function packStarter(
  actor: Actor,
  specId: string,
): Promise<{ fileName: string; bytes: Buffer }> {
  const { revision } = await getSpec(actor, specId);
  const { fields, flytekitVersion } = revision;
  const files = toStarterProject({
    spec: fields,
    files: filesOf(fields, revision),
    baseFiles: revision.baseFiles,
    flytekitVersion,
  });
  const folder = `${fields.name.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, '-')}-project`;
  const bytes = await packProject(
    new Map(
      files.map(({ path, text }) => [
        `${folder}/${path}`,
        { bytes: Buffer.from(text, 'utf8'), isExecutable: false },
      ]),
    ),
  );
  return { fileName: `${folder}.tar.gz`, bytes };
}
