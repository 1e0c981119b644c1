'use server';
import { action } from '@/lib/action';
import { RecordId } from '@/lib/build/record-views';
import * as deletion from '@/lib/services/record-deletion';

export const deleteRecord = action(RecordId, deletion.deleteRecord);
