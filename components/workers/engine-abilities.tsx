import { Check, Minus } from 'lucide-react';
import { Disclosure } from '@/components/ui/disclosure';
import { ABILITIES, canDo } from '@/lib/build/engine-abilities';
import { ABILITY_WORDS } from '@/lib/build/engine-words';
import type { MadeWith } from '@/lib/build/made-with';

/** What a worker's engine can and cannot do, folded: it is looked up when a build was refused. */
export function EngineAbilities({ engine }: { engine: MadeWith['engine'] }) {
  const able = ABILITIES.filter((ability) => canDo(engine, ability)).length;
  return (
    <Disclosure
      summary={`What this engine can do: ${able} of ${ABILITIES.length}`}
      className="mt-4"
    >
      <ul className="grid grid-cols-[minmax(0,1fr)] gap-2">
        {ABILITIES.map((ability) => {
          const isAble = canDo(engine, ability);
          const words = ABILITY_WORDS[ability];
          const Icon = isAble ? Check : Minus;
          return (
            <li key={ability} className="flex min-w-0 items-start gap-2">
              <Icon
                className={`mt-[3px] size-3.5 shrink-0 ${isAble ? 'text-good' : 'text-ink-3'}`}
                aria-label={isAble ? 'Yes' : 'No'}
              />
              <div className="min-w-0 flex-1">
                <p className="break-words">{words.can}</p>
                {!isAble && (
                  <p data-prose className="break-words text-ink-2">
                    {words.else}
                  </p>
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </Disclosure>
  );
}
