import type { FieldName } from '@/lib/imagespec/fields';

/** A flytekit release, such as `1.13.6`. */
export type Release = `${number}.${number}.${number}`;

/** Whether `release` came before `other`. */
export function isBefore(release: Release, other: Release): boolean {
  const [one, two] = [numbersOf(release), numbersOf(other)];
  const at = one.findIndex((number, index) => number !== two[index]);
  return at !== -1 && (one[at] ?? 0) < (two[at] ?? 0);
}

/** The release in a text such as `1.13.6` or `1.13.6b2`; undefined for anything else. */
export function readRelease(text: string): Release | undefined {
  const match = /^(\d{1,4})\.(\d{1,4})\.(\d{1,4})/.exec(text);
  if (!match) return undefined;
  const [, major, minor, patch] = match.map(Number);
  return `${major ?? 0}.${minor ?? 0}.${patch ?? 0}`;
}

/** The release that brought a field; the others are as old as ImageSpec's present form, 1.10.0. */
const FIELD_SINCE: Partial<Record<FieldName, Release>> = {
  conda_packages: '1.10.3',
  conda_channels: '1.10.3',
  commands: '1.10.3',
  pip_extra_index_url: '1.12.0',
  tag_format: '1.12.0',
  entrypoint: '1.13.1',
  source_copy_mode: '1.13.6',
  copy: '1.13.6',
  pip_secret_mounts: '1.15.0',
  pip_extra_args: '1.15.0',
  python_exec: '1.15.0',
  runtime_packages: '1.15.4',
  builder_options: '1.15.4',
  builder_config: '1.16.0',
};

/** The first of the releases we know whose `ImageSpec` has the field. */
export function fieldSince(field: FieldName): Release {
  return FIELD_SINCE[field] ?? '1.10.0';
}

function numbersOf(release: Release): number[] {
  return release.split('.').map(Number);
}
