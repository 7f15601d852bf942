import { type ReactElement, useEffect, useState } from 'react'
import type { SelfTestStatus } from '../../../shared/self-test.ts'
import { Button } from '../../components/button.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { formatCount, formatMoment, formatShare } from '../../i18n/format.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { Group } from '../settings/setting-row.tsx'
import { SelfTestResult } from './self-test-result.tsx'
import { useSelfTest } from './self-test-store.ts'

/** Enough to notice what a change does, and done in half a minute. */
const generatedQuestions = 50

/** Questions whose passages are known: asked again after a change, and whenever somebody wants it. */
export function SelfTestSettings(): ReactElement {
  const { t } = useTranslate()
  const { status, load } = useSelfTest()
  useEffect(() => void load(), [load])
  return (
    <Group title={t('self-test.title')}>
      <p className="text-[12px] leading-[17px] text-soft">{t('self-test.detail')}</p>
      {status !== null && <Contents status={status} />}
    </Group>
  )
}

function Contents({ status }: { readonly status: SelfTestStatus }): ReactElement {
  const { t, language } = useTranslate()
  const { start, generate } = useSelfTest()
  const [now] = useState(() => Date.now())
  const [isMaking, setMaking] = useState(false)
  const [hasMadeNone, setMadeNone] = useState(false)
  const { kept, generated, running, isDue, problem, report } = status
  const make = async (): Promise<void> => {
    setMaking(true)
    setMadeNone((await generate(generatedQuestions)) === 0)
    setMaking(false)
  }
  const counts = [
    t('self-test.kept', { count: kept }),
    t('self-test.generated', { count: generated }),
    ...(report === null ? [] : [t('self-test.last', { moment: formatMoment(report.finishedAt, now, language) })]),
  ]
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p className="tabular" data-testid="self-test-counts">
          {counts.join(' · ')}
        </p>
        <div className="flex gap-2">
          <Button disabled={isMaking || running !== null} onClick={() => void make()}>
            {t(generated === 0 ? 'self-test.generate' : 'self-test.generate-again')}
          </Button>
          <Button
            data-testid="self-test-start"
            disabled={kept + generated === 0 || running !== null}
            onClick={() => void start()}
          >
            {t('self-test.start')}
          </Button>
        </div>
      </div>
      {hasMadeNone && <p className="text-[12px] text-warning">{t('self-test.made-none')}</p>}
      {running !== null && <Progress {...running} />}
      {running === null && isDue && report !== null && (
        <p className="text-[12px] leading-[17px] text-warning">{t('self-test.due')}</p>
      )}
      {problem !== null && <ErrorNote title={t('self-test.failed')} error={problem} />}
      {report !== null && <SelfTestResult report={report} />}
    </>
  )
}

function Progress({ done, total }: { readonly done: number; readonly total: number }): ReactElement {
  const { t, language } = useTranslate()
  const cancel = useSelfTest((state) => state.cancel)
  const share = total === 0 ? 0 : done / total
  return (
    <div className="flex items-center gap-3" data-testid="self-test-progress">
      <div
        role="progressbar"
        aria-label={t('self-test.running')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.floor(share * 100)}
        aria-valuetext={formatShare(share, language)}
        className="h-1.5 flex-1 overflow-hidden rounded-full bg-track"
      >
        <div className="h-full rounded-full bg-accent" style={{ width: `${share * 100}%` }} />
      </div>
      <span className="tabular text-[12px] text-soft">
        {formatCount(done, language)} / {formatCount(total, language)}
      </span>
      <Button onClick={() => void cancel()}>{t('app.cancel')}</Button>
    </div>
  )
}
