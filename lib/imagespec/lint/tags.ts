import { SpecError } from '@/lib/imagespec/errors';
import type { ImageSpec } from '@/lib/imagespec/schema';
import { formatTag } from '@/lib/imagespec/tag-format';
import type { Rule } from './finding';

/** A tag that does not change when the spec does. */
export const fixedTag: Rule = ({ spec }) => {
  const tag = constantTag(spec);
  return tag === undefined
    ? []
    : [
        {
          rule: 'fixed-tag',
          severity: 'warning',
          field: 'tag_format',
          message: `The tag is always “${tag}”. Put {spec_hash} into it, such as ${tag}-{spec_hash}.`,
          why: 'flytekit builds only when the tag does not exist: after the first build no change of the spec reaches the image, and tasks that run already may get another one.',
        },
      ];
};

/** Another spec whose images have the very same name and tag. */
export const sharedTag: Rule = ({ spec, context }) => {
  const tag = constantTag(spec);
  if (tag === undefined) return [];
  return context.others
    .filter(
      (other) =>
        constantTag(other.spec) === tag &&
        repository(other.spec) === repository(spec),
    )
    .map((other) => ({
      rule: 'shared-tag',
      severity: 'error',
      field: 'tag_format',
      message: `${other.name} pushes to the same ${repository(spec)}:${tag}. Give one of them another name, or put {spec_hash} into the tag.`,
      why: 'Whichever is built last wins, and the tasks of both run on it.',
    }));
};

/** A hash cut so short that specs meet under one tag. */
export const shortHash: Rule = ({ spec }) => {
  const format = spec.tag_format ?? '';
  if (format === '' || constantTag(spec) !== undefined) return [];
  const kept = keptCharacters(format);
  return kept < 6
    ? [
        {
          rule: 'short-hash',
          severity: 'warning',
          field: 'tag_format',
          message: `The tag keeps ${kept} of the 22 characters of the hash. Keep 8 at least.`,
          why: 'Two different definitions can then share a tag, and the second is not built, because its tag exists.',
        },
      ]
    : [];
};

const HASH = 'zK5b6Eix3ZlE83_W7enujA';

/** The tag, where the format holds nothing of the hash. */
function constantTag({ tag_format: format = '' }: ImageSpec) {
  const tag = tagOf(format, HASH);
  return format !== '' && tag !== undefined && keptCharacters(format) === 0
    ? tag
    : undefined;
}

/** How many characters of the hash change the tag. */
function keptCharacters(format: string): number {
  const tag = tagOf(format, HASH);
  return [...HASH].filter((char, index) => {
    const other = [...HASH].with(index, char === 'x' ? 'y' : 'x').join('');
    return tagOf(format, other) !== tag;
  }).length;
}

function tagOf(format: string, hash: string): string | undefined {
  try {
    return formatTag(format, hash);
  } catch (error) {
    if (error instanceof SpecError) return undefined;
    throw error;
  }
}

function repository({ name, registry = '' }: ImageSpec): string {
  return (registry === '' ? name : `${registry}/${name}`).toLowerCase();
}
