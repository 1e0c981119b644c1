import { z } from 'zod';
import { HUB_KEY } from './docker-config';

// RFC 1123: what Kubernetes takes for a namespace, and for a secret with dots between such labels.
const LABEL = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';

const SecretName = z
  .string()
  .trim()
  .min(1, 'Name the secret.')
  .max(253, 'At most 253 characters.')
  .regex(
    new RegExp(`^${LABEL}(?:\\.${LABEL})*$`),
    'Small letters, digits, - and . only, with a letter or digit at both ends.',
  );

const NamespaceName = z
  .string()
  .trim()
  .min(1, 'Name the namespace.')
  .max(63, 'At most 63 characters.')
  .regex(
    new RegExp(`^${LABEL}$`),
    'Small letters, digits and - only, with a letter or digit at both ends.',
  );

/** What the secret of a cluster is called, and where it goes. */
export const PullSecretName = z.object({
  name: SecretName,
  namespace: NamespaceName,
});
export type PullSecretName = z.infer<typeof PullSecretName>;

/** A login, in the clear. */
type Login = { host: string; username: string; password: string };

/** A Docker `config.json` with one login, under the key that clusters look for. */
export function toDockerConfig({ host, username, password }: Login): string {
  const auth = toBase64(`${username}:${password}`);
  const key = host === 'docker.io' ? HUB_KEY : host;
  return JSON.stringify({ auths: { [key]: { username, password, auth } } });
}

/** The manifest of a `kubernetes.io/dockerconfigjson` secret that holds a `config.json`. */
export function toPullSecret(
  { name, namespace }: PullSecretName,
  dockerConfig: string,
): string {
  return `apiVersion: v1
kind: Secret
metadata:
  name: ${JSON.stringify(name)}
  namespace: ${JSON.stringify(namespace)}
type: kubernetes.io/dockerconfigjson
data:
  .dockerconfigjson: ${toBase64(dockerConfig)}
`;
}

/** What to run with the downloaded files. No line holds the secret, so none stays in a shell's history. */
export function pullSecretCommands({ name, namespace }: PullSecretName): {
  kubectl: string;
  attach: string;
  flyte: string;
} {
  const patch = JSON.stringify({ imagePullSecrets: [{ name }] });
  return {
    kubectl: `kubectl apply -f ${name}.yaml`,
    attach: `kubectl patch serviceaccount default --namespace ${namespace} --patch '${patch}'`,
    flyte: `flyte create secret ${name} --type image_pull --from-docker-config --docker-config-path ${name}.json`,
  };
}

function toBase64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
