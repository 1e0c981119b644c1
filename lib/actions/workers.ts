'use server';
import { action } from '@/lib/action';
import {
  CreateEnrolment,
  EnrolmentId,
  SetRegistryBuilds,
  SetSpecLabels,
  UpdateWorker,
  WorkerId,
} from '@/lib/build/worker-forms';
import * as rules from '@/lib/services/build-rules';
import * as admin from '@/lib/services/worker-admin';
import * as checkup from '@/lib/services/worker-checkup';
import * as enrolment from '@/lib/services/worker-enrolment';

export const createEnrolment = action(
  CreateEnrolment,
  enrolment.createEnrolment,
);
export const deleteEnrolment = action(EnrolmentId, enrolment.deleteEnrolment);
export const updateWorker = action(UpdateWorker, admin.updateWorker);
export const pauseWorker = action(WorkerId, admin.pauseWorker);
export const resumeWorker = action(WorkerId, admin.resumeWorker);
export const revokeWorker = action(WorkerId, admin.revokeWorker);
export const setSpecLabels = action(SetSpecLabels, rules.setSpecLabels);
export const setRegistryBuilds = action(
  SetRegistryBuilds,
  rules.setRegistryBuilds,
);
export const askCheckup = action(WorkerId, checkup.askCheckup);
