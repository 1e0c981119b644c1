'use client';
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, FlaskConical, TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import { count } from '@/components/builds/labels';
import { Chip } from '@/components/ui/chip';
import { Skeleton } from '@/components/ui/skeleton';
import type { WorkersView } from '@/lib/build/views';
import { workersQuery } from '@/lib/queries/workers';

/** Whether anything can build now, for the top bar; leads to the workers. Seed `workerKeys.all` to have it at once. */
export function WorkerStatus() {
  const { data } = useQuery(workersQuery);
  if (!data) return <Skeleton className="h-5 w-20" />;
  return (
    <Link href="/workers" className="rounded-full">
      <Sign {...data} />
    </Link>
  );
}

function Sign({ workers, blocked }: WorkersView) {
  const online = workers.filter(({ isOnline }) => isOnline);
  const ready = online.flatMap(({ engine }) =>
    engine?.state === 'ready' ? [engine] : [],
  );
  if (blocked !== null)
    return (
      <Chip tone="warn" icon={<TriangleAlert aria-hidden />} title={blocked}>
        {online.length === 0 ? 'No worker' : 'Cannot build'}
      </Chip>
    );
  const isTest = ready.some(({ kind }) => kind === 'test');
  return (
    <Chip
      tone={isTest ? 'warn' : 'good'}
      icon={isTest ? <FlaskConical aria-hidden /> : <CircleCheck aria-hidden />}
    >
      {isTest ? 'Test engine' : count(ready.length, 'worker')}
    </Chip>
  );
}
