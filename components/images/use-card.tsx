import { Card } from '@/components/ui/card';
import { CodeBlock } from '@/components/ui/code-block';
import { Tabs } from '@/components/ui/tabs';
import type { ImageView } from '@/lib/registry/views';

/** How to name the image in code, and how to pull exactly it with each tool. */
export function UseCard({
  image,
}: {
  image: Pick<ImageView, 'repository' | 'digest' | 'platform'>;
}) {
  const pinned = `${image.repository}@${image.digest}`;
  const platform = image.platform ? ` --platform ${image.platform}` : '';
  const [os, architecture] = image.platform?.split('/') ?? [];
  const override =
    os && architecture
      ? ` --override-os ${os} --override-arch ${architecture}`
      : '';
  const commands = [
    ['docker', `docker pull${platform} ${pinned}`],
    ['podman', `podman pull${platform} ${pinned}`],
    ['nerdctl', `nerdctl pull${platform} ${pinned}`],
    ['crictl', `crictl pull ${pinned}`],
    ['skopeo', `skopeo inspect${override} docker://${pinned}`],
  ] as const;
  return (
    <Card title="Use it">
      <div className="grid grid-cols-1 gap-2">
        <CodeBlock
          text={`container_image="${pinned}"`}
          label="Pinned container_image"
        />
        <Tabs
          label="Pull it with"
          tabs={commands.map(([tool, command]) => ({
            id: tool,
            label: tool,
            content: <CodeBlock text={command} label={`Pull with ${tool}`} />,
          }))}
        />
      </div>
    </Card>
  );
}
