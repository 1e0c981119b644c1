import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { CA_EXPORTS, CA_MOUNT_FLAG } from '@/lib/imagespec/ca-certificates';
import { DEFAULT_FLYTEKIT_VERSION } from '@/lib/imagespec/defaults';
import { UV_MOUNTS } from '@/lib/imagespec/dockerfile-run';
import type { PyValue } from '@/lib/imagespec/python-value';
import { baseFields, type FlytekitFields } from '@/lib/imagespec/tag';
import type { ProjectTree } from '@/lib/imagespec/tree';
import { specBuilder } from '@/worker/testing/built-specs';
import { runInContainer } from '@/worker/testing/containers';

/** A spec to construct, in a folder that holds the files. */
export type FlytekitCase = {
  fields: FlytekitFields;
  tree?: ProjectTree;
  /** Where the folder is, for specs that name it; any other place otherwise. */
  folder?: string;
  isGitRepository?: boolean;
  /** Whether to write the default builder's context too. */
  hasContext?: boolean;
};

const Answer = z.union([
  z.strictObject({ error: z.string() }),
  z.strictObject({
    id: z.string(),
    tag: z.string(),
    name: z.string(),
    /** Path → text and whether it may be run. */
    context: z
      .record(z.string(), z.tuple([z.string(), z.boolean()]))
      .optional(),
  }),
]);
export type FlytekitAnswer = z.infer<typeof Answer>;

const PYTHON = '/opt/flytekit/bin/python';
const SCRIPT = path.join(import.meta.dirname, 'flytekit-answers.py');

/** What the real flytekit says of each case: installed from the package index into an image, and run in a container. */
export async function askFlytekit(
  cases: readonly FlytekitCase[],
): Promise<FlytekitAnswer[]> {
  const { docker, base, uv, buildDockerfile, discard } = specBuilder();
  const mounts = [CA_MOUNT_FLAG, ...UV_MOUNTS].join(' ');
  try {
    const { image } = await buildDockerfile(`FROM ${uv} AS uv
FROM ${base}
RUN ${CA_MOUNT_FLAG} ${CA_EXPORTS} apt-get update && apt-get install -y --no-install-recommends git
RUN ${mounts} ${CA_EXPORTS} uv venv --python /usr/bin/python3 /opt/flytekit \\
    && uv pip install --python ${PYTHON} flytekit==${DEFAULT_FLYTEKIT_VERSION}
`);
    const { exitCode, output, text } = await runInContainer(docker, {
      image,
      command: [PYTHON, '/answers.py', '/cases', '/answers'],
      files: {
        '/answers.py': readFileSync(SCRIPT, 'utf8'),
        '/cases': cases
          .map((one) => `${JSON.stringify(toJson(one))}\n`)
          .join(''),
      },
      reads: '/answers',
    });
    if (exitCode !== 0) throw new Error(output);
    return text
      .trimEnd()
      .split('\n')
      .map((line) => Answer.parse(JSON.parse(line)));
  } finally {
    await discard();
  }
}

function toJson({ fields, tree, folder, ...one }: FlytekitCase) {
  const decoder = new TextDecoder();
  return {
    spec: specJson(fields),
    files: [...(tree ?? [])].map(([name, { bytes, isExecutable }]) => [
      name,
      decoder.decode(bytes),
      isExecutable,
    ]),
    folder,
    git: one.isGitRepository,
    context: one.hasContext,
  };
}

function specJson(fields: FlytekitFields): unknown {
  const base = baseFields(fields);
  return {
    type: 'spec',
    fields: Object.entries(fields).map(([name, value]) => [
      name,
      name === 'base_image' && base ? specJson(base) : valueJson(value),
    ]),
  };
}

/** JSON keeps no float apart from an integer, so numbers go as text. */
function valueJson(value: PyValue): unknown {
  switch (value.type) {
    case 'float':
      return {
        type: 'float',
        text: Object.is(value.value, -0) ? '-0' : String(value.value),
      };
    case 'list':
    case 'tuple':
      return { type: value.type, items: value.items.map(valueJson) };
    case 'dict':
      return {
        type: 'dict',
        entries: value.entries.map((entry) => entry.map(valueJson)),
      };
    case 'enum':
      return { type: 'copy', name: /\.(\w+):/.exec(value.repr)?.[1] };
    default:
      return value;
  }
}
