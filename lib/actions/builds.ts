'use server';
import { action } from '@/lib/action';
import { SetSpecLimits, OwnLimits } from '@/lib/build/limits';
import { BuildId, RebuildInput, StartBuilds } from '@/lib/build/schema';
import * as cancel from '@/lib/services/build-cancel';
import * as rules from '@/lib/services/build-rules';
import * as start from '@/lib/services/build-start';
import * as settings from '@/lib/services/settings';

export const startBuilds = action(StartBuilds, start.startBuilds);
export const rebuild = action(RebuildInput, start.rebuild);
export const cancelBuild = action(BuildId, cancel.cancelBuild);
export const setSpecLimits = action(SetSpecLimits, rules.setSpecLimits);
export const updateTeamLimits = action(OwnLimits, settings.updateTeamLimits);
