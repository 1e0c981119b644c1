import type { FieldName } from '@/lib/imagespec/fields';
import type { ImageSpec } from '@/lib/imagespec/schema';

export const SEVERITIES = ['error', 'warning', 'info'] as const;

/** `error`: it will not build, or gives away a secret; `warning`: likely not what is meant; `info`: worth knowing. */
export type Severity = (typeof SEVERITIES)[number];

/** A change that mends one finding and touches nothing else. */
export type Fix = { label: string; apply: (spec: ImageSpec) => ImageSpec };

/** Something about a spec that a person should know, why it matters, and what mends it. */
export type Finding = {
  rule: string;
  severity: Severity;
  field: FieldName;
  /** The entry of a list field, or the line of the requirements text, from 1. */
  line?: number;
  message: string;
  why: string;
  fix?: Fix;
};

/** A spec, valid or not, the text its requirements name, and what is around it. */
export type LintInput = {
  spec: ImageSpec;
  /** `null` when it is not known, or there is none. */
  requirements: string | null;
  context: LintContext;
};

export type LintContext = {
  /** The platforms of the clusters that run the tasks; none when nobody has said. */
  clusterPlatforms: readonly string[];
  /** The flytekit that a build installs when no package names one. */
  flytekitVersion: string;
  /** The other specs of the team, by the name people know them by. */
  others: readonly { name: string; spec: ImageSpec }[];
};

export type Rule = (input: LintInput) => Finding[];

/** The spec without a field. */
export function without(spec: ImageSpec, field: keyof ImageSpec): ImageSpec {
  const { [field]: _removed, ...rest } = spec;
  return rest as ImageSpec;
}

/** The spec with a list field that lacks one entry, or the field itself when that was the last. */
export function withoutEntry(
  spec: ImageSpec,
  field: 'packages' | 'commands' | 'runtime_packages',
  index: number,
): ImageSpec {
  const entries = (spec[field] ?? []).toSpliced(index, 1);
  return entries.length === 0
    ? without(spec, field)
    : { ...spec, [field]: entries };
}
