import { yamlText } from '@/lib/imagespec/code/print-yaml';

export type PublishedImage = {
  /** `registry/repository`, without tag and digest. */
  repository: string;
  tag: string;
  /** `sha256:…`, once it is known. */
  digest: string | null;
};

/** How Flyte is told to use an image that exists, each to copy. */
export type ImageLines = {
  /** The section of flytekit's `config.yaml`. */
  config: string;
  /** `pyflyte run --image …`, by the name that tasks use. */
  namedOption: string;
  /** For the tasks that name no image. */
  defaultOption: string;
  /** The argument of a task that takes the image by its name. */
  template: string;
  /** The argument that means this very image for ever; null while its digest is not known. */
  pinned: string | null;
};

/** `name` is a spec's; of `team/train` the last part is taken, in the letters that a template may hold. */
export function imageLines(name: string, image: PublishedImage): ImageLines {
  const { repository, tag, digest } = image;
  const last = name.toLowerCase().split('/').at(-1) ?? '';
  const key = last.replaceAll(/[^a-z0-9_-]+/g, '-') || 'image';
  const address =
    digest === null ? `${repository}:${tag}` : `${repository}@${digest}`;
  return {
    config: `images:\n  ${yamlText(key)}: ${yamlText(address)}\n`,
    namedOption: `--image ${key}=${address}`,
    defaultOption: `--image ${address}`,
    template: `container_image="{{.image.${key}.fqn}}:{{.image.${key}.version}}"`,
    pinned:
      digest === null ? null : `container_image="${repository}@${digest}"`,
  };
}
