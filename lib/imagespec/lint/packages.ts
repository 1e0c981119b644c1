import { clip } from '@/lib/imagespec/field-rules';
import { isFlytekit, lockTool } from '@/lib/imagespec/requirements';
import type { ImageSpec } from '@/lib/imagespec/schema';
import {
  type Finding,
  type LintInput,
  type Rule,
  withoutEntry,
} from './finding';
import { type PlacedRequirement, quoted, requirementsOf } from './requirement';

const DRIFT =
  'The tag holds what is written, not what is installed: a build next month takes newer versions under the same tag, and a rerun may behave otherwise.';

/** Packages that any version satisfies. */
export const unpinnedPackages: Rule = (input) =>
  requirementsOf(input)
    .filter(({ version, name }) => version === 'any' && name !== 'flytekit')
    .map(({ field, line, text, isAddress }) => ({
      rule: 'unpinned-package',
      severity: 'warning',
      field,
      line,
      message: isAddress
        ? `An address of a repository names no commit or tag. Put @ and one behind it.`
        : `“${quoted(text)}” has no version. Pin it: ${plain(text)}==<version>.`,
      why: DRIFT,
    }));

/** Packages that several versions satisfy, told once a field. */
export const openRanges: Rule = (input) => {
  const open = requirementsOf(input).filter(
    ({ version }) => version === 'range',
  );
  return [...new Set(open.map(({ field }) => field))].map((field) => {
    const mine = open.filter((one) => one.field === field);
    return {
      rule: 'version-range',
      severity: 'info',
      field,
      line: mine[0]?.line ?? 1,
      message: `${mine.length === 1 ? 'One package allows' : `${mine.length} packages allow`} several versions: ${examples(mine)}.`,
      why: DRIFT,
    };
  });
};

/** Conda packages without a version. */
export const unpinnedConda: Rule = ({ spec }) =>
  (spec.conda_packages ?? []).flatMap((entry, index) =>
    entry.split(/\s+/).some((word) => word !== '' && !/[=<>~!]/.test(word))
      ? [
          {
            rule: 'unpinned-package',
            severity: 'warning',
            field: 'conda_packages',
            line: index + 1,
            message: `“${quoted(entry)}” has no version. Pin it: ${plain(entry)}=<version>.`,
            why: DRIFT,
          },
        ]
      : [],
  );

/** Debian's packages are rarely pinned: its archive keeps one version. */
export const unpinnedApt: Rule = ({ spec }) => {
  const open = (spec.apt_packages ?? []).filter((entry) => !/[=/]/.test(entry));
  return open.length === 0
    ? []
    : [
        {
          rule: 'apt-version',
          severity: 'info',
          field: 'apt_packages',
          message:
            'The apt packages have no versions, as is usual: Debian keeps only the newest of each release.',
          why: 'A later build takes newer ones under the same tag. To keep them, build them into a base image of your own and name it by its digest.',
        },
      ];
};

/** The same line twice in `packages`. */
export const repeatedPackages: Rule = ({ spec }) =>
  (spec.packages ?? []).flatMap((entry, index, all) =>
    all.indexOf(entry) < index
      ? [
          {
            rule: 'package-twice',
            severity: 'warning',
            field: 'packages',
            line: index + 1,
            message: `“${quoted(entry)}” is there twice.`,
            why: 'It is installed once, but both count in the tag.',
            fix: {
              label: 'Remove the second one',
              apply: (current) => withoutEntry(current, 'packages', index),
            },
          },
        ]
      : [],
  );

