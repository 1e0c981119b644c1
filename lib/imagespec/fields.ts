/** flytekit's 29 fields in the order of their declaration, which is the order in which they are hashed. */
export const FIELD_ORDER = [
  'name',
  'python_version',
  'builder',
  'source_root',
  'env',
  'registry',
  'packages',
  'conda_packages',
  'conda_channels',
  'requirements',
  'apt_packages',
  'cuda',
  'cudnn',
  'base_image',
  'platform',
  'pip_index',
  'pip_extra_index_url',
  'pip_secret_mounts',
  'pip_extra_args',
  'registry_config',
  'entrypoint',
  'commands',
  'tag_format',
  'source_copy_mode',
  'copy',
  'python_exec',
  'runtime_packages',
  'builder_options',
  'builder_config',
] as const;

export type FieldName = (typeof FIELD_ORDER)[number];

export function isFieldName(text: string): text is FieldName {
  return FIELD_ORDER.some((field) => field === text);
}
