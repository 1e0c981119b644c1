import type { CodeFix, CodeProblem, CodeReading } from './problem';
import { versionWarning } from './problem';
import { readPython, type ImportedSpec } from '@/lib/imagespec/python';
import { pyRepr } from '@/lib/imagespec/python-repr';

export type PythonSpecReading = CodeReading & {
  /** The variable the spec is bound to. */
  variable: string | null;
  /** Every variable of the text that is bound to a spec. */
  variables: string[];
};

/**
 * The spec of a Python text: the one bound to `variable`, else the last that is bound to a name. The text is read, never
 * run; what cannot be known that way is a problem at its line.
 */
export function readPythonSpec(
  source: string,
  variable?: string,
): PythonSpecReading {
  const { specs, errors } = readPython(source, 'image.py');
  const problems: CodeProblem[] = errors.map(({ line, message }) => ({
    line,
    field: '',
    message,
    severity: 'error',
  }));
  const variables = specs.flatMap((spec) => spec.variable ?? []);
  const chosen =
    specs.findLast(
      (spec) => variable !== undefined && spec.variable === variable,
    ) ??
    specs.findLast((spec) => spec.variable !== null) ??
    specs[0];
  if (!chosen) {
    const message =
      'There is no ImageSpec here. Write image_spec = ImageSpec(name="train").';
    const all = problems.length > 0 ? problems : [error(1, '', message)];
    return { spec: null, problems: all, variable: null, variables };
  }
  for (const { line, field, message } of chosen.problems) {
    problems.push(
      error(line, field, field === '' ? message : `${field}: ${message}`),
    );
  }
  problems.push(...specs.flatMap((spec) => warnVersion(spec, source)));
  const isWhole = !problems.some(({ severity }) => severity === 'error');
  return {
    spec: isWhole ? (chosen.spec ?? null) : null,
    problems: problems.sort((a, b) => a.line - b.line),
    variable: chosen.variable,
    variables,
  };
}

function error(line: number, field: string, message: string): CodeProblem {
  return { line, field, message, severity: 'error' };
}

function warnVersion({ fields }: ImportedSpec, source: string): CodeProblem[] {
  const field = fields.find(({ name }) => name === 'python_version');
  const { value } = field ?? {};
  if (!field || (value?.type !== 'int' && value?.type !== 'float')) return [];
  const shown = pyRepr(value);
  const isLiteral = /^[\d.]+$/.test(field.source);
  const written = isLiteral ? field.source : shown;
  const fix = isLiteral ? quotes(source, field.line, written) : undefined;
  return [
    {
      line: field.line,
      field: 'python_version',
      message: versionWarning(shown, written),
      severity: 'warning',
      ...(fix ? { fix } : {}),
    },
  ];
}

/** The edit that puts the first such word of a line in quotes. */
function quotes(
  source: string,
  line: number,
  word: string,
): CodeFix | undefined {
  let start = 0;
  for (let at = 1; at < line; at += 1) {
    const end = /\r\n?|\n/g;
    end.lastIndex = start;
    if (!end.exec(source)) return undefined;
    start = end.lastIndex;
  }
  const number = word.replaceAll('.', '\\.');
  const argument = new RegExp(
    `(?<=\\bpython_version\\s*=\\s*)${number}(?![\\w.])`,
    'g',
  );
  argument.lastIndex = start;
  const from = argument.exec(source)?.index;
  return from === undefined
    ? undefined
    : {
        label: `Write "${word}"`,
        from,
        to: from + word.length,
        insert: `"${word}"`,
      };
}
