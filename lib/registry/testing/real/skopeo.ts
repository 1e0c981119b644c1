import { execute } from './processes';

type Asked = {
  login: { username: string; password: string } | null;
  /** Where the registry's authority is; `null` for plain http. */
  trustFolder: string | null;
};

/** What skopeo says of an image: its digest, `denied`, `missing`, or its own words for anything else. */
export async function askSkopeo(
  reference: string,
  { login, trustFolder }: Asked,
): Promise<string> {
  const args = [
    'inspect',
    '--no-tags',
    '--format={{.Digest}}',
    trustFolder === null ? '--tls-verify=false' : `--cert-dir=${trustFolder}`,
    login ? `--creds=${login.username}:${login.password}` : '--no-creds',
    `docker://${reference}`,
  ];
  try {
    return (await execute('skopeo', args)).stdout.trim();
  } catch (error) {
    const text = String((error as { stderr?: string }).stderr);
    if (/unauthorized|authentication required|denied/i.test(text))
      return 'denied';
    if (/manifest unknown|name unknown|repository name not known/i.test(text))
      return 'missing';
    return text;
  }
}
