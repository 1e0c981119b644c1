import { createHash, createHmac } from 'node:crypto';

/** A signed request as it arrived, headers lower-cased. */
export type SignedRequest = {
  method: string;
  path: string;
  /** As sent, without the question mark. */
  query: string;
  headers: Record<string, string>;
  body: string;
};

export type Signature = {
  accessKeyId: string;
  /** `YYYYMMDD`, region, service. */
  date: string;
  region: string;
  service: string;
  signedHeaders: string[];
  signature: string;
};

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/** Reads an `Authorization` header of AWS Signature Version 4, or `null`. */
export function readSignature(header: string): Signature | null {
  const match = AUTHORIZATION.exec(header);
  if (!match) return null;
  const [
    ,
    accessKeyId = '',
    date = '',
    region = '',
    service = '',
    names = '',
    signature = '',
  ] = match;
  return {
    accessKeyId,
    date,
    region,
    service,
    signedHeaders: names.split(';'),
    signature,
  };
}

/** The signature that a request must carry, computed from nothing but the published rules. */
export function computeSignature(
  request: SignedRequest,
  {
    date,
    region,
    service,
    signedHeaders,
  }: Omit<Signature, 'signature' | 'accessKeyId'>,
  secretAccessKey: string,
): string {
  const canonicalQuery = request.query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => (part.includes('=') ? part : `${part}=`))
    .sort()
    .join('&');
  const canonicalHeaders = signedHeaders
    .map(
      (name) =>
        `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`,
    )
    .join('');
  const canonical = [
    request.method,
    request.path,
    canonicalQuery,
    canonicalHeaders,
    signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const stringToSign = [
    'AWS4-HMAC-SHA256',
    request.headers['x-amz-date'] ?? '',
    scope,
    sha256(canonical),
  ].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<Buffer | string>(
    (secret, part) => hmac(secret, part),
    `AWS4${secretAccessKey}`,
  );
  return hmac(key, stringToSign).toString('hex');
}

const sha256 = (text: string) =>
  createHash('sha256').update(text).digest('hex');
const hmac = (key: Buffer | string, text: string) =>
  createHmac('sha256', key).update(text).digest();
