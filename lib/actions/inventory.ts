'use server';
import { action } from '@/lib/action';
import { RegistryId, RepositoryId } from '@/lib/registry/forms';
import {
  CopyId,
  CopyImage,
  DeleteImage,
  DeleteTag,
  RetagImage,
} from '@/lib/registry/inventory-forms';
import * as acts from '@/lib/services/image-acts';
import * as copies from '@/lib/services/image-copies';
import * as registrySync from '@/lib/services/registry-sync';
import * as syncs from '@/lib/services/sync-state';

export const requestSync = action(RepositoryId, syncs.requestSync);
export const cancelSync = action(RepositoryId, syncs.cancelSync);
export const requestRegistrySync = action(
  RegistryId,
  registrySync.requestRegistrySync,
);
export const retagImage = action(RetagImage, acts.retagImage);
export const deleteTag = action(DeleteTag, acts.deleteTag);
export const deleteImage = action(DeleteImage, acts.deleteImage);
export const startCopy = action(CopyImage, copies.startCopy);
export const cancelCopy = action(CopyId, copies.cancelCopy);
