import { clip, singleLine, type FieldRule } from './field-rules';
import { entryWords } from './package-rules';
import { splitShellWords } from './shell-words';

const CONDA =
  /^[A-Za-z0-9_.*/+-]+(?:::[A-Za-z0-9_.-]+)?(?:[=<>!~][A-Za-z0-9_.*+!=<>~,|-]*)?(?:\[[^\]\s]*\])?$/;

/** One or several conda match specs without spaces inside, because flytekit pastes the entry into a command. */
export const condaPackageRule: FieldRule = (value) => {
  const fault = singleLine(value);
  if (fault) return fault;
  const names = entryWords(value);
  if (names.length === 0) return 'Remove the empty entry.';
  const bad = names.find((name) => !CONDA.test(name) || /^[-/.]/.test(name));
  if (bad === undefined) return undefined;
  if (bad.startsWith('-')) {
    return `“${clip(bad)}” is an option of conda, not a package.`;
  }
  if (/^[=<>!~]/.test(bad)) {
    return `Write the version without a space before it: numpy${clip(bad)}.`;
  }
  return `“${clip(bad)}” is no conda package. Write it like scipy=1.13.0 or nvidia::cuda-toolkit.`;
};

/** A channel's name, or its address. */
export const condaChannelRule: FieldRule = (value) => {
  const fault = singleLine(value);
  if (fault) return fault;
  if (/^[A-Za-z0-9][A-Za-z0-9_./-]*$/.test(value)) return undefined;
  return /^(?:https?|file|s3):\/\/[^\s"'`\\]+$/.test(value)
    ? undefined
    : `“${clip(value)}” is no channel. Write its name, such as bioconda, or its address.`;
};

/** The address of a package index. */
export const indexRule: FieldRule = (value) => {
  const fault = singleLine(value);
  if (fault) return fault;
  if (/^(?:https?|file):\/\/[^\s"'`\\<>]+$/.test(value)) return undefined;
  return 'Write the whole address of the index, such as https://pypi.example.com/simple.';
};

/**
 * Options of `uv pip install` (or `uv sync`, `poetry install`), split as a shell would; nothing in them is run or
 * replaced, so every sign that would make a shell do so must stand in quotes.
 */
export const pipArgumentsRule: FieldRule = (value) => {
  if (value.trim() === '') return undefined;
  const fault = singleLine(value);
  if (fault) return fault;
  const split = splitShellWords(value);
  if (!split.ok) return split.message;
  const [first = ''] = split.words;
  return first.startsWith('-')
    ? undefined
    : `“${clip(first)}” is no option. Begin with one, such as --pre; packages go to the packages.`;
};

/** Where a secret is mounted while packages are installed. */
export const secretTargetRule: FieldRule = (value) => {
  const fault = singleLine(value);
  if (fault) return fault;
  if (!value.startsWith('/') || value.endsWith('/')) {
    return 'Write the whole path of the file, such as /root/.netrc.';
  }
  if (value.split('/').includes('..')) return 'Leave out “..”.';
  return /^[A-Za-z0-9._/+@-]+$/.test(value)
    ? undefined
    : 'Use letters, digits and . _ - + @ / in this path.';
};

/** The file on the laptop that `pip_secret_mounts` names; here it stands for a secret of the team. */
export const secretSourceRule: FieldRule = (value) =>
  singleLine(value) ??
  (value.trim() === '' ? 'Name the file of the secret.' : undefined);
