import type { ReactElement, ReactNode } from 'react'
import type { Passage } from '../../../../shared/passage.ts'
import { useTranslate } from '../../../i18n/translate.ts'
import type { EvidenceLoad } from '../evidence-store.ts'
import { FrozenEvidence } from '../frozen-evidence.tsx'
import type { TextRange } from '../mark-range.ts'
import { ReadingPages } from './reading-pages.tsx'
import { useDocumentMap } from './use-document-map.ts'

const noRange: TextRange = { start: 0, end: 0 }
const noRanges: readonly TextRange[] = []

/**
 * A document without pages of its own, as structured text. Where its map cannot be made, `children` draws the stored text around
 * the passage, with a word on why.
 */
export function ReadingView({
  load,
  passage,
  strong,
  name,
  subject,
  children,
}: {
  readonly load: Extract<EvidenceLoad, { state: 'open' }>
  readonly passage: Passage | null
  /** The sentences that carry the claim. */
  readonly strong: readonly TextRange[]
  readonly name: string
  readonly subject: string
  readonly children: (notice: ReactNode) => ReactElement
}): ReactElement {
  const { t } = useTranslate()
  const mapped = useDocumentMap(load)
  if (mapped.state === 'failed') return children(t('reading.failed'))
  if (mapped.state === 'loading') {
    return (
      <div className="min-h-0 flex-1 px-5 py-5" aria-busy="true" aria-label={t('app.loading')} role="img">
        <div className="late h-full w-full bg-page" />
      </div>
    )
  }
  if (mapped.map.leaves.length === 0) return children(null)
  const isMarked = load.body.type === 'marked'
  return (
    <>
      {load.body.type === 'unmarked' && load.body.reason === 'changed' && passage !== null && (
        <div
          role="region"
          aria-label={t('evidence.kept')}
          tabIndex={0}
          className="max-h-[45%] shrink-0 overflow-y-auto border-b border-line px-5 pt-3"
        >
          <FrozenEvidence passage={passage} />
        </div>
      )}
      <ReadingPages
        key={load.document.id}
        document={load.document}
        map={mapped.map}
        name={name}
        given={load.slices}
        range={load.body.type === 'marked' ? load.body.range : noRange}
        strong={isMarked ? strong : noRanges}
        opensAt={load.body.type === 'marked' ? load.body.range.start : (passage?.start ?? 0)}
        subject={subject}
        language={passage?.language ?? 'und'}
      />
    </>
  )
}
