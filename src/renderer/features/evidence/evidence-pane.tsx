import { BookOpen, ChevronLeft, ChevronRight, ExternalLink, FileText, FolderOpen, Type, X } from 'lucide-react'
import { type ReactElement, type ReactNode, useEffect, useMemo, useRef } from 'react'
import { isUnclear, type TextSlice } from '../../../shared/anchor.ts'
import type { Passage } from '../../../shared/passage.ts'
import { request } from '../../api.ts'
import { IconButton } from '../../components/button.tsx'
import { showFailure } from '../../components/notices.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { EvidenceNotice } from './evidence-notice.tsx'
import { EvidenceText } from './evidence-text.tsx'
import { ImageView } from './image/image-view.tsx'
import { OriginalNotice } from './original-notice.tsx'
import { PdfView } from './pdf/pdf-view.tsx'
import { ReadingView } from './reading/reading-view.tsx'
import { PassageVersions } from './passage-versions.tsx'
import { noStrongMarks, strongMarks } from './strong-marks.ts'
import {
  type EvidenceLoad,
  type EvidenceSubject,
  hasPages,
  passageOf,
  subjectKey,
  useEvidence,
} from './evidence-store.ts'
import { WhyNotFound } from './why-not-found.tsx'

function usePlaceLine(subject: EvidenceSubject, load: EvidenceLoad): string {
  const { t } = useTranslate()
  const pages = load.state === 'open' ? load.document.pageCount : null
  if (subject.type === 'document') {
    return [...(pages === null ? [] : [t('evidence.pages', { count: pages })]), t('evidence.document')].join(' · ')
  }
  const item = subject.items[subject.index]
  const page = item?.passage.page ?? null
  const isUnchanged = load.state === 'open' && load.body.type === 'marked'
  return [
    ...(page === null ? [] : [pages === null ? t('evidence.page', { page }) : t('evidence.page-of', { page, pages })]),
    t('evidence.source-of', { number: subject.index + 1, total: subject.items.length }),
    ...(isUnchanged ? [t('evidence.unchanged')] : []),
  ].join(' · ')
}

/** The passage was recognised from a picture, with likely mistakes. */
function isRecognisedUnclearly(slices: readonly TextSlice[], { start, end }: Passage): boolean {
  return slices.some((slice) => slice.start < end && slice.end > start && isUnclear(slice.page?.confidence ?? 100))
}

