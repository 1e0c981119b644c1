import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useAskBuilds } from '@/components/builds/use-ask-builds';
import type { AskAnswer } from '@/lib/build/ask-views';
import { askFor } from '@/lib/build/schema';

type Saved = { id: string; revision: number; build: AskAnswer };

/** Goes on to the build of what was saved, or asks about its tag first; the spec is saved either way. */
export function useBuildOfSaved() {
  const router = useRouter();
  const [specId, setSpecId] = useState('');
  const { follow, dialog } = useAskBuilds(() =>
    router.push(`/specs/${specId}`),
  );
  const followBuild = ({ id, revision, build }: Saved) => {
    setSpecId(id);
    follow(askFor([{ specId: id, revision }]), build);
  };
  return { followBuild, dialog };
}
