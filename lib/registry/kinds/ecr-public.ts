import { awsMethods } from './aws-methods';
import { guide, type KindFacts } from './kind';

export const ECR_PUBLIC: KindFacts = {
  kind: 'ecr_public',
  name: 'Amazon ECR Public',
  hostExample: 'public.ecr.aws',
  namespaceExample: 'a1b2c3d4',
  matches: (host) => host === 'public.ecr.aws',
  methods: awsMethods(
    {
      pull: 'nothing: pulling needs no login',
      push: 'ecr-public:GetAuthorizationToken, sts:GetServiceBearerToken, ecr-public:BatchCheckLayerAvailability, ecr-public:InitiateLayerUpload, ecr-public:UploadLayerPart, ecr-public:CompleteLayerUpload, ecr-public:PutImage',
    },
    () => 'https://console.aws.amazon.com/iam/home',
  ),
  onPush:
    'A repository must exist before a push. Imageyard makes it when that is switched on (ecr-public:CreateRepository).',
  limits: [
    'Everything on it can be pulled by anyone.',
    'Passwords come from us-east-1 alone, wherever the images go, and live for 12 hours.',
    'Pulls without a login are limited per address.',
    'Repositories cannot be listed through the registry.',
  ],
  publish: () =>
    guide([
      'Everything on Amazon ECR Public can be pulled by anyone: check the alias and the name.',
    ]),
};
