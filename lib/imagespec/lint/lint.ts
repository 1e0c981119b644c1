import { FIELD_ORDER } from '@/lib/imagespec/fields';
import { SEVERITIES, type Finding, type LintInput, type Rule } from './finding';
import {
  cudaRefused,
  floatingBase,
  loadedModules,
  localhostPlatform,
  platformOfCluster,
  pythonNumber,
  registryAddress,
  sparkRewrites,
} from './image';
import {
  condaAndUv,
  lockAndPackages,
  pipInCommands,
  pyprojectAsRequirements,
  pythonExecAndConda,
  pythonExecAndVersion,
  runtimePackages,
} from './install';
import {
  flytekitItself,
  openRanges,
  repeatedPackages,
  unpinnedApt,
  unpinnedConda,
  unpinnedPackages,
} from './packages';
import { credentialInAddress, knownToken, secretInEnv } from './secrets';
import { fixedTag, sharedTag, shortHash } from './tags';

const RULES: readonly Rule[] = [
  registryAddress,
  floatingBase,
  platformOfCluster,
  localhostPlatform,
  cudaRefused,
  pythonNumber,
  loadedModules,
  sparkRewrites,
  unpinnedPackages,
  openRanges,
  unpinnedConda,
  unpinnedApt,
  repeatedPackages,
  flytekitItself,
  lockAndPackages,
  pyprojectAsRequirements,
  condaAndUv,
  pythonExecAndConda,
  pythonExecAndVersion,
  pipInCommands,
  runtimePackages,
  credentialInAddress,
  knownToken,
  secretInEnv,
  fixedTag,
  sharedTag,
  shortHash,
];

/**
 * What is likely wrong with a spec, the gravest first, then in the order of the fields. It takes a spec that breaks the
 * schema's rules, too, so that it can offer the fix. No finding repeats a secret.
 */
export function lintSpec(input: LintInput): Finding[] {
  const order = (finding: Finding) => [
    SEVERITIES.indexOf(finding.severity),
    FIELD_ORDER.indexOf(finding.field),
    finding.line ?? 0,
  ];
  return RULES.flatMap((rule) => rule(input)).sort((one, two) => {
    const [a, b] = [order(one), order(two)];
    const at = a.findIndex((number, index) => number !== b[index]);
    return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
  });
}
