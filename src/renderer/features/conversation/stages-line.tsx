import { Check } from 'lucide-react'
import type { ReactElement } from 'react'
import { classNames } from '../../components/class-names.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { Elapsed } from '../models/elapsed.tsx'
import { WorkNote } from '../models/work-note.tsx'
import { stageLines } from './stage-lines.ts'
import type { TurnView } from './turn-window.ts'

/** The calm line above the composer. Its place is always there, so that it never pushes the text around. */
export function StagesLine({ turn }: { readonly turn: TurnView | null }): ReactElement {
  const { t } = useTranslate()
  const lines = turn === null ? [] : stageLines(t, turn.answer)
  const running = lines.find((line) => !line.isDone)
  const isStopping = turn?.isStopping === true
  return (
    <div className="flex h-6 items-center gap-4 px-0.5">
      {turn !== null && (
        <ul
          aria-label={t('stage.label')}
          data-testid="stages"
          className="tabular fade flex min-w-0 items-center gap-3 overflow-hidden text-[12px] whitespace-nowrap text-soft"
        >
          {lines
            .filter((line) => line.isDone)
            .map((line) => (
              <li
                key={line.stage}
                className={classNames('flex min-w-0 items-center gap-1', line.stage === 'retrieve' && 'shrink-0')}
                data-stage={line.stage}
                data-done
              >
                <Check size={13} aria-hidden className="shrink-0" />
                <span className="truncate">{line.text}</span>
              </li>
            ))}
          {running !== undefined && !isStopping && (
            <li className="shrink-0 font-semibold text-accent" data-stage={running.stage}>
              {running.text}
              {running.isWaiting && <Elapsed key={running.stage} />}
            </li>
          )}
          {isStopping && <li className="shrink-0 font-semibold text-error">{t('stage.stopping')}</li>}
        </ul>
      )}
      <WorkNote />
      {/* Said once a stage to those who listen, not with every number that moves. */}
      <span role="status" className="sr-only">
        {isStopping ? t('stage.stopping') : running === undefined ? '' : t(`stage.${running.stage}`)}
      </span>
    </div>
  )
}
