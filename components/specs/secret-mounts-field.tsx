'use client';
import { useQuery } from '@tanstack/react-query';
import { useWatch } from 'react-hook-form';
import type { SpecFormApi } from '@/components/specs/field-group';
import { readSecretNames } from '@/components/specs/spec-draft';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/input';
import { TextLink } from '@/components/ui/link';
import { Select } from '@/components/ui/select';
import { readMounts } from '@/lib/imagespec/form';
import { secretNameOf } from '@/lib/imagespec/secrets';
import { secretQueries } from '@/lib/queries/secrets';

/** Files of the team's secrets that may be read while packages are installed, and in no layer. */
export function SecretMountsField({ form }: { form: SpecFormApi }) {
  const { data: secrets = [] } = useQuery(secretQueries.list);
  const [mounts, secretNames] = useWatch({
    control: form.control,
    name: ['pip_secret_mounts', 'secretNames'],
  });
  const names = readSecretNames(secretNames);
  const known = new Set(secrets.map(({ name }) => name));
  const sources = new Set(readMounts(mounts).map(([source]) => source));
  return (
    <div className="grid gap-2">
      <Field
        label="pip_secret_mounts"
        name="pip_secret_mounts"
        hint={
          <>
            One per line: a{' '}
            <TextLink href="/secrets">secret of the team</TextLink>, then the
            path it has while packages are installed. Not part of the tag.
          </>
        }
      >
        <Textarea
          {...form.register('pip_secret_mounts')}
          isMono
          rows={2}
          placeholder="netrc /root/.netrc"
        />
      </Field>
      {[...sources].map((source) => {
        const name = secretNameOf(source, names);
        if (source === name && known.has(name)) return null;
        return (
          <Field
            key={source}
            label={
              <>
                <span className="font-mono text-xs">{source}</span> is the
                secret
              </>
            }
            error={
              known.has(name) ? undefined : `There is no secret ${name} yet.`
            }
          >
            <Select
              value={known.has(name) ? name : ''}
              onChange={(chosen) =>
                form.setValue(
                  'secretNames',
                  JSON.stringify({ ...names, [source]: chosen }),
                  { shouldDirty: true, shouldValidate: true },
                )
              }
              options={secrets.map((secret) => ({
                value: secret.name,
                label: secret.name,
              }))}
            />
          </Field>
        );
      })}
    </div>
  );
}
