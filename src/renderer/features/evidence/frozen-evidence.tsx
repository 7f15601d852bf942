import { type ReactElement, useEffect, useMemo, useState } from 'react'
import type { Passage } from '../../../shared/passage.ts'
import type { PassageNow } from '../../../shared/passage-now.ts'
import { request } from '../../api.ts'
import { useTranslate, type Translate } from '../../i18n/translate.ts'
import { comparePassage, type PassageComparison } from './compare-passage.ts'
import { EvidenceNotice } from './evidence-notice.tsx'
import { useEvidence } from './evidence-store.ts'
import { KeptPassage } from './kept-passage.tsx'
import { PassageDifferences } from './passage-differences.tsx'

type Loaded = { readonly passage: Passage; readonly now: PassageNow | 'failed' }

/** Asks main what stands in the passage's place; null until it has answered. */
function usePassageNow(passage: Passage): PassageNow | 'failed' | null {
  const [loaded, setLoaded] = useState<Loaded | null>(null)
  useEffect(() => {
    let isGone = false
    const { documentId, path, start, text } = passage
    void request('document:passage-now', { documentId, path, start, text }).then((result) => {
      if (!isGone) setLoaded({ passage, now: result.ok ? result.value : 'failed' })
    })
    return () => {
      isGone = true
    }
  }, [passage])
  return loaded?.passage === passage ? loaded.now : null
}

/** Of the compared part, from the first page on. */
function pageOf({ standing }: PassageNow, comparison: PassageComparison): number | null {
  if (standing === null) return null
  return standing.pages.findLast(({ start }) => start <= standing.start + comparison.start)?.number ?? null
}

/** The document as it is now, at the place that was compared. */
async function openNow(passage: Passage, now: PassageNow, comparison: PassageComparison | null): Promise<void> {
  const { document, standing } = now
  if (document === null) return
  const { openDocument, openPassage } = useEvidence.getState()
  if (standing === null || comparison === null) return openDocument(document.id, document.name)
  const page = pageOf(now, comparison)
  await openPassage({
    ...passage,
    documentId: document.id,
    documentName: document.name,
    kind: document.kind ?? passage.kind,
    start: standing.start + comparison.start,
    end: standing.start + comparison.end,
    text: standing.text.slice(comparison.start, comparison.end),
    page,
    lastPage: page,
  })
}

function noticeText(t: Translate, now: PassageNow, comparison: PassageComparison | null): string {
  if (now.document === null) return t('evidence.gone')
  if (now.standing === null) {
    if (now.isSameFile) return t('evidence.changed')
    return t(now.document.chunkCount === 0 ? 'evidence.changed-unread' : 'evidence.changed-missing')
  }
  if (now.standing.isExact || comparison?.differences === 0)
    return now.isSameFile ? t('evidence.read-anew') : t('evidence.changed-elsewhere')
  return now.isSameFile ? t('evidence.changed') : t('evidence.changed-since')
}

/**
 * A passage whose document has changed since the answer, or is gone: a word on which, the passage as the answer kept it, and how
 * what stands there now differs from it.
 */
export function FrozenEvidence({ passage }: { readonly passage: Passage }): ReactElement {
  const { t } = useTranslate()
  const now = usePassageNow(passage)
  const comparison = useMemo(
    () =>
      now === null || now === 'failed' || now.standing === null
        ? null
        : comparePassage(passage.text, now.standing.text),
    [passage, now],
  )
  if (now === null) return <KeptPassage passage={passage} />
  if (now === 'failed') {
    return (
      <>
        <EvidenceNotice>{t('evidence.failed')}</EvidenceNotice>
        <KeptPassage passage={passage} />
      </>
    )
  }
  const { document, standing } = now
  const isOther = comparison !== null && standing !== null && !standing.isExact && comparison.differences > 0
  return (
    <>
      <EvidenceNotice>
        {noticeText(t, now, comparison)}{' '}
        {document !== null && document.chunkCount > 0 && (!now.isSameFile || standing !== null) && (
          <button
            type="button"
            className="font-semibold underline underline-offset-2"
            onClick={() => void openNow(passage, now, comparison)}
          >
            {t('evidence.open-now')}
          </button>
        )}
      </EvidenceNotice>
      <KeptPassage passage={passage} />
      {isOther && (
        <PassageDifferences comparison={comparison} page={pageOf(now, comparison)} language={passage.language} />
      )}
    </>
  )
}
