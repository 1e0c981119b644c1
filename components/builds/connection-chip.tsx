import { CirclePause, Radio, RefreshCw, WifiOff } from 'lucide-react';
import type { StreamStatus } from '@/components/builds/build-stream';
import { Chip } from '@/components/ui/chip';
import { cn } from '@/components/ui/cn';

const SIGNS = {
  connecting: {
    word: 'Connecting',
    tone: 'idle',
    Icon: Radio,
    title: 'Reading what has been logged so far.',
  },
  live: {
    word: 'Live',
    tone: 'run',
    Icon: Radio,
    title: 'Lines arrive as they are printed.',
  },
  polling: {
    word: 'Every 2 s',
    tone: 'run',
    Icon: RefreshCw,
    title:
      'Lines are fetched every two seconds: other windows of this browser hold its live connections, or the page is not served over https.',
  },
  reconnecting: {
    word: 'Reconnecting',
    tone: 'warn',
    Icon: WifiOff,
    title:
      'The connection broke. It goes on where it stopped; nothing is lost.',
  },
  paused: {
    word: 'Paused',
    tone: 'idle',
    Icon: CirclePause,
    title: 'Nothing is fetched while this page is hidden.',
  },
} as const;

/** How the lines of a moving build get here. Nothing once it is over. */
export function ConnectionChip({ status }: { status: StreamStatus }) {
  if (status === 'ended') return null;
  const { word, tone, Icon, title } = SIGNS[status];
  return (
    <Chip
      tone={tone}
      title={title}
      icon={
        <Icon
          aria-hidden
          className={cn(
            (status === 'live' || status === 'reconnecting') &&
              'animate-breathe',
          )}
        />
      }
    >
      {word}
    </Chip>
  );
}
