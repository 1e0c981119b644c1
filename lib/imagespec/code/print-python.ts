import { withBases } from './bases';
import { headed, layOut, literal, type Part } from './python-layout';
import { FIELD_ORDER } from '@/lib/imagespec/fields';
import type { PyValue } from '@/lib/imagespec/python-value';
import type { ImageSpec } from '@/lib/imagespec/schema';
import { toFields } from '@/lib/imagespec/tag';

export const DEFAULT_VARIABLE = 'image_spec';
const BASE_VARIABLE = 'base_image';

export type PythonOptions = {
  /** The name the spec is bound to. */
  variable?: string;
  /** What else the code takes from flytekit: `task`, `workflow`. */
  alsoImport?: readonly string[];
};

/**
 * A spec as people write it in Python: its imports, a base that is a spec first under a name of its own, then the call
 * with the fields that are set, in flytekit's order. `readPythonSpec` reads it back to the same spec.
 */
export function printPython(
  spec: ImageSpec,
  { variable = DEFAULT_VARIABLE, alsoImport = [] }: PythonOptions = {},
): string {
  const specs = withBases(spec);
  const hasCopyMode = specs.some(
    ({ source_copy_mode: mode }) => mode !== undefined,
  );
  const imports = [
    `from flytekit import ${['ImageSpec', ...alsoImport].join(', ')}`,
    ...(hasCopyMode
      ? ['from flytekit.constants import CopyFileDetection']
      : []),
  ];
  const names = specs.map((_, depth) => nameAt(depth, variable));
  const statements = specs.map((one, depth) =>
    layOut(headed(`${names[depth]} = `, call(one, names[depth + 1]))),
  );
  return [imports.join('\n'), ...statements.reverse()].join('\n\n') + '\n';
}

function nameAt(depth: number, variable: string): string {
  if (depth === 0) return variable;
  const name = depth === 1 ? BASE_VARIABLE : `${BASE_VARIABLE}_${depth}`;
  return name === variable ? `${name}_` : name;
}

function call(spec: ImageSpec, base: string | undefined): Part {
  const fields = toFields(spec);
  const parts = FIELD_ORDER.flatMap((field): Part[] => {
    const value = fields[field];
    if (!value || isUnsaid(field, value)) return [];
    const isBase = field === 'base_image' && base !== undefined;
    return [headed(`${field}=`, isBase ? base : literal(value))];
  });
  return { open: 'ImageSpec(', parts, close: ')' };
}

/** The name of a spec that was given none. */
function isUnsaid(field: string, value: PyValue): boolean {
  return field === 'name' && value.type === 'str' && value.value === 'flytekit';
}
