'use server';
import { action } from '@/lib/action';
import { BuildId, RebuildInput, StartBuilds } from '@/lib/build/schema';
import { KeepLogs, LogRetention } from '@/lib/build/log-retention';
import * as cancel from '@/lib/services/build-cancel';
import * as start from '@/lib/services/build-start';
import * as keeping from '@/lib/services/log-keeping';
import * as settings from '@/lib/services/settings';

export const startBuilds = action(StartBuilds, start.startBuilds);
export const rebuild = action(RebuildInput, start.rebuild);
export const cancelBuild = action(BuildId, cancel.cancelBuild);
export const keepLogs = action(KeepLogs, keeping.keepLogs);
export const updateLogRetention = action(
  LogRetention,
  settings.updateLogRetention,
);
