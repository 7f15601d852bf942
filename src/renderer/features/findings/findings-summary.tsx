import { type ReactElement, useState } from 'react'
import type { FindingsSummary } from '../../../shared/findings.ts'
import { textLanguage } from '../../components/text-language.ts'
import { errorText } from '../../i18n/error-text.ts'
import { formatCount, formatShare } from '../../i18n/format.ts'
import { type Translate, useTranslate } from '../../i18n/translate.ts'
import type { FindingsRun } from './findings-store.ts'
import { UnreadDialog } from './unread-dialog.tsx'

function otherFacts(t: Translate, { apart, similar }: FindingsSummary): readonly string[] {
  return [
    ...(apart > 0 ? [t('findings.also-apart', { count: apart })] : []),
    ...(similar > 0 ? [t('findings.also-similar', { count: similar })] : []),
  ]
}

function unreadText(t: Translate, { unread }: FindingsSummary): string {
  return [
    ...(unread.needsAttention > 0 ? [t('findings.unreadable', { count: unread.needsAttention })] : []),
    ...(unread.waiting > 0 ? [t('findings.waiting', { count: unread.waiting })] : []),
    ...(unread.partly > 0 ? [t('findings.partly', { count: unread.partly })] : []),
    ...(unread.outdated > 0 ? [t('findings.outdated', { count: unread.outdated })] : []),
  ].join(' · ')
}

/** What the look came to, in words and figures; while it runs, how far it is. */
export function FindingsSummaryLine({ run }: { readonly run: FindingsRun }): ReactElement {
  const { t, language } = useTranslate()
  const [isUnreadOpen, setUnreadOpen] = useState(false)
  const { summary, state } = run
  if (summary === null) {
    return (
      <div role="status" data-testid="findings-progress" className="text-[13px] leading-5 text-soft">
        {state === 'stopped' && t('findings.stopped', { count: run.rows.length })}
        {state === 'running' &&
          (run.share < 1
            ? t('findings.looking', { share: formatShare(run.share, language) })
            : t('findings.reading', { count: run.rows.length }))}
      </div>
    )
  }
  const unread = unreadText(t, summary)
  return (
    <div role="status" data-testid="findings-summary">
      <p className="text-[15px] leading-6 font-semibold" lang={textLanguage(summary.subject)}>
        {summary.words === 0
          ? t('findings.count-none', { subject: summary.subject })
          : t('findings.count', { count: summary.words, subject: summary.subject })}
      </p>
      <p className="tabular text-[13px] leading-5 text-soft">
        {[
          t('findings.searched', {
            searched: formatCount(summary.searched, language),
            count: summary.documents,
          }),
          ...otherFacts(t, summary),
        ].join(' · ')}
        {unread !== '' && (
          <>
            {' · '}
            <button
              type="button"
              data-testid="findings-unread"
              onClick={() => setUnreadOpen(true)}
              className="rounded text-warning underline decoration-dotted underline-offset-2"
            >
              {unread}
            </button>
          </>
        )}
      </p>
      {summary.isCount && (
        <p className="mt-1 text-[12.5px] leading-5 text-soft" data-testid="findings-count-means">
          {t('findings.count-means')}
        </p>
      )}
      {summary.keywordsOnly !== null && (
        <p className="mt-1 text-[12.5px] leading-5 text-warning">
          {t('findings.no-similar', { reason: errorText(t, summary.keywordsOnly) })}
        </p>
      )}
      <UnreadDialog unread={summary.unread} isOpen={isUnreadOpen} onClose={() => setUnreadOpen(false)} />
    </div>
  )
}
