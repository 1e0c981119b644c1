import { AppError } from '@/lib/errors';
import { DEFAULT_PLATFORM } from '@/lib/imagespec/defaults';
import { pythonVersionRule, registryRule } from '@/lib/imagespec/field-rules';
import { pyRepr } from '@/lib/imagespec/python-repr';
import { sourceCopyMode } from '@/lib/imagespec/tree-source';
import { parseReference } from '@/lib/registry/reference';
import { type Rule, without } from './finding';
import { requirementsOf } from './requirement';

/** A base image that is another one tomorrow. */
export const floatingBase: Rule = ({ spec }) => {
  if (typeof spec.base_image !== 'string' || spec.base_image === '') return [];
  const { tag, digest } = referenceOf(spec.base_image);
  if (digest !== undefined || (tag !== undefined && tag !== 'latest'))
    return [];
  return [
    {
      rule: 'floating-base',
      severity: 'warning',
      field: 'base_image',
      message:
        tag === undefined
          ? 'The base image has no tag, so its latest is taken. Name a tag or, better, a digest.'
          : 'The base image is whatever “latest” is on the day of the build. Name a tag or, better, a digest.',
      why: 'The tag of your image holds the name of the base, not its content: two builds under one tag then differ.',
    },
  ];
};

/** A platform that no node of the clusters has. */
export const platformOfCluster: Rule = ({ spec, context }) => {
  const built = new Set((spec.platform || DEFAULT_PLATFORM).split(','));
  const missing = context.clusterPlatforms.filter((one) => !built.has(one));
  const [first] = missing;
  if (first === undefined) return [];
  const isNone = missing.length === context.clusterPlatforms.length;
  return [
    {
      rule: 'platform-of-cluster',
      severity: isNone ? 'error' : 'warning',
      field: 'platform',
      message: isNone
        ? `The image is built for ${[...built].join(' and ')}, the cluster runs ${missing.join(' and ')}.`
        : `Nodes with ${missing.join(' and ')} cannot run this image.`,
      why: 'On another platform a task ends at once with “exec format error”, or its image is not found.',
      ...(isNone && missing.length === 1
        ? {
            fix: {
              label: `Build for ${first}`,
              apply: (current) => ({ ...current, platform: first }),
            },
          }
        : {}),
    },
  ];
};

/** A registry written as an address. */
export const registryAddress: Rule = ({ spec }) => {
  const { registry = '' } = spec;
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(registry)?.[0] ?? '';
  const mended = registry.slice(scheme.length).replace(/\/+$/, '');
  if (mended === registry) return [];
  const isGood = mended !== '' && registryRule(mended) === undefined;
  return [
    {
      rule: 'registry-address',
      severity: 'error',
      field: 'registry',
      message: scheme
        ? `Leave “${scheme}” off the registry.`
        : 'Leave the “/” at the end off the registry.',
      why: 'It is the first part of the image’s name, no web address; flytekit refuses it since 1.13.6, though its documentation still shows one.',
      ...(isGood
        ? {
            fix: {
              label: `Write ${mended}`,
              apply: (current) => ({ ...current, registry: mended }),
            },
          }
        : {}),
    },
  ];
};

/** On an arm64 laptop flytekit takes another platform for such a registry, and with it another tag. */
export const localhostPlatform: Rule = ({ spec }) =>
  spec.registry?.toLowerCase().startsWith('localhost:') &&
  spec.platform === undefined
    ? [
        {
          rule: 'localhost-platform',
          severity: 'warning',
          field: 'platform',
          message: `Name the platform: for a registry on localhost it depends on the laptop.`,
          why: 'Since 1.16.4 flytekit takes linux/arm64 on an arm64 laptop and linux/amd64 on any other, so that one spec has two tags.',
          fix: {
            label: `Write ${DEFAULT_PLATFORM}`,
            apply: (current) => ({ ...current, platform: DEFAULT_PLATFORM }),
          },
        },
      ]
    : [];

/** Fields that only the envd plugin knows. */
export const cudaRefused: Rule = ({ spec }) => {
  const isOther = spec.builder !== undefined && spec.builder !== 'default';
  if (isOther) return [];
  return (['cuda', 'cudnn'] as const)
    .filter((field) => spec[field] !== undefined)
    .map((field) => ({
      rule: 'cuda-refused',
      severity: 'error',
      field,
      message: `Remove ${field}.`,
      why: 'flytekit’s default builder refuses it, an empty text too. The wheels of torch and the like bring CUDA along; for anything else take a base image that has it, such as nvidia/cuda.',
      fix: {
        label: `Remove ${field}`,
        apply: (current) => without(current, field),
      },
    }));
};

/** A version that Python read as a number. */
export const pythonNumber: Rule = ({ spec }) => {
  const { python_version: version } = spec;
  if (typeof version !== 'object') return [];
  const text = pyRepr(version);
  const isClear = pythonVersionRule(text) === undefined && text !== '3.1';
  return [
    {
      rule: 'python-number',
      severity: 'warning',
      field: 'python_version',
      message:
        text === '3.1'
          ? 'python_version is the number 3.1. Write "3.10" in quotes, if that is meant.'
          : `python_version is the number ${text}. Write it in quotes.`,
      why: 'YAML and Python read 3.10 as 3.1, and the tag of a number is not that of the same text.',
      ...(isClear
        ? {
            fix: {
              label: `Write "${text}"`,
              apply: (current) => ({ ...current, python_version: text }),
            },
          }
        : {}),
    },
  ];
};

/** Source files that only the running program knows. */
export const loadedModules: Rule = ({ spec }) =>
  sourceCopyMode(spec) === 'LOADED_MODULES'
    ? [
        {
          rule: 'loaded-modules',
          severity: 'error',
          field: spec.source_copy_mode ? 'source_copy_mode' : 'source_root',
          message: spec.source_copy_mode
            ? 'LOADED_MODULES cannot be built here. Choose ALL, or NO_COPY.'
            : 'source_root alone means LOADED_MODULES, which cannot be built here. Set source_copy_mode to ALL, or to NO_COPY.',
          why: 'It takes the modules your code imports when it runs, and Imageyard runs no code: neither the files nor the tag can be known. With fast registration Flyte delivers the code, and NO_COPY is right.',
        },
      ]
    : [];

/** Spark's plugin makes another spec of this one. */
export const sparkRewrites: Rule = (input) => {
  const found = requirementsOf(input).find(
    ({ name }) => name === 'flytekitplugins-spark',
  );
  return found && !input.spec.base_image
    ? [
        {
          rule: 'spark-rewrites',
          severity: 'warning',
          field: 'base_image',
          message:
            'In a Spark task flytekit’s plugin changes this spec. Set base_image and python_exec yourself.',
          why: 'Without a base image it takes cr.flyte.org/flyteorg/flytekit:spark-<its version> and /usr/bin/python3, so that the task asks for another tag than the one shown here.',
        },
      ]
    : [];
};

function referenceOf(text: string): { tag?: string; digest?: string } {
  try {
    return parseReference(text);
  } catch (error) {
    // What is no reference is told by the field itself.
    if (error instanceof AppError) return { tag: text };
    throw error;
  }
}
