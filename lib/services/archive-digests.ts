import 'server-only';
import type { Actor } from '@/lib/auth';
import type {
  ArchiveId,
  CopiedParts,
  TreeDigestsView,
} from '@/lib/imagespec/archive';
import { toCopyPlan } from '@/lib/imagespec/copy-plan';
import { projectDigests } from '@/lib/imagespec/digests';
import { SpecError } from '@/lib/imagespec/errors';
import { parseImageSpec } from '@/lib/imagespec/schema';
import type { ProjectTree } from '@/lib/imagespec/tree';
import { readArchive } from '@/lib/services/archives';

/**
 * What flytekit hashes of a stored project for the tag, for a spec that is being written. Faults of the spec are no
 * failure: they come by field. Throws INVALID_INPUT when the team has no such project.
 */
export async function treeDigests(
  actor: Actor,
  { sha256, copy, sourceRoot, mode }: ArchiveId & CopiedParts,
): Promise<TreeDigestsView> {
  const tree = await readArchive(actor.teamId, sha256);
  const copied = attempt({ copy }, tree);
  const source = attempt(
    {
      ...(sourceRoot === '' ? {} : { source_root: sourceRoot }),
      ...(mode === '' ? {} : { source_copy_mode: mode }),
    },
    tree,
  );
  return {
    paths: [...tree.keys()],
    digests: { ...copied.digests, ...source.digests },
    problems: { ...copied.problems, ...source.problems },
  };
}

type Attempt = Pick<TreeDigestsView, 'digests' | 'problems'>;

function attempt(fields: object, tree: ProjectTree): Attempt {
  try {
    const spec = parseImageSpec({ name: 'project', ...fields });
    toCopyPlan(spec, { tree });
    return { digests: projectDigests(spec, tree), problems: {} };
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return { digests: {}, problems: error.fields ?? {} };
  }
}
