/** Whether a host, with its port or without, is this machine itself, as it is written: in lower case, an IPv6 address in brackets. */
export function isLoopbackHost(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/.test(host);
}
