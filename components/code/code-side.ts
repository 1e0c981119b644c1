import type { CodeProblem, Unkept } from '@/lib/imagespec/code/problem';
import {
  DEFAULT_VARIABLE,
  printPython,
} from '@/lib/imagespec/code/print-python';
import { printYaml } from '@/lib/imagespec/code/print-yaml';
import { readPythonSpec } from '@/lib/imagespec/code/read-python';
import { readYamlSpec } from '@/lib/imagespec/code/read-yaml';
import { FIELD_ORDER, type FieldName } from '@/lib/imagespec/fields';
import { pyRepr } from '@/lib/imagespec/python-repr';
import type { ImageSpec } from '@/lib/imagespec/schema';
import { toFields } from '@/lib/imagespec/tag';

export type Language = 'python' | 'yaml';

/** The spec as the text of one language, which a person may be editing. */
export type CodeSide = {
  language: Language;
  text: string;
  /** What the text says; null while it says no whole spec. */
  spec: ImageSpec | null;
  problems: readonly CodeProblem[];
  /** What the language cannot hold. It is kept beside the text and joined to what is read. */
  unkept: readonly Unkept[];
  /** The form's spec that this side has taken note of. */
  seen: ImageSpec | null;
  variable: string;
};

export function openSide(language: Language, spec: ImageSpec | null): CodeSide {
  const side: CodeSide = {
    language,
    text: '',
    spec: null,
    problems: [],
    unkept: [],
    seen: null,
    variable: DEFAULT_VARIABLE,
  };
  return spec ? printed(side, spec) : side;
}

/** Takes the form's spec: the text stays when it says the same already, and is printed anew when it does not. */
export function followForm(side: CodeSide, spec: ImageSpec): CodeSide {
  return says(side, spec) ? { ...side, seen: spec } : printed(side, spec);
}

/** Whether the text means just this spec. */
export function says({ spec: said }: CodeSide, spec: ImageSpec): boolean {
  return said !== null && isSameSpec(said, spec);
}

/** Whether the form holds something that this side has not taken note of. */
export function isBehind(side: CodeSide, spec: ImageSpec | null): boolean {
  return spec !== null && !(side.seen && isSameSpec(side.seen, spec));
}

/** Reads the text of a side, as it was typed. */
export function readSide(side: CodeSide, text: string): CodeSide {
  if (side.language === 'python') {
    const { spec, problems, variable } = readPythonSpec(text);
    return {
      ...side,
      text,
      spec,
      problems,
      variable: variable ?? side.variable,
    };
  }
  const { spec, problems } = readYamlSpec(text);
  const kept = side.spec ?? side.seen;
  return {
    ...side,
    text,
    problems,
    spec: spec && kept ? { ...pick(kept, side.unkept), ...spec } : spec,
  };
}

function printed(side: CodeSide, spec: ImageSpec): CodeSide {
  const { text, unkept } =
    side.language === 'python'
      ? { text: printPython(spec, { variable: side.variable }), unkept: [] }
      : printYaml(spec);
  const { problems } = readSide({ ...side, unkept: [] }, text);
  return { ...side, text, unkept, problems, spec, seen: spec };
}

function pick(spec: ImageSpec, unkept: readonly Unkept[]): Partial<ImageSpec> {
  const names = new Set(unkept.map(({ field }) => field));
  return Object.fromEntries(
    Object.entries(spec).filter(([field]) => names.has(field)),
  );
}

function isSameSpec(one: ImageSpec, other: ImageSpec): boolean {
  return one === other || differingFields(one, other).length === 0;
}

/** Fields whose values are not the same in Python; a field left out is not the same as an empty one. */
export function differingFields(one: ImageSpec, other: ImageSpec): FieldName[] {
  const [a, b] = [toFields(one), toFields(other)];
  return FIELD_ORDER.filter((field) => {
    const [left, right] = [a[field], b[field]];
    return (left && pyRepr(left)) !== (right && pyRepr(right));
  });
}

/** Whether the text holds more than the spec: comments, other code, a layout of one's own. */
export function hasMore({ language, text, spec, variable }: CodeSide): boolean {
  if (!spec) return false;
  const plain =
    language === 'python'
      ? printPython(spec, { variable })
      : printYaml(spec).text;
  return text.trim() !== plain.trim();
}
