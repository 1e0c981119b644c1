const AWAY: Record<string, string> = {
  ENOENT: 'There is no socket of a container engine.',
  ECONNREFUSED: 'No container engine listens there.',
  EACCES: 'This user may not use the socket of the container engine.',
  EPERM: 'This user may not use the socket of the container engine.',
  ENOTFOUND: 'The host of the container engine is not known.',
  ETIMEDOUT: 'The container engine did not answer in time.',
  EHOSTUNREACH: 'The network does not reach the container engine.',
  ENETUNREACH: 'The network does not reach the container engine.',
  ECONNRESET: 'The container engine broke the connection.',
  EPIPE: 'The container engine broke the connection.',
};

/** Why a container engine is out of reach, by the system's code (`ECONNREFUSED`); `undefined` for any other. */
export function whyAway(code: string): string | undefined {
  return AWAY[code];
}
