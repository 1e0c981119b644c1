'use server';
import { action } from '@/lib/action';
import { SecretId, StoreSecret } from '@/lib/imagespec/secrets';
import * as secrets from '@/lib/services/build-secrets';

export const storeSecret = action(StoreSecret, secrets.storeSecret);
export const deleteSecret = action(SecretId, secrets.deleteSecret);
