'use server';
import {
  ChangePassword,
  ResetOwner,
  SetUpOwner,
  SetUpToken,
} from '@/lib/account-schema';
import { action, publicAction } from '@/lib/action';
import * as account from '@/lib/services/account';
import * as setUp from '@/lib/services/set-up';

export const changePassword = action(ChangePassword, account.changePassword);
export const readSetUpToken = publicAction(SetUpToken, setUp.readSetUpToken);
export const setUpOwner = publicAction(SetUpOwner, setUp.setUpOwner);
export const resetOwner = publicAction(ResetOwner, setUp.resetOwner);
