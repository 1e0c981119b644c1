'use server';
import { action } from '@/lib/action';
import { BuildId, RebuildInput, StartBuilds } from '@/lib/build/schema';
import * as cancel from '@/lib/services/build-cancel';
import * as start from '@/lib/services/build-start';

export const startBuilds = action(StartBuilds, start.startBuilds);
export const rebuild = action(RebuildInput, start.rebuild);
export const cancelBuild = action(BuildId, cancel.cancelBuild);
