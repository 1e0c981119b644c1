'use client';
import { Download } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { UseFormReturn } from 'react-hook-form';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { CopyButton } from '@/components/ui/copy-button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Form, FormEnd, useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { Time } from '@/components/ui/time';
import { useExportPullSecret } from '@/lib/queries/registries';
import { PullSecretName } from '@/lib/registry/pull-secret';
import type { PullSecretView, RegistryView } from '@/lib/registry/views';

/** Hands the credential out as the secret a cluster pulls with: asked for by name, shown once, written down. */
export function ExportDialog({
  registry,
  disabledReason,
}: {
  registry: RegistryView;
  disabledReason: string | false;
}) {
  const [isOpen, setOpen] = useState(false);
  const [secret, setSecret] = useState<PullSecretView | null>(null);
  const [name, setName] = useState('');
  const change = (open: boolean) => {
    setOpen(open);
    // Closed is gone: the secret stays in no state of the page.
    if (!open) setSecret(null);
  };
  return (
    <Dialog
      title={secret ? 'The pull secret, shown once' : 'Export a pull secret?'}
      description={`Of ${registry.prefix}, as a Kubernetes secret and for Flyte.`}
      trigger={
        <Button disabledReason={disabledReason}>Export for the cluster</Button>
      }
      isOpen={isOpen}
      onOpenChange={change}
      isWide
    >
      {secret ? (
        <ExportedSecret secret={secret} name={name} />
      ) : (
        <NameForm
          registry={registry}
          onExported={(exported, chosen) => {
            setName(chosen);
            setSecret(exported);
          }}
        />
      )}
    </Dialog>
  );
}

function NameForm({
  registry,
  onExported,
}: {
  registry: RegistryView;
  onExported: (secret: PullSecretView, name: string) => void;
}) {
  const form: UseFormReturn<PullSecretName, unknown, PullSecretName> =
    useZodForm(PullSecretName, {
      defaultValues: { name: 'imageyard-pull', namespace: 'flyte' },
    });
  const request = useExportPullSecret();
  const own = registry.credentials.some(({ purpose }) => purpose === 'cluster');
  const submit = async (names: PullSecretName) => {
    const input = { ...names, registryId: registry.id };
    onExported(await request.mutateAsync(input), names.name);
  };
  return (
    <Form form={form} onSubmit={submit} label="Export a pull secret">
      <p data-prose className="text-ink-2">
        The {own ? 'credential for the cluster' : 'credential for pulling'} is
        shown in the clear, to you, once. Who exported it, when and under which
        name is written down.
        {!own &&
          ' No credential of its own is stored for the cluster: withdrawing this one will stop its pulls, too.'}
      </p>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Name of the secret" name="name">
          <Input {...form.register('name')} isMono />
        </Field>
        <Field label="Namespace" name="namespace">
          <Input {...form.register('namespace')} isMono />
        </Field>
      </div>
      <FormEnd>Show the secret</FormEnd>
    </Form>
  );
}

function ExportedSecret({
  secret: { manifest, dockerConfig, commands, expiresAt },
  name,
}: {
  secret: PullSecretView;
  name: string;
}) {
  return (
    <div className="grid gap-4">
      {expiresAt !== null && (
        <Notice
          tone="warn"
          title={
            <>
              It ends <Time at={expiresAt} />
            </>
          }
        >
          Export it again before then: a cluster does not fetch a new one.
        </Notice>
      )}
      <Part
        title="Kubernetes"
        file={`${name}.yaml`}
        text={manifest}
        label="manifest"
      >
        <CodeBlock text={commands.kubectl} label="kubectl command" />
        <p className="text-ink-2">
          Then let the pods of the namespace use it, when their templates do not
          name it:
        </p>
        <CodeBlock text={commands.attach} label="command to attach it" />
      </Part>
      <Part
        title="Flyte 2 and Union"
        file={`${name}.json`}
        text={dockerConfig}
        label="config.json"
      >
        <CodeBlock text={commands.flyte} label="flyte command" />
      </Part>
      <p className="text-xs text-ink-3">
        Delete the files afterwards: they hold the password.
      </p>
    </div>
  );
}

function Part({
  title,
  file,
  text,
  label,
  children,
}: {
  title: string;
  file: string;
  text: string;
  label: string;
  children: ReactNode;
}) {
  return (
    <section className="grid min-w-0 gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="font-semibold">{title}</h3>
        <span className="ml-auto flex gap-2">
          <CopyButton text={text} label={label} hasLabel />
          <Button
            size="sm"
            icon={<Download aria-hidden />}
            onClick={() => save(file, text)}
          >
            {file}
          </Button>
        </span>
      </div>
      {children}
    </section>
  );
}

function save(file: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = file;
  anchor.click();
  URL.revokeObjectURL(url);
}