/** The right pane: the document's stored text, opened at the passage. */
export function EvidencePane({ subject }: { readonly subject: EvidenceSubject }): ReactElement {
  const { t } = useTranslate()
  const { load, step, close, view, setView } = useEvidence()
  const place = usePlaceLine(subject, load)
  const passage = passageOf(subject)
  const documentId = subject.type === 'document' ? subject.documentId : passage?.documentId
  const name = subject.type === 'document' ? subject.name : (passage?.documentName ?? '')
  const strong = useMemo(
    () => (subject.type === 'source' ? strongMarks(subject.items[subject.index], subject.claim) : noStrongMarks),
    [subject],
  )
  const key = subjectKey(subject)
  const isUnclearText = load.state === 'open' && passage !== null && isRecognisedUnclearly(load.slices, passage)
  const isPaged = load.state === 'open' && hasPages(load.document)
  const isImage = load.state === 'open' && load.document.kind === 'image'
  const scrollRef = useRef<HTMLDivElement | null>(null)
  useEffect(() => {
    const container = scrollRef.current
    if (container === null || load.state === 'loading') return
    const mark =
      container.querySelector<HTMLElement>('[data-testid="evidence-mark"][data-strong]') ??
      container.querySelector<HTMLElement>('[data-testid="evidence-mark"]')
    if (mark === null) container.scrollTop = 0
    else {
      // A third from the top: the passage's own context stays in sight above it.
      const offset = mark.getBoundingClientRect().top - container.getBoundingClientRect().top
      container.scrollTop += offset - container.clientHeight / 3
    }
  }, [key, load.state, view])
  const reveal = async (): Promise<void> => {
    if (documentId === undefined) return
    const result = await request('document:reveal', { documentId })
    if (!result.ok) showFailure(result.error)
  }
  const openElsewhere = async (): Promise<void> => {
    if (documentId === undefined) return
    const result = await request('document:open', { documentId })
    if (!result.ok) showFailure(result.error)
  }
  const text = (notice: ReactNode): ReactElement => (
    <div
      ref={scrollRef}
      data-pane-focus
      tabIndex={0}
      role="region"
      aria-label={t('evidence.text', { name })}
      className="min-h-0 flex-1 overflow-y-auto px-5 py-5 focus-visible:-outline-offset-2"
      data-testid="evidence-text"
    >
      {notice !== null && <EvidenceNotice>{notice}</EvidenceNotice>}
      {isUnclearText && <EvidenceNotice>{t('evidence.unclear')}</EvidenceNotice>}
      <EvidenceText passage={passage} strong={strong.ranges} load={load} />
    </div>
  )
  return (
    <aside
      data-pane="right"
      tabIndex={-1}
      aria-label={t('app.right-pane')}
      className="relative flex h-full min-w-0 flex-col bg-paper outline-none"
    >
      <header className="flex h-[52px] shrink-0 items-center gap-1 border-b border-line pr-2.5 pl-4">
        <div className="min-w-0 flex-1">
          <h2 className="flex min-w-0 items-center gap-2 text-[14px] leading-5 font-semibold">
            <FileText size={15} aria-hidden className="shrink-0 text-soft" />
            <span className="file-name selectable truncate">{name}</span>
          </h2>
          <p className="tabular truncate text-[12px] leading-4 text-soft" data-testid="evidence-place">
            {place}
          </p>
        </div>
        {subject.type === 'source' && (
          <>
            <IconButton
              label={t('evidence.previous')}
              disabled={subject.index === 0}
              onClick={() => void step(-1)}
              aria-keyshortcuts="Alt+ArrowLeft"
            >
              <ChevronLeft size={16} aria-hidden />
            </IconButton>
            <IconButton
              label={t('evidence.next')}
              disabled={subject.index === subject.items.length - 1}
              onClick={() => void step(1)}
              aria-keyshortcuts="Alt+ArrowRight"
            >
              <ChevronRight size={16} aria-hidden />
            </IconButton>
          </>
        )}
        {isPaged && (
          <IconButton
            label={view === 'pages' ? t('evidence.show-text') : t('evidence.show-pages')}
            onClick={() => setView(view === 'pages' ? 'text' : 'pages')}
          >
            {view === 'pages' ? <Type size={15} aria-hidden /> : <BookOpen size={15} aria-hidden />}
          </IconButton>
        )}
        <IconButton label={t('evidence.open')} onClick={() => void openElsewhere()}>
          <ExternalLink size={15} aria-hidden />
        </IconButton>
        <WhyNotFound key={`why ${key}`} subject={subject} />
        <IconButton label={t('evidence.reveal')} onClick={() => void reveal()}>
          <FolderOpen size={15} aria-hidden />
        </IconButton>
        <IconButton label={t('evidence.close')} onClick={close}>
          <X size={16} aria-hidden />
        </IconButton>
      </header>
      {load.state === 'open' && !(isPaged && view === 'pages') && <OriginalNotice documentId={load.document.id} />}
      {passage !== null && passage.versions.length > 0 && <PassageVersions passage={passage} />}
      {isUnclearText && view === 'pages' && isPaged && (
        <div className="px-5 pt-3 [&>p]:mb-0">
          <EvidenceNotice>{t('evidence.unclear')}</EvidenceNotice>
        </div>
      )}
      {isPaged && view === 'pages' && isImage ? (
        <ImageView
          documentId={load.document.id}
          name={name}
          boxes={load.boxes}
          strongBoxes={strong.boxes}
          subject={key}
        >
          {text}
        </ImageView>
      ) : isPaged && view === 'pages' ? (
        <PdfView
          documentId={load.document.id}
          name={name}
          boxes={load.boxes}
          strongBoxes={strong.boxes}
          subject={key}
          page={passage?.page ?? null}
        >
          {text}
        </PdfView>
      ) : load.state === 'open' && !isPaged ? (
        <ReadingView load={load} passage={passage} strong={strong.ranges} name={name} subject={key}>
          {text}
        </ReadingView>
      ) : (
        text(null)
      )}
    </aside>
  )
}
