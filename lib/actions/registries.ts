'use server';
import { action } from '@/lib/action';
import {
  AllowRealm,
  CreateRegistry,
  CredentialPlace,
  ExportPullSecret,
  ImportCredentials,
  ReadImport,
  RegistryId,
  ReplaceCredential,
  UpdateRegistry,
} from '@/lib/registry/forms';
import { UpdateCloudSettings } from '@/lib/registry/cloud-settings';
import * as cloudSettings from '@/lib/services/cloud-settings';
import * as credentialExport from '@/lib/services/credential-export';
import * as credentialImport from '@/lib/services/credential-import';
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
export const updateCloudSettings = action(
  UpdateCloudSettings,
  cloudSettings.updateCloudSettings,
);
export const readImport = action(ReadImport, credentialImport.readImport);
export const importCredentials = action(
  ImportCredentials,
  credentialImport.importCredentials,
);
export const exportPullSecret = action(
  ExportPullSecret,
  credentialExport.exportPullSecret,
);
