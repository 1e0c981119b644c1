import type Docker from 'dockerode';
import { z } from 'zod';
import type { BuildInput } from '@/lib/build/engine';
import { dialStream, EngineAnswerError } from '@/worker/engine-docker/dial';
import { jsonLines } from '@/worker/engine-docker/json-lines';
import { credentialFor, registryAuth } from '@/worker/registry-logins';

/** One message of a build's answer. */
export const BuildMessage = z.object({
  stream: z.string().optional(),
  status: z.string().optional(),
  id: z.string().optional(),
  aux: z.unknown().optional(),
  error: z.string().optional(),
  errorDetail: z
    .object({ message: z.string().optional(), code: z.number().optional() })
    .optional(),
});
export type BuildMessage = z.infer<typeof BuildMessage>;

const ImageId = z.object({ ID: z.string() });

export type TextAnswer =
  { imageId: string } | { error: string; exitCode: number | null };

/**
 * Runs one build that answers in text, without a session, and reads it to its end. Closing the connection, which an abort
 * of `signal` does, is the only way to stop one. Every base is asked for anew, so that a login is needed for a private one
 * whatever was pulled before.
 */
export async function buildInText(
  docker: Docker,
  request: {
    tar: Buffer;
    name: string;
    noCache: boolean;
    logins: Awaited<ReturnType<typeof loginsOf>>;
    query?: Readonly<Record<string, string>>;
  },
  onMessage: (message: BuildMessage) => void,
  signal: AbortSignal,
): Promise<TextAnswer> {
  let error: { error: string; exitCode: number | null } | null = null;
  let imageId: string | null = null;
  try {
    const stream = await dialStream(docker, {
      path: '/build?',
      method: 'POST',
      file: request.tar,
      registryconfig: request.logins,
      abortSignal: signal,
      options: {
        t: request.name,
        rm: true,
        forcerm: true,
        pull: '1',
        ...(request.noCache ? { nocache: true } : {}),
        ...request.query,
      },
      statusCodes: { 200: true },
    });
    for await (const line of jsonLines(stream)) {
      const message = BuildMessage.parse(line);
      // Stages have an id each; the last is the image's.
      const image = ImageId.safeParse(message.aux);
      if (image.success) imageId = image.data.ID;
      // A failure comes with HTTP 200, too.
      if (message.error !== undefined)
        error = {
          error: (message.errorDetail?.message ?? message.error).trim(),
          exitCode: message.errorDetail?.code ?? null,
        };
      onMessage(message);
    }
  } catch (refusal) {
    if (!(refusal instanceof EngineAnswerError) || refusal.status >= 500)
      throw refusal;
    return { error: refusal.message, exitCode: null };
  }
  if (error) return error;
  return imageId === null
    ? { error: 'the engine named no image', exitCode: null }
    : { imageId };
}

/** The logins of a job, good now, as an engine takes all of them at once. */
export async function loginsOf({ job, logins }: BuildInput) {
  const hosts = job.credentials.map(({ host }) => host);
  const auths = await Promise.all(
    hosts.map(async (host) =>
      registryAuth(
        logins ? await logins(host) : credentialFor(job.credentials, host),
      ),
    ),
  );
  return Object.fromEntries(
    auths.flatMap((auth) => (auth ? [[auth.serveraddress, auth]] : [])),
  );
}
