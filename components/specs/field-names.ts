import type { ChangedField } from '@/lib/imagespec/changes';

const NAMES: Partial<Record<ChangedField, string>> = {
  name: 'name',
  registry: 'registry',
  base_image: 'base image',
  python_version: 'Python version',
  packages: 'Python packages',
  apt_packages: 'apt packages',
  env: 'environment',
  requirements: 'requirements file',
  flytekit_version: 'flytekit',
};

/** What a field is called on pages; `platform` and its like keep the name they have in Python. */
export function fieldName(field: ChangedField): string {
  return NAMES[field] ?? field;
}

/** "packages", "packages and env", "packages, env and commands". */
export function joinNames(names: readonly string[]): string {
  const rest = [...names];
  const last = rest.pop();
  if (last === undefined) return '';
  return rest.length === 0 ? last : `${rest.join(', ')} and ${last}`;
}
