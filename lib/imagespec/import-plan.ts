import { AppError } from '@/lib/errors';
import { type Repository, readRepository } from '@/lib/registry/covering';
import { parseReference } from '@/lib/registry/reference';
import { toBuildPlan } from './build-plan';
import { withBases } from './code/bases';
import { type Digests, requirementsDigest } from './digests';
import type { ImportedSpec, ImportedTask, PythonImport } from './python';
import { emptySpec, type ImageSpec } from './schema';
import { imageName, specTag } from './tag';

/** A spec of a file, with the name it is saved under and the image it becomes. */
export type PlannedSpec = {
  /** Its place in the file's list. */
  index: number;
  /** What the team will call it. The same file gives the same names, so importing it again finds them. */
  name: string;
  read: ImportedSpec;
  /** `null` while something of it is unknown. */
  ready: {
    spec: ImageSpec;
    requirements: string | null;
    /** `registry/name`, without the tag. */
    imageName: string;
    tag: string;
  } | null;
  /** The path of a requirements file whose text is still missing. */
  missingFile: string | null;
  /** Why it cannot be saved, though its tag is known. */
  fault: string | null;
};

/** What a task's image is held by. `repository` is `null` for a name without a registry. */
export type PlannedImage =
  | {
      known: 'spec';
      index: number;
      reference: string;
      repository: Repository | null;
      tag: string;
    }
  | {
      known: 'reference';
      reference: string;
      repository: Repository;
      tag: string | null;
      digest: string | null;
    }
  | { known: 'default' }
  | { known: 'unresolved'; reference: string; message: string };

export type PlannedTask = { name: string; line: number; image: PlannedImage };

export type ImportPlan = { specs: PlannedSpec[]; tasks: PlannedTask[] };

/**
 * What importing a read file would save. `texts` are those of requirements files, by the path the specs name. The same
 * in the browser, for the preview, and on the server, which alone counts.
 */
export function planImport(
  file: PythonImport,
  texts: Readonly<Record<string, string>>,
): ImportPlan {
  const names = nameSpecs(file);
  const specs = file.specs.map((read, index) => ({
    index,
    name: names[index] ?? '',
    read,
    ...prepare(read, texts),
  }));
  const tasks = file.tasks.map((task) => ({
    name: task.name,
    line: task.line,
    image: planImage(task, specs),
  }));
  return { specs, tasks };
}

/**
 * A spec is called as its image; where it has flytekit's own name, or an earlier one of the file has the same, it is
 * called after its variable or its task.
 */
function nameSpecs(file: PythonImport): string[] {
  const taken = new Set<string>();
  return file.specs.map((read, index) => {
    const own = (read.spec?.name ?? writtenName(read))?.toLowerCase();
    const task = file.tasks.find(
      ({ image }) => image.kind === 'spec' && image.index === index,
    );
    const place =
      read.variable === null
        ? (task?.name ?? `${file.module}.line_${read.line}`)
        : `${file.module}.${read.variable}`;
    const isOwn = own && own !== emptySpec().name && !taken.has(own);
    const name = isOwn ? own : unused(place, taken);
    taken.add(name);
    return name;
  });
}

function writtenName({ fields }: ImportedSpec): string | undefined {
  const value = fields.find(({ name }) => name === 'name')?.value;
  return value?.type === 'str' && value.value !== '' ? value.value : undefined;
}

function unused(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}_${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

function prepare(
  { spec }: ImportedSpec,
  texts: Readonly<Record<string, string>>,
): Pick<PlannedSpec, 'ready' | 'missingFile' | 'fault'> {
  if (!spec) return { ready: null, missingFile: null, fault: null };
  const missing = withBases(spec)
    .map(({ requirements = '' }) => requirements)
    .find((one) => one !== '' && !Object.hasOwn(texts, one));
  if (missing !== undefined)
    return { ready: null, missingFile: missing, fault: null };
  const path = spec.requirements ?? '';
  const requirements = path === '' ? null : (texts[path] ?? '');
  const digests = digestsFrom(spec, texts);
  const files = path === '' ? {} : { [path]: requirements ?? '' };
  const tag = attempt(() => specTag(spec, digests));
  if (!tag.ok) return { ready: null, missingFile: null, fault: tag.fault };
  const name = imageName(spec, digests).slice(0, -tag.value.length - 1);
  const build = attempt(() => toBuildPlan(spec, { files, baseImage: BASE }));
  return {
    ready: { spec, requirements, imageName: name, tag: tag.value },
    missingFile: null,
    fault: build.ok ? null : build.fault,
  };
}

/** The digests of the requirements files that a spec and its bases name. */
function digestsFrom(
  { requirements: path = '', base_image: base }: ImageSpec,
  texts: Readonly<Record<string, string>>,
): Digests {
  return {
    ...(path === ''
      ? {}
      : { requirements: requirementsDigest(texts[path] ?? '') }),
    ...(typeof base === 'object' ? { base: digestsFrom(base, texts) } : {}),
  };
}

/** Stands for the image of a base that is a spec: which one it is plays no part here. */
const BASE = 'base.invalid/spec';

/** What is computed, or why it cannot be. */
function attempt<Value>(
  compute: () => Value,
): { ok: true; value: Value } | { ok: false; fault: string } {
  try {
    return { ok: true, value: compute() };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ok: false, fault: error.message };
  }
}

function planImage(
  task: ImportedTask,
  specs: readonly PlannedSpec[],
): PlannedImage {
  const { image } = task;
  switch (image.kind) {
    case 'default':
      return { known: 'default' };
    case 'unresolved':
      return {
        known: 'unresolved',
        reference: image.source,
        message: image.message,
      };
    case 'reference':
      return planReference(image.text);
    case 'spec':
      return planSpecImage(specs[image.index]);
  }
}

function planSpecImage(planned: PlannedSpec | undefined): PlannedImage {
  const ready = planned?.ready;
  if (planned && ready) {
    const hasRegistry = (ready.spec.registry ?? '') !== '';
    return {
      known: 'spec',
      index: planned.index,
      reference: `${ready.imageName}:${ready.tag}`,
      repository: hasRegistry ? readRepository(ready.imageName) : null,
      tag: ready.tag,
    };
  }
  const reference = planned?.read.variable ?? 'ImageSpec(…)';
  const message = planned?.missingFile
    ? `The text of ${planned.missingFile} is missing; the tag depends on it.`
    : 'Its ImageSpec could not be read in full.';
  return { known: 'unresolved', reference, message };
}

function planReference(text: string): PlannedImage {
  if (text.includes('{{')) {
    const message = 'Flyte fills this in when the task is registered.';
    return { known: 'unresolved', reference: text, message };
  }
  try {
    const { registry, repository, tag, digest } = parseReference(text);
    return {
      known: 'reference',
      reference: text,
      repository: { host: registry, path: repository },
      tag: digest === undefined ? (tag ?? 'latest') : null,
      digest: digest ?? null,
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { known: 'unresolved', reference: text, message: error.message };
  }
}
