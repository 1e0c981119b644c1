import { LineCounter, parseDocument, type Document, type Node } from 'yaml';
import type { CodeProblem, CodeReading } from './problem';
import { versionWarning } from './problem';
import { YamlFault, YamlTree, type YamlValue } from './yaml-tree';
import { clip } from '@/lib/imagespec/field-rules';
import { isFieldName, type FieldName } from '@/lib/imagespec/fields';
import { toImageSpec, type FieldFault } from '@/lib/imagespec/python-fields';
import { pyRepr } from '@/lib/imagespec/python-repr';
import type { FlytekitFields } from '@/lib/imagespec/tag';
import { chainField } from '@/lib/imagespec/with-chain';

const MAX_LENGTH = 1024 * 1024;

/** Fields whose type YAML has no value for, with what flytekit does to the nearest one. */
export const NOT_IN_YAML: Partial<Record<FieldName, string>> = {
  pip_secret_mounts:
    'flytekit wants pairs in round brackets, and YAML has only lists. Write this spec in Python.',
  source_copy_mode:
    'flytekit wants a member of CopyFileDetection, and YAML gives text. Write this spec in Python.',
};
export const NESTED_NOT_IN_YAML =
  'A base that is a spec needs an ImageSpec, and YAML gives a mapping. Write this spec in Python, or name the base’s image.';

/**
 * The spec of a YAML text, as flytekit makes it of one (`--image spec.yaml`): a mapping read by PyYAML's safe loader and
 * handed to `ImageSpec` as it is. So `3.10` is the number 3.1, `yes` is True and `010` is 8.
 */
export function readYamlSpec(text: string): CodeReading {
  const lines = new LineCounter();
  const reader = new Reader(text, lines);
  const root = reader.parse();
  const fields = root && reader.fields(root);
  const { spec, faults } = fields ? toImageSpec(fields) : { faults: [] };
  faults.forEach((fault) => reader.addFault(fault));
  const problems = reader.problems.sort((a, b) => a.line - b.line);
  const isWhole = !problems.some(({ severity }) => severity === 'error');
  return { spec: isWhole && spec ? spec : null, problems };
}

class Reader {
  readonly problems: CodeProblem[] = [];
  readonly #text: string;
  readonly #lines: LineCounter;
  readonly #values = new Map<string, YamlValue>();

  constructor(text: string, lines: LineCounter) {
    this.#text = text;
    this.#lines = lines;
  }

  parse(): YamlValue | null {
    if (this.#text.length > MAX_LENGTH) {
      this.#add(null, '', 'The text is larger than 1 MiB.');
      return null;
    }
    const document = this.#parseDocument();
    if (!document) return null;
    const [fault] = document.errors;
    if (fault) {
      const { line } = this.#lines.linePos(fault.pos[0]);
      const message = syntaxMessage(fault.code);
      this.problems.push({
        line: line || 1,
        field: '',
        message,
        severity: 'error',
      });
      return null;
    }
    try {
      return new YamlTree(document).read(document.contents);
    } catch (error) {
      if (!(error instanceof YamlFault)) throw error;
      this.#add(error.node, '', error.message);
      return null;
    }
  }

