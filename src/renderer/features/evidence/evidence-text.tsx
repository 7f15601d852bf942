import { ChevronDown, ChevronUp } from 'lucide-react'
import { type ReactElement, useState } from 'react'
import type { Passage } from '../../../shared/passage.ts'
import type { TextSlice } from '../../../shared/anchor.ts'
import { textLanguage } from '../../components/text-language.ts'
import { errorText } from '../../i18n/error-text.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { EvidenceNotice } from './evidence-notice.tsx'
import { type EvidenceLoad, useEvidence } from './evidence-store.ts'
import { FrozenEvidence } from './frozen-evidence.tsx'
import { KeptPassage } from './kept-passage.tsx'
import { MarkedBlockView } from './marked-block.tsx'
import { markRange, type TextRange } from './mark-range.ts'

const noRange: TextRange = { start: 0, end: 0 }

function Sheet({
  slice,
  range,
  strong,
  language,
}: {
  readonly slice: TextSlice
  readonly range: TextRange
  readonly strong: readonly TextRange[]
  readonly language: string
}): ReactElement {
  return (
    <article className="sheet selectable" lang={textLanguage(slice.text, language)} data-slice={slice.ordinal}>
      {markRange(slice, range, strong).map((block) => (
        <MarkedBlockView key={block.start} block={block} />
      ))}
      {slice.page !== null && <p className="page-number">{slice.page.number}</p>}
    </article>
  )
}

function MoreButton({
  direction,
  children,
}: {
  readonly direction: 'before' | 'after'
  readonly children: string
}): ReactElement {
  const extend = useEvidence((state) => state.extend)
  const [isWaiting, setWaiting] = useState(false)
  const Icon = direction === 'before' ? ChevronUp : ChevronDown
  return (
    <button
      type="button"
      disabled={isWaiting}
      onClick={() => {
        setWaiting(true)
        void extend(direction).finally(() => setWaiting(false))
      }}
      className="my-3 flex w-full items-center justify-center gap-1.5 rounded-md py-1 text-[12.5px] text-soft hover:text-ink first:mt-0"
    >
      <Icon size={14} aria-hidden />
      {children}
    </button>
  )
}

/** What the evidence pane shows: the text, marked where it is certain, or the kept passage with a word on why. */
export function EvidenceText({
  passage,
  strong,
  load,
}: {
  readonly passage: Passage | null
  /** The sentences that carry the claim. */
  readonly strong: readonly TextRange[]
  readonly load: EvidenceLoad
}): ReactElement {
  const { t } = useTranslate()
  if (load.state === 'loading') {
    return (
      <div className="sheet late" aria-busy="true" aria-label={t('app.loading')} role="img">
        {['w-2/5', 'w-full', 'w-11/12', 'w-full', 'w-4/5', 'w-full', 'w-1/2'].map((width, index) => (
          <div key={`${index} ${width}`} className={`mb-3.5 h-2.5 rounded bg-black/8 ${width}`} />
        ))}
      </div>
    )
  }
  if (load.state === 'kept') {
    if (load.error.code === 'not-found' && passage !== null) return <FrozenEvidence passage={passage} />
    return (
      <>
        <EvidenceNotice>
          {load.error.code === 'not-found'
            ? t('evidence.gone-document')
            : `${errorText(t, load.error)} ${passage === null ? '' : t('evidence.failed')}`}
        </EvidenceNotice>
        {passage !== null && <KeptPassage passage={passage} />}
      </>
    )
  }
  const { slices, sliceCount, body } = load
  const hasBefore = (slices[0]?.ordinal ?? 0) > 0
  const hasAfter = (slices.at(-1)?.ordinal ?? sliceCount) < sliceCount - 1
  const range = body.type === 'marked' ? body.range : noRange
  const isEmpty = slices.every((slice) => slice.text.trim() === '')
  return (
    <>
      {body.type === 'unmarked' && body.reason === 'changed' && passage !== null && (
        <FrozenEvidence passage={passage} />
      )}
      {isEmpty && <p className="text-soft">{t('evidence.empty')}</p>}
      {hasBefore && <MoreButton direction="before">{t('evidence.more-before')}</MoreButton>}
      {!isEmpty &&
        // A page that was read as a scan has its text behind the others.
        slices
          .filter(({ text }) => text.trim() !== '')
          .map((slice) => (
            <Sheet
              key={slice.ordinal}
              slice={slice}
              range={range}
              strong={strong}
              language={passage?.language ?? 'und'}
            />
          ))}
      {hasAfter && <MoreButton direction="after">{t('evidence.more-after')}</MoreButton>}
    </>
  )
}
