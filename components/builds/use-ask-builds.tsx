'use client';
import { useRouter } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import { LeftOutDialog } from '@/components/builds/left-out-dialog';
import { ThereDialog } from '@/components/builds/there-dialog';
import { showFailure } from '@/components/ui/toast';
import type { AskAnswer } from '@/lib/build/ask-views';
import type { StartBuilds } from '@/lib/build/schema';
import { useStartBuilds } from '@/lib/queries/builds';

type Question = { input: StartBuilds; answer: AskAnswer };

/**
 * Asks for builds and goes to what was started. Render `dialog`: it asks the person first where that is needed. `follow`
 * takes an answer that came from elsewhere, `onGiveUp` is called when the question is closed without one.
 */
export function useAskBuilds(onGiveUp?: () => void): {
  ask: (input: StartBuilds) => void;
  follow: (input: StartBuilds, answer: AskAnswer) => void;
  isPending: boolean;
  dialog: ReactNode;
} {
  const router = useRouter();
  const start = useStartBuilds();
  const [question, setQuestion] = useState<Question | null>(null);
  const [started, setStarted] = useState<AskAnswer | null>(null);
  const follow = (input: StartBuilds, answer: AskAnswer) => {
    const isOpen = answer.there.length > 0;
    setQuestion(isOpen ? { input, answer } : null);
    if (isOpen) return;
    if (answer.leftOut.length > 0) setStarted(answer);
    else router.push(startedHref(answer));
  };
  const ask = (input: StartBuilds) =>
    start.mutate(input, {
      onSuccess: (answer) => follow(input, answer),
      onError: showFailure,
    });
  return {
    ask,
    follow,
    isPending: start.isPending,
    dialog: started ? (
      <LeftOutDialog
        answer={started}
        onDone={() => router.push(startedHref(started))}
      />
    ) : (
      question && (
        <ThereDialog
          there={question.answer.there}
          isPending={start.isPending}
          onAnswer={({ use, rebuild }) => {
            const { answers } = question.input;
            ask({
              ...question.input,
              answers: {
                use: { ...answers.use, ...use },
                rebuild: [...answers.rebuild, ...rebuild],
              },
            });
          }}
          onClose={() => {
            setQuestion(null);
            onGiveUp?.();
          }}
        />
      )
    ),
  };
}

function startedHref({ batchId, builds: [first] }: AskAnswer): string {
  return batchId === null
    ? `/builds/${first?.id ?? ''}`
    : `/builds?batch=${batchId}`;
}
