'use server';
import { action } from '@/lib/action';
import { BuildId, RebuildInput, StartBuild } from '@/lib/build/schema';
import * as builds from '@/lib/services/builds';

export const startBuild = action(StartBuild, builds.startBuild);
export const rebuild = action(RebuildInput, builds.rebuild);
export const cancelBuild = action(BuildId, builds.cancelBuild);
