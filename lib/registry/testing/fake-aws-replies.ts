import type { PlainReply } from './fake-server';

/** An answer of a service that speaks JSON. */
export function json(status: number, body: unknown): PlainReply {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify(body),
  };
}

/** A refusal of such a service. */
export function refuseJson(
  status: number,
  code: string,
  message: string,
): PlainReply {
  return json(status, { __type: code, message });
}

/** A refusal of STS, which speaks XML. */
export function refuseXml(
  status: number,
  code: string,
  message: string,
): PlainReply {
  return {
    status,
    headers: { 'content-type': 'text/xml' },
    body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code.replace(/Exception$/, '')}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
  };
}

/** The temporary keys of an assumed role, as STS gives them. */
export function sessionXml(
  action: string,
  accessKeyId: string,
  identity: {
    secretAccessKey: string;
    sessionToken?: string;
    expiresAt?: string;
  },
): PlainReply {
  const { secretAccessKey, sessionToken = '', expiresAt = '' } = identity;
  return {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result><Credentials><AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey><SessionToken>${sessionToken}</SessionToken><Expiration>${expiresAt}</Expiration></Credentials></${action}Result></${action}Response>`,
  };
}
