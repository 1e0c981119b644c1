/**
 * What makes a Docker engine trust a registry's own certificates, as lines for a shell of its machine. An engine reads
 * them from a folder named as the registry is in references, with its port, at each pull and push.
 */
export function engineTrustCommands(host: string, pem: string): string {
  const folder = `/etc/docker/certs.d/${host}`;
  return [
    `sudo mkdir -p '${folder}'`,
    `sudo tee '${folder}/ca.crt' > /dev/null <<'PEM'`,
    pem.trim(),
    'PEM',
    '',
  ].join('\n');
}