  #parseDocument(): Document | null {
    try {
      return parseDocument(this.#text, {
        version: '1.1',
        schema: 'failsafe',
        uniqueKeys: false,
        lineCounter: this.#lines,
        prettyErrors: false,
      });
    } catch (error) {
      // Nesting beyond the call stack.
      if (!(error instanceof RangeError)) throw error;
      this.#add(null, '', 'It is too large or too deep to read.');
      return null;
    }
  }

  fields(root: YamlValue): FlytekitFields | null {
    if (!root.entries) {
      this.#add(
        root.node,
        '',
        'Write fields, one a line, such as name: train.',
      );
      return null;
    }
    for (const { key, value } of root.entries) {
      const name = key.value.type === 'str' ? key.value.value : null;
      if (name === null) {
        this.#add(key.node, '', 'The name of a field is text.');
      } else if (!isFieldName(name)) {
        this.#add(key.node, clip(name), notAField(name));
      } else
        this.#values.set(
          name,
          value.node ? value : { ...value, node: key.node },
        );
    }
    const fields: FlytekitFields = {};
    for (const [name, value] of this.#values) {
      if (isFieldName(name) && this.#isRight(name, value))
        fields[name] = value.value;
    }
    return fields;
  }

  /** Whether a field is of a kind flytekit takes from YAML; if not, a problem says what to write. */
  #isRight(name: FieldName, value: YamlValue): boolean {
    const { type } = value.value;
    if (type === 'none') return true;
    const refusal =
      name === 'base_image' && type === 'dict'
        ? NESTED_NOT_IN_YAML
        : NOT_IN_YAML[name];
    if (refusal) {
      this.#add(value.node, name, `${name}: ${refusal}`);
      return false;
    }
    if (name === 'builder_options') return true;
    if (name === 'python_version' && (type === 'int' || type === 'float')) {
      const written = this.#written(value.node);
      const message = versionWarning(pyRepr(value.value), written);
      this.#add(value.node, name, message, 'warning', true);
      return true;
    }
    const parts = value.items ??
      value.entries?.flatMap((one) => [one.key, one.value]) ?? [value];
    const wrong = parts.filter(
      (part) => !part.items && !part.entries && part.value.type !== 'str',
    );
    for (const part of wrong) {
      const shown = describe(part, this.#written(part.node));
      this.#add(
        part.node ?? value.node,
        name,
        `${name}: ${shown}`,
        'error',
        part.node !== null,
      );
    }
    return wrong.length === 0;
  }

  addFault({ field, message, index }: FieldFault): void {
    const value = this.#values.get(field);
    const entry =
      index === undefined
        ? undefined
        : (value?.items?.[index] ?? value?.entries?.[index]?.key);
    this.#add(
      entry?.node ?? value?.node ?? null,
      field,
      `${field}: ${message}`,
    );
  }

  #written(node: Node | null): string {
    const [from = 0, to = 0] = node?.range ?? [];
    return this.#text.slice(from, to);
  }

  #add(
    node: Node | null,
    field: string,
    message: string,
    severity: CodeProblem['severity'] = 'error',
    isQuotable = false,
  ): void {
    const [from = 0, to = 0] = node?.range ?? [];
    const written = this.#text.slice(from, to);
    const isPlain = isQuotable && /^[\w.:+~-]+$/.test(written);
    const fix = {
      label: `Write "${written}"`,
      from,
      to,
      insert: `"${written}"`,
    };
    this.problems.push({
      line: this.#lines.linePos(from).line || 1,
      field,
      message,
      severity,
      ...(isPlain ? { fix } : {}),
    });
  }
}

function describe({ value }: YamlValue, written: string): string {
  if (value.type === 'none') {
    return written === ''
      ? 'an entry is empty. Remove it.'
      : `put quotes around ${written}; without them it is nothing.`;
  }
  const kind = value.type === 'bool' ? 'truth value' : 'number';
  return `${clip(written)} is the ${kind} ${clip(pyRepr(value))}: put quotes around it.`;
}

function notAField(name: string): string {
  const field = chainField(name);
  return field
    ? `YAML cannot call ${name}. Put the entries into ${field}.`
    : `“${clip(name)}” is no field of ImageSpec. Remove it.`;
}

function syntaxMessage(code: string): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'Indent with spaces; YAML takes no tabs here.';
    case 'MULTIPLE_DOCS':
      return 'Keep one spec here: flytekit reads no second document.';
    case 'MISSING_CHAR':
      return 'A quote, a bracket or a “:” is missing here.';
    case 'BAD_SCALAR_START':
      return 'A value cannot begin like this. Put quotes around it.';
    case 'BAD_DQ_ESCAPE':
      return 'Double the backslash, or use single quotes.';
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'Put quotes around a value that holds “: ”.';
    default:
      return 'This cannot be read as YAML. Look at its indentation, brackets and quotes.';
  }
}