/** flytekit itself: missing, named twice, or named so that flytekit does not know itself again. */
export const flytekitItself: Rule = (input) => {
  const { spec, requirements } = input;
  const tool = lockTool(spec.requirements ?? '');
  if (tool) return lockWithoutFlytekit(tool, requirements);
  const named = requirementsOf(input).filter(
    ({ field }) => field !== 'runtime_packages',
  );
  const counted = named.filter(({ text }) => isFlytekit(text));
  const others = named.filter(
    ({ text, name, isAddress }) =>
      !isFlytekit(text) &&
      (name === 'flytekit' ||
        (isAddress && /\/flytekit(?:\.git)?(?:[@#;]|$)/.test(text))),
  );
  const findings = others.map((other) => unknownFlytekit(other, spec));
  if (counted.length > 1) return [...findings, doubled(counted)];
  return counted.length === 1 || others.length > 0
    ? findings
    : missingFlytekit(input);
};

function missingFlytekit({
  spec,
  requirements,
  context,
}: LintInput): Finding[] {
  // Nothing is installed over a given image, and of a file that is not here nobody knows.
  if (spec.builder === 'noop' || (spec.requirements && requirements === null)) {
    return [];
  }
  const pin = `flytekit==${context.flytekitVersion}`;
  return [
    {
      rule: 'flytekit-missing',
      severity: 'info',
      field: 'packages',
      message: 'No package names flytekit, so one is added at the build.',
      why: `flytekit adds the version of the laptop that registers, Imageyard ${context.flytekitVersion}. Neither is in the tag, so that two laptops push different images under one tag.`,
      fix: {
        label: `Add ${pin}`,
        apply: (current) => ({
          ...current,
          packages: [...(current.packages ?? []), pin],
        }),
      },
    },
  ];
}

function lockWithoutFlytekit(tool: string, text: string | null): Finding[] {
  const holds = /^name = "flytekit"\s*$/mu.test(text ?? '');
  return text === null || holds
    ? []
    : [
        {
          rule: 'flytekit-missing',
          severity: 'error',
          field: 'requirements',
          message: `${tool}.lock does not hold flytekit. Add it to pyproject.toml and lock again.`,
          why: 'Beside a lock file nothing is added at the build, and a task without flytekit cannot start.',
        },
      ];
}

function doubled(counted: readonly PlacedRequirement[]): Finding {
  const [first, second] = counted;
  const pins = new Set(counted.map(({ text }) => text));
  return {
    rule: 'flytekit-doubled',
    severity: pins.size > 1 ? 'error' : 'warning',
    field: second?.field ?? 'packages',
    line: second?.line ?? 1,
    message: `flytekit is named twice: “${quoted(first?.text ?? '')}” and “${quoted(second?.text ?? '')}”. Keep one.`,
    why: 'All of them have to hold at once; two versions cannot, and the build fails.',
  };
}

function unknownFlytekit(other: PlacedRequirement, spec: ImageSpec): Finding {
  const { field, line, text, name } = other;
  const isInPackages = field === 'packages';
  // A mere spelling, or an address that lacks its name.
  const mended =
    name === null
      ? `flytekit @ ${text}`
      : text.replace(/^[\p{L}]+/u, 'flytekit');
  return {
    rule: 'flytekit-unknown',
    severity: 'error',
    field,
    line,
    message: `flytekit does not know itself in “${quoted(text)}”. Write “${quoted(mended)}”.`,
    why: 'It looks for a line that begins with “flytekit”, in lower case. Without one it adds a pinned flytekit, and the two contradict each other.',
    ...(isInPackages && spec.packages
      ? {
          fix: {
            label: `Write it as flytekit${name === null ? ' @ …' : ''}`,
            apply: (current) => ({
              ...current,
              packages: (current.packages ?? []).with(line - 1, mended),
            }),
          },
        }
      : {}),
  };
}

function plain(text: string): string {
  return clip(/^[\p{L}\p{N}._-]+(?:\[[^\]]*\])?/u.exec(text)?.[0] ?? 'name');
}

function examples(list: readonly PlacedRequirement[]): string {
  const shown = list.slice(0, 3).map(({ text }) => quoted(text));
  return shown.join(', ') + (list.length > shown.length ? ', …' : '');
}
