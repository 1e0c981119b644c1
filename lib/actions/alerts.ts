'use server';
import { z } from 'zod';
import { action } from '@/lib/action';
import { AlertId } from '@/lib/registry/alerts';
import * as alerts from '@/lib/services/alerts';

export const markAlertRead = action(AlertId, alerts.markAlertRead);
export const markAlertsRead = action(z.object({}), alerts.markAlertsRead);
export const dismissAlert = action(AlertId, alerts.dismissAlert);
