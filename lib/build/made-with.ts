import type { EngineReport } from '@/lib/build/protocol';

type Ready = Extract<EngineReport, { state: 'ready' }>;

/** What an attempt was made with: the worker's release, and its engine. */
export type MadeWith = {
  version: 1;
  worker: string;
  engine: Pick<Ready, 'kind' | 'version' | 'apiVersion'>;
};

/** What is kept of a claim with the attempt it begins. */
export function toMadeWith(worker: string, engine: Ready): MadeWith {
  const { kind, version, apiVersion } = engine;
  return { version: 1, worker, engine: { kind, version, apiVersion } };
}
