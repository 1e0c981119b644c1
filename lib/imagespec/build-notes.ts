import type { BuildPlan } from './build-plan';
import { projectNotes } from './project-notes';
import { hasReference } from './dockerfile-quote';
import type { FieldName } from './fields';
import type { ImageSpec } from './schema';

/** Something true about a build that a person may not expect. */
export type BuildNote = { field: FieldName; message: string };

/** What to say beside the preview. */
export function buildNotes(spec: ImageSpec, plan: BuildPlan): BuildNote[] {
  return [
    ...pythonNotes(spec, plan),
    ...envNotes(spec),
    ...otherNotes(spec),
    ...lockNotes(plan),
    ...projectNotes(spec, plan),
    ...unusedNotes(spec),
  ];
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

function lockNotes({ install }: BuildPlan): BuildNote[] {
  if (install.kind === 'requirements') return [];
  if (/^name\s*=\s*["']flytekit["']\s*$/m.test(install.lock)) return [];
  const message = `${install.kind}.lock has no flytekit, and none is added to a lock. Tasks need it: add it to pyproject.toml and lock again.`;
  return [{ field: 'requirements', message }];
}

/** Fields that mean something to others than this builder. */
function unusedNotes(spec: ImageSpec): BuildNote[] {
  const notes: BuildNote[] = [];
  const { builder } = spec;
  if (builder && builder !== 'default') {
    notes.push({
      field: 'builder',
      message: `Imageyard builds as flytekit's builder “default” does, not as “${builder}”.`,
    });
  }
  if (spec.registry_config) {
    notes.push({
      field: 'registry_config',
      message:
        'Only flytekit’s builder envd reads it. Add a login for the registry here instead.',
    });
  }
  if (spec.builder_options?.length) {
    notes.push({
      field: 'builder_options',
      message:
        'Not used in a build here, as with flytekit’s builder “default”. They stay part of the tag.',
    });
  }
  if (spec.runtime_packages?.length) {
    notes.push({
      field: 'runtime_packages',
      message:
        'Not in the image: each task installs them with pip when it starts, so the image must have pip.',
    });
  }
  return notes;
}

function hasComment(command: string): boolean {
  return /(?:^|[\s;&|])#/.test(
    command.replace(/'[^']*'|"(?:[^"\\]|\\.)*"/g, ''),
  );
}
