'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { BuildLog } from '@/components/builds/build-log';
import {
  BuildStream,
  type StreamHost,
  type StreamStatus,
} from '@/components/builds/build-stream';
import { LogReader } from '@/components/builds/log-reader';
import { takeStreamSlot } from '@/components/builds/stream-slot';
import { isMoving } from '@/lib/build/state';
import type { BuildView } from '@/lib/build/views';
import {
  buildKeys,
  buildQueries,
  eventsUrl,
  readLines,
} from '@/lib/queries/builds';
import { overviewKeys } from '@/lib/queries/overview';
import { workerKeys } from '@/lib/queries/workers';

const host: StreamHost = {
  open: (url) => new EventSource(url),
  isVisible: () => document.visibilityState === 'visible',
  watch: (onChange) => {
    document.addEventListener('visibilitychange', onChange);
    window.addEventListener('online', onChange);
    return () => {
      document.removeEventListener('visibilitychange', onChange);
      window.removeEventListener('online', onChange);
    };
  },
  takeSlot: () =>
    takeStreamSlot((navigator as Partial<Pick<Navigator, 'locks'>>).locks),
  setTimer: (run, delayMs) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

// While events come, asking is only a net below them; while none do, it keeps the tab's title true.
const NET_MS = 30_000;
const POLL_MS = 5_000;
const SILENT_MS = 3_000;

/** A log somebody looks at. */
export type OpenLog = { buildId: string; log: BuildLog; reader: LogReader };

type Following = { open: OpenLog; stream: BuildStream | null };

const frame = (flush: () => void) => {
  requestAnimationFrame(flush);
};

/** A log that is over, or an earlier attempt's: read as it is looked at. */
export function openFinishedLog(
  buildId: string,
  view: Pick<BuildView, 'attempt' | 'steps'>,
): OpenLog {
  const log = new BuildLog({ ...view, isLive: false, schedule: frame });
  return {
    buildId,
    log,
    reader: new LogReader(log, (query) => readLines(buildId, query)),
  };
}

/** A build and its log, kept up to date for as long as it moves. `initial` is what is known of it now. */
export function useBuildLog(initial: BuildView): {
  build: BuildView;
  error: unknown;
  open: OpenLog;
  status: StreamStatus;
} {
  const client = useQueryClient();
  const [following] = useState<Following>(() => {
    const { id } = initial;
    if (!isMoving(initial.state))
      return { open: openFinishedLog(id, initial), stream: null };
    const log = new BuildLog({ ...initial, isLive: true, schedule: frame });
    const reader = new LogReader(log, (query) => readLines(id, query));
    const stream = new BuildStream({
      url: eventsUrl(id),
      log,
      host,
      onState: (build) => client.setQueryData(buildKeys.detail(id), build),
      onEnd: () => {
        const last = client.getQueryData<BuildView>(buildKeys.detail(id));
        log.finish(last?.attempt === log.attempt ? last.steps : []);
        for (const queryKey of [
          [...buildKeys.all, 'list'],
          overviewKeys.all,
          workerKeys.all,
        ])
          void client.invalidateQueries({ queryKey });
      },
    });
    return { open: { buildId: id, log, reader }, stream };
  });
  const { open, stream } = following;
  useEffect(() => {
    stream?.start();
    return () => stream?.stop();
  }, [stream]);

  const status = useSyncExternalStore(
    stream?.subscribe ?? noSubscription,
    () => stream?.status ?? 'ended',
    () => stream?.status ?? 'ended',
  );
  const hasEvents = status === 'live' || status === 'polling';
  const { data: build = initial, error } = useQuery({
    ...buildQueries.detail(initial.id),
    refetchInterval: ({ state }) => {
      if (!state.data || !isMoving(state.data.state)) return false;
      return hasEvents ? NET_MS : POLL_MS;
    },
    refetchIntervalInBackground: true,
  });

  // The build is known to be over and the stream has not said so: its connection died without a word.
  const isSilent = hasEvents && !isMoving(build.state);
  useEffect(() => {
    if (!isSilent) return;
    const timer = setTimeout(() => stream?.reconnect(), SILENT_MS);
    return () => clearTimeout(timer);
  }, [isSilent, stream]);

  return { build, error, open, status };
}

const noSubscription = () => () => undefined;

/** Renders again whenever the log changes; gives its version. */
export function useLogVersion(log: BuildLog): number {
  return useSyncExternalStore(
    log.subscribe,
    () => log.version,
    () => log.version,
  );
}
