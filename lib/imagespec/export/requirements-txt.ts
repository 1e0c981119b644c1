import {
  commonNotes,
  lockCommand,
  toDependencies,
  type ExportedFile,
  type ExportInput,
} from './dependencies';

/**
 * A `requirements.txt` by which pip and uv install what the image holds, flytekit included. Packages of a lock file stay
 * in the lock file; the text then says how to install them.
 */
export function toRequirementsTxt(input: ExportInput): ExportedFile {
  const all = toDependencies(input);
  const notes = commonNotes(all);
  const lines: string[] = [];
  if (all.index) lines.push(`--index-url ${all.index}`);
  lines.push(...all.extraIndexes.map((url) => `--extra-index-url ${url}`));
  if (all.args !== '') {
    lines.push(
      `# Install with: uv pip install ${all.args} -r requirements.txt`,
    );
    notes.push(`The image is installed with the options ${all.args}.`);
  }
  if (all.lock) {
    const command = lockCommand(all.lock);
    lines.push(
      `# The packages are those of ${all.lock.path}: run ${command} beside it.`,
    );
    notes.push(
      `The packages are those of ${all.lock.path}. Run ${command} beside it.`,
    );
  }
  lines.push(...all.lines);
  if (all.runtimeLines.length > 0) {
    lines.push('# Installed when a task starts:', ...all.runtimeLines);
  }
  if (all.condaPackages.length > 0) {
    notes.push(
      `Packages of conda are not in it: ${all.condaPackages.join(', ')}. Take environment.yml.`,
    );
  }
  return { text: lines.map((line) => `${line}\n`).join(''), notes };
}
