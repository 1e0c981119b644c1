'use server';
import { action } from '@/lib/action';
import { OwnLimits, SetSpecLimits } from '@/lib/build/limits';
import { HelperImages } from '@/lib/imagespec/helper-images';
import {
  CreateSpec,
  RestoreRevision,
  SaveRevision,
  SpecId,
} from '@/lib/imagespec/inputs';
import { TeamDefaults } from '@/lib/imagespec/team-defaults';
import * as rules from '@/lib/services/build-rules';
import * as settings from '@/lib/services/settings';
import * as specs from '@/lib/services/specs';

export const createSpec = action(CreateSpec, specs.createSpec);
export const createAndBuild = action(CreateSpec, specs.createAndBuild);
export const saveRevision = action(SaveRevision, specs.saveRevision);
export const saveAndBuild = action(SaveRevision, specs.saveAndBuild);
export const archiveSpec = action(SpecId, specs.archiveSpec);
export const restoreSpec = action(SpecId, specs.restoreSpec);
export const updateHelperImages = action(
  HelperImages,
  settings.updateHelperImages,
);
export const updateDefaults = action(TeamDefaults, settings.updateDefaults);
export const restoreRevision = action(RestoreRevision, specs.restoreRevision);
export const updateTeamLimits = action(OwnLimits, settings.updateTeamLimits);
export const setSpecLimits = action(SetSpecLimits, rules.setSpecLimits);
