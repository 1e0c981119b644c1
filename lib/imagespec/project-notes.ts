import type { BuildNote } from './build-notes';
import type { BuildPlan } from './build-plan';
import { clip } from './field-rules';
import type { ImageSpec } from './schema';

const SHOWN = 3;

/** What cannot be known about a project's files, or may surprise: the tag depends on all of it. */
export function projectNotes(spec: ImageSpec, plan: BuildPlan): BuildNote[] {
  return [...copyNotes(plan), ...sourceNotes(spec, plan)];
}

function copyNotes({ copies, guessed, unordered }: BuildPlan): BuildNote[] {
  const notes: BuildNote[] = [];
  if (copies.some(({ source }) => source === '')) {
    const message =
      'The whole project folder is copied. flytekit also counts what an upload may lack, such as .git, so name files and folders instead.';
    notes.push({ field: 'copy', message });
  }
  if (guessed.length > 0) {
    const message = `Upload the project to know what ${some(guessed)} is. By its name, one with a dot is taken for a file, any other for a folder.`;
    notes.push({ field: 'copy', message });
  }
  if (unordered.length > 0) {
    const message = `${some(unordered)} has several folders side by side. flytekit reads them in the order of the disk, so it may compute another tag on another machine.`;
    notes.push({ field: 'copy', message });
  }
  return notes;
}

function sourceNotes(spec: ImageSpec, plan: BuildPlan): BuildNote[] {
  const { selection } = plan;
  const notes: BuildNote[] = [];
  const say = (message: string) =>
    notes.push({ field: 'source_root', message });
  if (plan.copiesSource && spec.source_root?.startsWith('/')) {
    say('An absolute path is taken to be the folder that was uploaded.');
  }
  if (!selection) return notes;
  if (selection.paths.length === 0) {
    say('Every file in it is ignored, so nothing is copied.');
  }
  if (selection.gitIgnored.length > 0) {
    say(
      `Left out because of .gitignore: ${some(selection.gitIgnored)}. flytekit keeps files that git tracks all the same, which an upload cannot tell.`,
    );
  }
  if (selection.notIgnored.length > 0) {
    say(
      `.dockerignore names ${some(selection.notIgnored)}, but flytekit copies it: with a relative source_root such patterns do not match. Begin them with **/.`,
    );
  }
  return notes;
}

/** A few of a list, and how many more. */
function some(entries: readonly string[]): string {
  const more = entries.length - SHOWN;
  const shown = entries.slice(0, SHOWN).map(clip).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}
