import type { Dependencies } from './dependencies';
import { baseName } from '@/lib/imagespec/field-rules';
import type { ImageSpec } from '@/lib/imagespec/schema';

type Starter = {
  spec: ImageSpec;
  /** What a laptop needs beside Python. */
  needs: string | null;
  dependencies: Dependencies;
  laptopFile: string | null;
  /** Files the spec names that are not in the project. */
  absent: readonly string[];
};

/** The README of a starter project: how to run it on a laptop and on a cluster, and what is in it. */
export function starterReadme(starter: Starter): string {
  const { spec, needs, dependencies, laptopFile, absent } = starter;
  const wanted = [
    `Python ${dependencies.python.version}`,
    ...(needs === null ? [] : [needs]),
    ...(dependencies.lock ? [dependencies.lock.tool] : []),
  ];
  const registry = spec.registry
    ? `Flyte pulls it from ${code(spec.registry)}.`
    : 'The spec names no registry: set `registry` in `workflow.py` first, to one that the cluster can pull from.';
  return `# ${title(spec.name)}

A Flyte workflow whose task runs in an image of its own.

## On a laptop

You need ${wanted.join(', ')}. No image is built and no container is started.

\`\`\`sh
${laptopCommands(starter).join('\n')}
\`\`\`

## On a cluster

\`\`\`sh
pyflyte run --remote workflow.py main
\`\`\`

flytekit computes the tag of the image from the \`ImageSpec\` in \`workflow.py\`, and uses the image of that tag when the
registry has it. ${registry}
${absent.length === 0 ? '' : `\nPut these in place before the image is built: ${absent.map(code).join(', ')}.\n`}
## What is here

- \`workflow.py\`: the image, a task and the workflow \`main\`
${laptopFile === null ? '' : `- ${code(laptopFile)}: the packages of the image, for a laptop\n`}`;
}

function laptopCommands({ dependencies, laptopFile }: Starter): string[] {
  const run = 'pyflyte run workflow.py main';
  const { lock, name } = dependencies;
  if (lock) {
    const folder = lock.path
      .slice(0, -baseName(lock.path).length)
      .replace(/\/$/, '');
    const project = folder === '' ? '' : ` --project ${word(folder)}`;
    return lock.tool === 'uv'
      ? [`uv sync --locked${project}`, `uv run${project} ${run}`]
      : [`poetry${project} install`, `poetry${project} run ${run}`];
  }
  return laptopFile === 'environment.yml'
    ? [
        'conda env create -f environment.yml',
        `conda activate ${word(name)}`,
        run,
      ]
    : [
        'python3 -m venv .venv',
        '. .venv/bin/activate',
        `pip install -r ${laptopFile}`,
        run,
      ];
}

/** One word of a shell. */
function word(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function code(text: string): string {
  return `\`${text.replaceAll('`', '')}\``;
}

function title(name: string): string {
  const last = name.split('/').at(-1) ?? '';
  return last.replaceAll(/[^\p{L}\p{N}._-]/gu, '');
}
