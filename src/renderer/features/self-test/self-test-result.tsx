import { Trash2 } from 'lucide-react'
import type { ReactElement } from 'react'
import type { FoundPlace, SelfTestReport, SelfTestRow } from '../../../shared/self-test.ts'
import { IconButton } from '../../components/button.tsx'
import { textLanguage } from '../../components/text-language.ts'
import { formatCount } from '../../i18n/format.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { useSelfTest } from './self-test-store.ts'

/** What the last run found beside the one before it: a sentence, and a row for each question, what changed first. */
export function SelfTestResult({ report }: { readonly report: SelfTestReport }): ReactElement {
  const { t, language } = useTranslate()
  const { found, tested, lost, gained, considered, before, rows } = report
  const count = (value: number): string => formatCount(value, language)
  return (
    <div data-testid="self-test-result" className="flex flex-col gap-2">
      <p className="tabular">
        <strong className="font-semibold">
          {t('self-test.found', { found: count(found), tested: count(tested), considered })}
        </strong>{' '}
        {before !== null && (
          <span className={lost > 0 ? 'text-warning' : 'text-soft'}>
            {t('self-test.changes', { lost: count(lost), gained: count(gained) })}
          </span>
        )}
      </p>
      {before !== null && <SetupChange before={before.setup} now={report.setup} />}
      {rows.length > 0 && (
        <div
          tabIndex={0}
          role="region"
          aria-label={t('self-test.rows')}
          className="max-h-64 overflow-y-auto rounded-lg border border-line"
        >
          <table className="tabular w-full border-collapse text-left text-[12px] leading-[17px]">
            <thead className="sticky top-0 bg-raised text-soft">
              <tr>
                <th scope="col" className="px-3 py-1.5 font-semibold">
                  {t('self-test.question')}
                </th>
                <th scope="col" className="w-22 px-2 py-1.5 font-semibold">
                  {t('self-test.before')}
                </th>
                <th scope="col" className="w-22 px-2 py-1.5 font-semibold">
                  {t('self-test.now')}
                </th>
                <th scope="col" className="w-9">
                  <span className="sr-only">{t('self-test.remove-column')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Row key={row.id} row={row} considered={considered} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  )
}

function SetupChange({
  before,
  now,
}: {
  readonly before: SelfTestReport['setup']
  readonly now: SelfTestReport['setup']
}): ReactElement | null {
  const { t } = useTranslate()
  const embedders = (setup: SelfTestReport['setup']): string =>
    [...new Set(setup.indexes.map(({ embedder }) => embedder))].join(', ')
  const changes = [
    [t('self-test.version'), before.version, now.version],
    [t('self-test.embedder'), embedders(before), embedders(now)],
    [t('self-test.parser'), String(before.parserVersion), String(now.parserVersion)],
    [t('self-test.chunker'), String(before.chunkerVersion), String(now.chunkerVersion)],
  ].filter(([, then, today]) => then !== today)
  if (changes.length === 0) return null
  return (
    <p className="text-[12px] leading-[17px] text-soft" data-testid="self-test-setup">
      {changes.map(([what, then, today]) => `${what}: ${then} → ${today}`).join(' · ')}
    </p>
  )
}

function Row({ row, considered }: { readonly row: SelfTestRow; readonly considered: number }): ReactElement {
  const { t, language } = useTranslate()
  const remove = useSelfTest((state) => state.remove)
  const { id, question, documentName, page, before, now } = row
  const isFound = (place: FoundPlace | null): boolean =>
    place !== null && !place.isGone && place.rank !== null && place.rank <= considered
  const placeText = (place: FoundPlace): string =>
    place.isGone
      ? t('self-test.gone')
      : place.rank === null
        ? t('self-test.not-found')
        : t('self-test.place', { place: formatCount(place.rank, language) })
  return (
    <tr className="border-t border-line align-top">
      <td className="px-3 py-1.5">
        <span lang={textLanguage(question)} className="line-clamp-2 wrap-anywhere">
          {question}
        </span>
        <span className="block truncate text-soft">
          {[documentName, ...(page === null ? [] : [t('source.page', { page })])].join(' · ')}
        </span>
      </td>
      <td className="px-2 py-1.5 text-soft">{before === null ? '–' : placeText(before)}</td>
      <td className={`px-2 py-1.5 ${isFound(now) ? 'text-ink' : 'text-warning'}`}>{placeText(now)}</td>
      <td className="py-1 pr-1.5">
        <IconButton label={t('self-test.remove', { question })} onClick={() => void remove(id)}>
          <Trash2 size={13} aria-hidden />
        </IconButton>
      </td>
    </tr>
  )
}
