import { CA_EXPORTS } from './ca-certificates';

const FLAGS = /(^(?:RUN|COPY|ADD)\s+)(?:--[a-z]+(?:=\S+)?\s+)+/;
const HISTORY =
  /^\/bin\/(?:ba)?sh -c (?:#\(nop\)\s+)?|^RUN (?:\|\d+ (?:\w+=\S* )*)?\/bin\/(?:ba)?sh -c |\s+# buildkit$/g;

/**
 * What an instruction does, for a row: without its mounts, without the export of the CA certificates that a worker adds,
 * and without what the engine puts around it in an image's history.
 *
 * @example instructionTitle('RUN --mount=type=cache,target=/c apt-get update') // 'RUN apt-get update'
 */
export function instructionTitle(text: string): string {
  const isRun = /^RUN\b/.test(text);
  const bare = text.replace(HISTORY, '').trim();
  const command = (
    isRun && !/^RUN\b/.test(bare) ? `RUN ${bare}` : bare
  ).replace(FLAGS, '$1');
  return command
    .replace(CA_EXPORTS, '')
    .replace(/^RUN\s+/, 'RUN ')
    .trim();
}
