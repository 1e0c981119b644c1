import 'server-only';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import { resolveAddresses } from '@/lib/registry/egress';
import {
  allowanceFor,
  decide,
  type EgressAllowance,
} from '@/lib/registry/egress-policy';
import { RegistryError } from '@/lib/registry/errors';

type Place = { host: string; plainHttp: boolean; allowPrivate: boolean };

/**
 * The address ranges to open for a registry: none where the default rules let it through. Loopback, private and
 * plain-http hosts need an owner who asks for it, with the port written out. Throws NOT_ALLOWED and REGISTRY_BLOCKED,
 * at the field.
 */
export async function openedRanges(
  actor: Actor,
  place: Place,
): Promise<string[]> {
  const allowance = await neededAllowance(place);
  if (!allowance) return [];
  const what = place.plainHttp
    ? 'speaks plain http'
    : 'is on a loopback or private network';
  if (actor.role !== 'owner') {
    throw new AppError(
      'NOT_ALLOWED',
      `${place.host} ${what}; only an owner may open it.`,
      {
        fields: { host: 'Ask an owner of the team to add this registry.' },
      },
    );
  }
  if (!place.allowPrivate) {
    throw new AppError('REGISTRY_BLOCKED', `${place.host} ${what}.`, {
      fields: {
        allowPrivate: `${place.host} ${what}. Confirm that Imageyard may talk to it.`,
      },
    });
  }
  return allowance.cidrs;
}

async function neededAllowance({
  host,
  plainHttp,
}: Place): Promise<EgressAllowance | null> {
  const url = new URL(`${plainHttp ? 'http' : 'https'}://${host}/`);
  const addresses = await resolveAddresses(url.hostname).catch(() => null);
  // A public name that does not resolve today is no reason to refuse it: Test says what is wrong.
  if (addresses === null || addresses.length === 0) {
    if (!plainHttp && decide(url, null, { allow: [] }).ok) return null;
    throw new AppError('REGISTRY_UNREACHABLE', `${host} is not known here.`, {
      fields: {
        host: 'This name is not known to the server. Check the spelling.',
      },
    });
  }
  try {
    return allowanceFor(host, plainHttp, addresses);
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    throw new AppError(error.code, error.message, {
      fields: { host: error.message },
      cause: error,
    });
  }
}
