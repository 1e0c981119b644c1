import {
  heredocWords,
  type Instruction,
  mountOptions,
  readInstructions,
} from '@/lib/build/dockerfile-instructions';
import {
  type Ability,
  canDo,
  type EngineFacts,
} from '@/lib/build/engine-abilities';
import { engineTitle } from '@/lib/build/engine-words';
import { plainMounts } from '@/lib/build/plain-mounts';
import { withoutMounts } from '@/lib/build/without-mounts';
import { AppError } from '@/lib/errors';
import { CA_MOUNT_FLAG } from '@/lib/imagespec/ca-certificates';

/** What cannot be left out or done in another way, and how a spec comes to need it. */
const NEEDS: Partial<Record<Ability, string>> = {
  secretMount:
    'This spec mounts a secret (pip_secret_mounts), and ENGINE cannot give a step a secret without leaving it in the image.',
  sshMount:
    'A step wants an SSH agent (--mount=type=ssh), and ENGINE is not given one.',
  heredoc: 'The Dockerfile has a here-document, and ENGINE does not know them.',
  copyLink: 'The Dockerfile has COPY --link, and ENGINE does not know it.',
  copyChmod: 'The Dockerfile has COPY --chmod, and ENGINE does not know it.',
};

/**
 * The Dockerfile as an engine can build it. Without cache mounts a build is only slower, and a file that cannot be mounted
 * is copied and removed again; for what cannot be done in another way this throws BUILD_ENGINE_UNFIT, in the words of the
 * spec. Ask it before anything is sent: an engine may ignore what it does not know. What platforms it builds for is the server's to
 * know, which also knows what it emulates; whether the image then is for one, the image itself tells.
 */
export function fitToEngine(dockerfile: string, engine: EngineFacts): string {
  const name = engineTitle(engine);
  const instructions = readInstructions(dockerfile);
  const needs = new Set(instructions.flatMap(needsOf));
  for (const need of needs) {
    const sentence = NEEDS[need];
    if (sentence !== undefined && !canDo(engine, need))
      throw unfit(sentence.replace('ENGINE', name));
  }
  const isMissing = (need: Ability) => needs.has(need) && !canDo(engine, need);
  if (!isMissing('bindMount') && !isMissing('cacheMount'))
    return engine.kind === 'podman' ? plainMounts(instructions) : dockerfile;
  if (instructions.some(({ flags }) => flags.includes(CA_MOUNT_FLAG)))
    throw unfit(
      `This worker adds CA certificates to build steps (IMAGEYARD_BUILD_CA), and ${name} cannot mount them.`,
    );
  return withoutMounts(instructions);
}

function unfit(message: string): AppError {
  return new AppError('BUILD_ENGINE_UNFIT', message);
}

function needsOf({ keyword, flags, text }: Instruction): Ability[] {
  const isCopy = keyword === 'COPY' || keyword === 'ADD';
  const needs: Ability[] = [];
  for (const flag of flags) {
    const type = keyword === 'RUN' ? mountOptions(flag)?.get('type') : null;
    if (type === 'secret') needs.push('secretMount');
    if (type === 'ssh') needs.push('sshMount');
    if (type === 'cache' || type === 'tmpfs') needs.push('cacheMount');
    if (type === 'bind') needs.push('bindMount');
    if (isCopy && /^--link\b/.test(flag)) needs.push('copyLink');
    if (isCopy && /^--chmod=/.test(flag)) needs.push('copyChmod');
  }
  if (text.includes('\n') && heredocWords(text).length > 0)
    needs.push('heredoc');
  return needs;
}
