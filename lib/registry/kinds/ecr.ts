import { awsMethods } from './aws-methods';
import { guide, type KindFacts, link } from './kind';

/** What the host of a private Amazon ECR registry says. */
export type EcrHost = {
  account: string;
  region: string;
  isFips: boolean;
  /** Reached over IPv4 and IPv6, by names under `on.aws`. */
  isDualStack: boolean;
};

// The suffix is each partition's own: AWS, China, the European sovereign cloud, and the isolated ones.
const HOST =
  /^(\d{12})\.dkr([.-])ecr(-fips)?\.([a-z0-9-]+)\.(amazonaws\.com|amazonaws\.com\.cn|amazonaws\.eu|on\.aws|on\.amazonwebservices\.com\.cn|on\.amazonwebservices\.eu|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$/;

/**
 * Account and region of a private ECR registry, or `null` for any other host.
 *
 * @example parseEcrHost('123456789012.dkr.ecr.eu-west-1.amazonaws.com')
 */
export function parseEcrHost(host: string): EcrHost | null {
  const [, account, separator, fips, region, suffix = ''] =
    HOST.exec(host) ?? [];
  if (account === undefined || region === undefined) return null;
  const isDualStack = suffix.startsWith('on.');
  // `dkr-ecr` belongs to the dual-stack names, `dkr.ecr` to the others.
  if (isDualStack !== (separator === '-')) return null;
  return { account, region, isFips: fips !== undefined, isDualStack };
}

/** The console of the partition a host belongs to. */
function consoleOf(host: string): string {
  const region = parseEcrHost(host)?.region ?? '';
  if (region.startsWith('cn-')) return 'https://console.amazonaws.cn';
  if (region.startsWith('us-gov-'))
    return 'https://console.amazonaws-us-gov.com';
  return 'https://console.aws.amazon.com';
}

export const ECR: KindFacts = {
  kind: 'ecr',
  name: 'Amazon ECR',
  hostExample: '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
  namespaceExample: 'ml',
  matches: (host) => parseEcrHost(host) !== null,
  methods: awsMethods(
    {
      pull: 'ecr:GetAuthorizationToken, ecr:BatchCheckLayerAvailability, ecr:GetDownloadUrlForLayer, ecr:BatchGetImage',
      push: 'the same, and ecr:InitiateLayerUpload, ecr:UploadLayerPart, ecr:CompleteLayerUpload, ecr:PutImage',
    },
    (host) => `${consoleOf(host)}/iam/home`,
  ),
  onPush:
    'A repository must exist before a push. Imageyard makes it when that is switched on (ecr:CreateRepository), or ECR does by a repository creation template for “create on push”.',
  limits: [
    'A private ECR image can never be pulled without AWS credentials.',
    'A password lives for 12 hours: a pull secret made from one must be renewed before that.',
    'Where tag mutability is “immutable”, a tag that exists cannot be pushed again.',
  ],
  publish: ({ registry, repository }) => {
    const region = parseEcrHost(registry)?.region ?? '';
    return guide(
      [
        'A private Amazon ECR repository cannot be made public. Push a copy to Amazon ECR Public,',
        'or let the cluster pull with its own AWS role.',
      ],
      [
        `aws ecr-public create-repository --region us-east-1 --repository-name ${repository}`,
      ],
      [link('Amazon ECR', `https://${region}.console.aws.amazon.com/ecr/`)],
    );
  },
};
