import { SERVER_RULES } from '@/lib/build/failure-server-words';
import {
  BASE_RULES,
  BUILD_RULES,
  LOG_RULES,
  PUSH_RULES,
  quote,
  type Rule,
} from '@/lib/build/failure-words';
import type { Failure } from '@/lib/build/protocol';

/** What is known of a failure: the engine's own words, the step that failed and the last lines it printed. */
export type FailureEvidence = {
  text: string;
  step: { key: string; name: string; exitCode: number | null } | null;
  lastLines: readonly string[];
  /** What the spec calls the secrets it mounts, in their order: the engine only knows them by number. */
  secrets?: readonly string[];
};

/**
 * Says why a build failed, from the engine's words in any of its known wordings, the failed step and its last lines.
 * What is not known ends as BUILD_COMMAND_FAILED when a command failed, else as ENGINE_FAILED. The message is fixed
 * text and names; the engine's raw words belong to the step.
 */
export function classifyBuildFailure(evidence: FailureEvidence): Failure {
  const { text, step, secrets = [] } = evidence;
  const exitCode = step?.exitCode ?? exitCodeOf(text);
  const { code, message } =
    exitCode === null
      ? (secretFailure(text, secrets) ?? engineFailure(text, baseOf(evidence)))
      : commandFailure(text, evidence.lastLines, exitCode);
  return { code, message, step: step?.key ?? null, exitCode };
}

/** Says why a push failed. `host` is named in the message. Unknown wordings end as BUILD_PUSH_FAILED. */
export function classifyPushFailure(
  text: string,
  host: string,
  step: string | null,
): Failure {
  const { code, message } = firstRule(PUSH_RULES, text, host) ?? {
    code: 'BUILD_PUSH_FAILED' as const,
    message: `The push to ${host} failed; the step holds the engine's words.`,
  };
  return { code, message, step, exitCode: null };
}

/** The exit code in the engine's words, or `null`. */
export function exitCodeOf(text: string): number | null {
  const match = /(?:exit code: |non-zero code: |exit status )(\d+)/.exec(
    text,
  )?.[1];
  return match === undefined ? null : Number(match);
}

type Verdict = Pick<Failure, 'code' | 'message'>;

/** A command that failed tells more by what it printed than by its exit code. */
function commandFailure(
  text: string,
  lastLines: readonly string[],
  exitCode: number,
): Verdict {
  // uv wraps its sentences; an indented line goes on with the one before.
  const printed = lastLines.join('\n').replace(/\n {4,}/g, ' ');
  // A package that is not found may be one that nobody could be asked for.
  const rules = [...SERVER_RULES, ...LOG_RULES];
  const known = firstRule(rules, `${printed}\n${text}`, '');
  if (known) return known;
  const killed =
    exitCode === 137 ? ': it was killed, often because memory ran out' : '';
  return {
    code: 'BUILD_COMMAND_FAILED',
    message: `A command failed with exit code ${exitCode}${killed}.`,
  };
}

/** A secret that a step requires and the build was not given. BuildKit asks for it by the id of its mount. */
function secretFailure(
  text: string,
  secrets: readonly string[],
): Verdict | null {
  const id = /\bsecret (\S+?)(?: not found)?: not found\b/.exec(text)?.[1];
  if (id === undefined) return null;
  const index = /^secret_(\d{1,4})$/.exec(id)?.[1];
  const name = index === undefined ? undefined : secrets[Number(index)];
  return {
    code: 'BUILD_SECRET_MISSING',
    message: `The engine was not given the secret ${quote(name ?? id)}, which this step mounts.`,
  };
}

function engineFailure(text: string, base: string | null): Verdict {
  const known =
    (base === null ? null : firstRule(BASE_RULES, text, quote(base))) ??
    firstRule(BUILD_RULES, text, '');
  return (
    known ?? {
      code: 'ENGINE_FAILED',
      message:
        'The engine stopped the build for a reason of its own; the step holds its words.',
    }
  );
}

/** The image a failed `FROM` names, or `null` when the failure is not about a base. */
function baseOf({ text, step }: FailureEvidence): string | null {
  const name = /(?:load metadata for |\bFROM (?:--\S+ )*)(\S+)/.exec(
    step?.name ?? '',
  );
  const words =
    /source metadata for (\S+?): |manifest for (\S+) not found|pull access denied for ([^\s,]+)/.exec(
      text,
    );
  const found = [...(name ?? []).slice(1), ...(words ?? []).slice(1)];
  return found.find((image) => image !== undefined) ?? null;
}

function firstRule(
  rules: readonly Rule[],
  text: string,
  subject: string,
): Verdict | null {
  for (const { code, when, say } of rules) {
    const match = when.exec(text);
    if (match) {
      return {
        code,
        message: typeof say === 'string' ? say : say(match, subject),
      };
    }
  }
  return null;
}
