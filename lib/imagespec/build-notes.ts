import type { BuildPlan } from './build-plan';
import { hasReference } from './dockerfile-quote';
import type { FieldName } from './fields';
import type { ImageSpec } from './schema';

/** Something true about a build that a person may not expect. */
export type BuildNote = { field: FieldName; message: string };

/** What to say beside the preview. */
export function buildNotes(spec: ImageSpec, plan: BuildPlan): BuildNote[] {
  return [...pythonNotes(spec, plan), ...envNotes(spec), ...otherNotes(spec)];
}

function pythonNotes(spec: ImageSpec, { python }: BuildPlan): BuildNote[] {
  if (python.kind === 'micromamba') {
    if (spec.python_version) return [];
    const message = `No Python version is set: ${python.version} is installed. flytekit would take that of the machine that registers.`;
    return [{ field: 'python_version', message }];
  }
  const notes: BuildNote[] = [
    {
      field: 'python_exec',
      message:
        'The base image’s Python is used, so nothing comes from micromamba; flytekit would also copy its CA certificates into the image.',
    },
  ];
  if (spec.python_version) {
    notes.push({
      field: 'python_version',
      message:
        'Not used, because python_exec is set. It stays part of the tag.',
    });
  }
  return notes;
}

function envNotes(spec: ImageSpec): BuildNote[] {
  const notes: BuildNote[] = [];
  for (const [key, value] of spec.env ?? []) {
    if (hasReference(value)) {
      notes.push({
        field: 'env',
        message: `${key}: variables are replaced when the image is built. Write \\$ for a dollar sign.`,
      });
    } else if (key === 'PATH') {
      notes.push({
        field: 'env',
        message:
          'PATH loses the folder of the installed Python. Keep $PATH in its value.',
      });
    }
  }
  return notes;
}

function otherNotes(spec: ImageSpec): BuildNote[] {
  const notes: BuildNote[] = [];
  if (/^localhost:/i.test(spec.registry ?? '') && !spec.platform) {
    notes.push({
      field: 'platform',
      message:
        'On an arm64 laptop flytekit would take linux/arm64 for this registry, and thus another tag. Set the platform to agree.',
    });
  }
  if (spec.commands?.slice(0, -1).some(hasComment)) {
    notes.push({
      field: 'commands',
      message:
        'A comment in a command hides the commands after it, because all become one line.',
    });
  }
  for (const field of ['packages', 'apt_packages', 'commands'] as const) {
    const padded = spec[field]?.find((entry) => entry !== entry.trim());
    if (padded !== undefined) {
      notes.push({
        field,
        message: `“${padded.trim()}” has spaces around it, which are part of the tag.`,
      });
    }
  }
  return notes;
}

function hasComment(command: string): boolean {
  return /(?:^|[\s;&|])#/.test(
    command.replace(/'[^']*'|"(?:[^"\\]|\\.)*"/g, ''),
  );
}
