import { Files } from 'lucide-react'
import { type ReactElement, useState } from 'react'
import type { Passage, PassageVersion } from '../../../shared/passage.ts'
import { formatMoment } from '../../i18n/format.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { useEvidence } from './evidence-store.ts'

/** Where else the open passage stands, and in which numbers it differs there; each opens at its place. */
export function PassageVersions({ passage }: { readonly passage: Passage }): ReactElement {
  const { t, language } = useTranslate()
  const [now] = useState(() => Date.now())
  const openPassage = useEvidence((state) => state.openPassage)
  const open = (version: PassageVersion): void => {
    const { passageId, documentId, documentName, page, start, end, text, modifiedAt } = version
    // Seen from there, the passage that was shown is the other version.
    const back: PassageVersion = {
      passageId: passage.id,
      documentId: passage.documentId,
      documentName: passage.documentName,
      page: passage.page,
      start: passage.start,
      end: passage.end,
      text: passage.text,
      modifiedAt: passage.modifiedAt,
      isDraft: version.isDraft,
      differences: version.differences.map(({ here, there }) => ({ here: there, there: here })),
    }
    void openPassage({
      ...passage,
      id: passageId,
      documentId,
      documentName,
      page,
      lastPage: page,
      start,
      end,
      text,
      modifiedAt,
      versions: [back],
    })
  }
  return (
    <section
      aria-label={t('evidence.also-in')}
      data-testid="passage-versions"
      className="flex max-h-40 shrink-0 gap-2.5 overflow-y-auto border-b border-line px-4 py-2.5 text-[12.5px] leading-[18px]"
    >
      <Files size={14} aria-hidden className="mt-0.5 shrink-0 text-soft" />
      <div className="min-w-0 flex-1">
        <h3 className="text-soft">{t('evidence.also-in')}</h3>
        <ul className="flex flex-col gap-1.5">
          {passage.versions.map((version) => (
            <li key={`${version.documentId} ${version.start}`}>
              <button
                type="button"
                aria-label={t('evidence.open-version', { name: version.documentName })}
                onClick={() => open(version)}
                className="file-name max-w-full truncate rounded text-left font-semibold text-accent hover:underline"
              >
                {version.documentName}
              </button>
              <p className="tabular text-soft">
                {[
                  ...(version.isDraft && version.modifiedAt !== null
                    ? [t('evidence.version', { moment: formatMoment(version.modifiedAt, now, language) })]
                    : []),
                  ...(version.differences.length === 0 ? [t('evidence.no-differences')] : []),
                ].join(' · ')}
              </p>
              {version.differences.length > 0 && (
                <ul className="tabular flex flex-wrap gap-x-3 text-warning">
                  {version.differences.map(({ here, there }, index) => (
                    <li key={`${index} ${here} ${there}`}>
                      {there === null
                        ? t('evidence.only-here', { here: here ?? '' })
                        : here === null
                          ? t('evidence.only-there', { there })
                          : t('evidence.differs', { here, there })}
                    </li>
                  ))}
                </ul>
              )}
            </li>
          ))}
        </ul>
      </div>
    </section>
  )
}
