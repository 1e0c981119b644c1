/** Holds the code to the vector files of the folder that is the only argument, and says how many vectors passed. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { checkTagVectors } from '@/lib/imagespec/testing/tag-vectors';
import { checkChallengeVectors } from '@/lib/registry/testing/challenge-vectors';
import type { CheckedVector } from '@/lib/registry/testing/checked-vector';
import { checkReferenceVectors } from '@/lib/registry/testing/reference-vectors';

const MAX_SHOWN = 5;
const MAX_LENGTH = 400;

const FORMATS: Record<string, (text: string) => CheckedVector[]> = {
  'reference.json': (text) => checkReferenceVectors(JSON.parse(text)),
  'challenge.json': (text) => checkChallengeVectors(JSON.parse(text)),
  'imagespec_tags.json': checkTagVectors,
};

function run(folder: string): boolean {
  const known = Object.keys(FORMATS);
  const found = known.filter((name) => filesOf(folder).includes(name));
  if (found.length === 0) {
    say(
      `${folder} holds no ${known.slice(0, -1).join(', ')} or ${known.at(-1)}.`,
    );
    return false;
  }
  return found.map((name) => runFile(folder, name)).every((isRight) => isRight);
}

function runFile(folder: string, name: string): boolean {
  try {
    const check = FORMATS[name];
    const text = readFileSync(path.join(folder, name), 'utf8');
    const vectors = check ? check(text) : [];
    const failed = vectors.filter(({ differences }) => differences.length > 0);
    say(`${name}: ${vectors.length - failed.length}/${vectors.length}`);
    for (const vector of failed.slice(0, MAX_SHOWN)) show(vector);
    const others = failed.length - MAX_SHOWN;
    if (others > 0) say(`  … and ${others} more`);
    return failed.length === 0;
  } catch (error) {
    const [line] = String(error instanceof Error ? error.message : error).split(
      '\n',
    );
    say(`${name}: cannot be read. ${clip(line ?? '')}`);
    return false;
  }
}

function show({ name, differences }: CheckedVector): void {
  for (const { what, expected, got } of differences.slice(0, MAX_SHOWN)) {
    say(`  ${clip(name)}, ${what}`);
    say(`    expected: ${clip(expected ?? '(nothing)')}`);
    say(`    got:      ${clip(got ?? '(nothing)')}`);
  }
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** One line of at most so many characters: a vector may hold anything. */
function clip(text: string): string {
  const line = text.replace(/\p{Cc}/gu, (char) =>
    JSON.stringify(char).slice(1, -1),
  );
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.exitCode = run(process.argv[2] ?? '') ? 0 : 1;
