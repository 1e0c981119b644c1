import { DEFAULT_FLYTEKIT_VERSION, DEFAULT_PYTHON_VERSION } from './defaults';
import type { ImageSpec } from './schema';

/** A spec to begin from. */
export type SpecTemplate = {
  id: 'plain' | 'data-science' | 'gpu-torch' | 'spark' | 'requirements';
  title: string;
  sentence: string;
  spec: ImageSpec;
  /** The text of the file that the spec names. */
  requirements: string | null;
};

const common = { version: 1, python_version: DEFAULT_PYTHON_VERSION } as const;

export const SPEC_TEMPLATES: readonly SpecTemplate[] = [
  {
    id: 'plain',
    title: 'Plain',
    sentence:
      'Python and flytekit, and nothing else: the smallest image a task runs in.',
    spec: { ...common, name: 'plain' },
    requirements: null,
  },
  {
    id: 'data-science',
    title: 'Data science',
    sentence:
      'pandas, scikit-learn and Parquet files, pinned to versions that fit together.',
    spec: {
      ...common,
      name: 'data-science',
      packages: ['pandas==2.2.3', 'pyarrow==18.1.0', 'scikit-learn==1.5.2'],
    },
    requirements: null,
  },
  {
    id: 'gpu-torch',
    title: 'PyTorch on a GPU',
    sentence:
      'PyTorch, whose wheels bring CUDA along: the base image needs none.',
    spec: {
      ...common,
      name: 'gpu-torch',
      packages: ['torch==2.5.1', 'numpy==2.1.3'],
      // The wheels of torch find the driver by these.
      env: [
        ['NVIDIA_VISIBLE_DEVICES', 'all'],
        ['NVIDIA_DRIVER_CAPABILITIES', 'compute,utility'],
      ],
    },
    requirements: null,
  },
  {
    id: 'spark',
    title: 'Spark',
    sentence:
      'Flyte’s Spark image with the Spark plugin, written out as the plugin would set it, so that the tag is the one that is registered.',
    spec: {
      version: 1,
      name: 'spark',
      packages: [`flytekitplugins-spark==${DEFAULT_FLYTEKIT_VERSION}`],
      base_image: `cr.flyte.org/flyteorg/flytekit:spark-${DEFAULT_FLYTEKIT_VERSION}`,
      python_exec: '/usr/bin/python3',
    },
    requirements: null,
  },
  {
    id: 'requirements',
    title: 'From requirements.txt',
    sentence:
      'The packages of a requirements file, whose text is part of the tag.',
    spec: {
      ...common,
      name: 'from-requirements',
      requirements: 'requirements.txt',
    },
    requirements: 'pandas==2.2.3\n',
  },
];
