'use server';
import { action } from '@/lib/action';
import {
  AllowRealm,
  CreateRegistry,
  CredentialPlace,
  RegistryId,
  ReplaceCredential,
  UpdateRegistry,
} from '@/lib/registry/forms';
import * as registries from '@/lib/services/registries';
import * as registryTest from '@/lib/services/registry-test';

export const createRegistry = action(CreateRegistry, registries.createRegistry);
export const updateRegistry = action(UpdateRegistry, registries.updateRegistry);
export const archiveRegistry = action(RegistryId, registries.archiveRegistry);
export const replaceCredential = action(
  ReplaceCredential,
  registries.replaceCredential,
);
export const deleteCredential = action(
  CredentialPlace,
  registries.deleteCredential,
);
export const testRegistry = action(CredentialPlace, registryTest.testRegistry);
export const allowRealm = action(AllowRealm, registryTest.allowRealm);
