import type Docker from 'dockerode';
import {
  openSession as openBuildKitSession,
  type Session,
  type SessionAnswers,
} from '@/worker/buildkit/session';
import { dialDuplex } from '@/worker/engine-docker/dial';

/** Opens a BuildKit session through the Engine API. Closing it also ends a build that still runs. */
export function openSession(
  docker: Docker,
  answers: SessionAnswers,
  signal: AbortSignal,
): Promise<Session> {
  return openBuildKitSession(answers, (headers) =>
    dialDuplex(docker, {
      method: 'POST',
      path: '/session',
      abortSignal: signal,
      headers: { Upgrade: 'h2c', ...headers },
      statusCodes: { 101: true, 200: true },
    }),
  );
}
