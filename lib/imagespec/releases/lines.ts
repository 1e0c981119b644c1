import type { Release } from './release';

/** Releases that compute tags in one way, up to the next line. */
export type ReleaseLine = {
  since: Release;
  /** What is new in it, as far as tags go. */
  change: string;
};

/** Every change of flytekit's tags since 1.10.0, oldest first. */
export const RELEASE_LINES: readonly [ReleaseLine, ...ReleaseLine[]] = [
  {
    since: '1.10.0',
    change:
      'All 15 fields are hashed, set or not; the tag ends in two dots, where base64 pads.',
  },
  {
    since: '1.10.3',
    change: 'conda_packages, conda_channels and commands are new and hashed.',
  },
  {
    since: '1.10.7',
    change: 'A builder that is not named is hashed as None, no longer as envd.',
  },
  { since: '1.11.0', change: 'The two dots at the end of the tag are gone.' },
  {
    since: '1.12.0',
    change:
      'pip_extra_index_url and tag_format are new; a base that is a spec is hashed by its image name; source_root by another digest.',
  },
  { since: '1.13.1', change: 'entrypoint is new and hashed.' },
  {
    since: '1.13.3',
    change: 'Lists that are no lists of texts are refused.',
  },
  {
    since: '1.13.5',
    change:
      'Only fields that are set are hashed; requirements without the white space at their ends; a base that is a spec by its fields.',
  },
  {
    since: '1.13.6',
    change:
      'copy and source_copy_mode are new; a base that is a spec is hashed by its image name again; registries are checked.',
  },
  {
    since: '1.14.0',
    change: 'Source files are digested in the order of their paths.',
  },
  {
    since: '1.15.0',
    change:
      'pip_secret_mounts (not hashed), pip_extra_args and python_exec are new.',
  },
  {
    since: '1.15.1',
    change: 'The builder is filled in and hashed, for two releases.',
  },
  { since: '1.15.3', change: 'The builder is not hashed any more.' },
  {
    since: '1.15.4',
    change: 'runtime_packages (not hashed) and builder_options are new.',
  },
  { since: '1.16.0', change: 'builder_config is new.' },
  {
    since: '1.16.4',
    change:
      'Without a platform, an arm64 machine takes linux/arm64 for a localhost registry.',
  },
];

/** The line whose way of computing tags is today's. */
export const NEWEST_LINE: Release = '1.16.4';
