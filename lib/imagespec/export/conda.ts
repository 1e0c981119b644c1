import {
  commonNotes,
  joinContinued,
  lockCommand,
  toDependencies,
  type ExportedFile,
  type ExportInput,
} from './dependencies';
import { yamlText } from '@/lib/imagespec/code/print-yaml';

/** An `environment.yml` for conda, mamba and micromamba: the channels and packages of conda, then those of pip. */
export function toCondaEnvironment(input: ExportInput): ExportedFile {
  const all = toDependencies(input);
  const notes = commonNotes(all);
  if (all.lock) {
    notes.push(
      `The packages are those of ${all.lock.path}. Run ${lockCommand(all.lock)} beside it.`,
    );
  }
  if (all.args !== '') {
    notes.push(`The image is installed with the options ${all.args}.`);
  }
  const pip = [
    ...(all.index ? [`--index-url ${all.index}`] : []),
    ...all.extraIndexes.map((url) => `--extra-index-url ${url}`),
    ...joinContinued([...all.lines, ...all.runtimeLines]).filter(
      (line) => !/^\s*(?:#|$)/.test(line),
    ),
  ];
  const packages = [
    `python=${all.python.version}`,
    ...all.condaPackages,
    'pip',
  ];
  const text = [
    `name: ${yamlText(all.name)}`,
    'channels:',
    ...[...new Set(['conda-forge', ...all.condaChannels])].map(item),
    'dependencies:',
    ...packages.map(item),
    ...(pip.length > 0
      ? ['  - pip:', ...pip.map((line) => `    ${item(line)}`)]
      : []),
  ];
  return { text: `${text.join('\n')}\n`, notes };
}

function item(text: string): string {
  return `  - ${yamlText(text)}`;
}
