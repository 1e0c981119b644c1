import 'server-only';
import type { Actor } from '@/lib/auth';
import type {
  ArchiveId,
  CopiedParts,
  TreeDigestsView,
} from '@/lib/imagespec/archive';
import { toCopyPlan } from '@/lib/imagespec/copy-plan';
import { copyDigest, sourceDigest } from '@/lib/imagespec/digests';
import { SpecError } from '@/lib/imagespec/errors';
import { type ImageSpec, parseImageSpec } from '@/lib/imagespec/schema';
import type { ProjectTree } from '@/lib/imagespec/tree';
import { copiesSource } from '@/lib/imagespec/tree-source';
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
  const copied = attempt({ copy }, tree, (spec) =>
    spec.copy?.length ? { copy: copyDigest(tree, spec.copy) } : {},
  );
  const source = attempt(
    {
      ...(sourceRoot === '' ? {} : { source_root: sourceRoot }),
      ...(mode === '' ? {} : { source_copy_mode: mode }),
    },
    tree,
    (spec) =>
      copiesSource(spec)
        ? { source: sourceDigest(tree, spec.source_root ?? '') }
        : {},
  );
  return {
    paths: [...tree.keys()],
    digests: { ...copied.digests, ...source.digests },
    problems: { ...copied.problems, ...source.problems },
  };
}

type Attempt = Pick<TreeDigestsView, 'digests' | 'problems'>;

function attempt(
  fields: object,
  tree: ProjectTree,
  digestsOf: (spec: ImageSpec) => Attempt['digests'],
): Attempt {
  try {
    const spec = parseImageSpec({ name: 'project', ...fields });
    toCopyPlan(spec, { tree });
    return { digests: digestsOf(spec), problems: {} };
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return { digests: {}, problems: error.fields ?? {} };
  }
}
