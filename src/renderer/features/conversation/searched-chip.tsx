import { CornerDownRight, Pencil } from 'lucide-react'
import { type ReactElement, useId, useRef, useState } from 'react'
import { textLanguage } from '../../components/text-language.ts'
import { useTranslate } from '../../i18n/translate.ts'
import type { AnswerView } from './answer-view.ts'

const missingTexts = { en: 'answer.missing-en', zh: 'answer.missing-zh' } as const

/** What was searched besides the reader's own words, below the question; a click edits it, and it is searched again. */
export function SearchedChip({
  question,
  answer,
  onSearch,
}: {
  readonly question: string
  readonly answer: AnswerView
  /** Absent: it cannot be edited now. */
  readonly onSearch?: ((text: string) => void) | undefined
}): ReactElement | null {
  const { t } = useTranslate()
  const [draft, setDraft] = useState<string | null>(null)
  const openRef = useRef<HTMLButtonElement | null>(null)
  const hintId = useId()
  const { condensedQuestion, translatedQuestion, previousQuestion, missingTranslation, transformation } = answer
  const condensed = condensedQuestion === question ? null : condensedQuestion
  const shown = condensed ?? previousQuestion
  if (shown === null && translatedQuestion === null && missingTranslation === null && transformation === null)
    return null

  const close = (): void => {
    setDraft(null)
    // The button is drawn again before it can take the focus back.
    requestAnimationFrame(() => openRef.current?.focus())
  }
  if (draft !== null && onSearch !== undefined) {
    return (
      <form
        className="mt-1.5"
        onSubmit={(event) => {
          event.preventDefault()
          const text = draft.trim()
          if (text === '') return
          setDraft(null)
          onSearch(text)
        }}
      >
        <input
          // The reader has just asked to write here.
          ref={(input) => input?.focus()}
          value={draft}
          maxLength={2000}
          aria-label={t('answer.searched-edit')}
          aria-describedby={hintId}
          data-testid="searched-input"
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            event.preventDefault()
            event.stopPropagation()
            close()
          }}
          className="selectable block h-8 w-full rounded-lg border border-line bg-raised px-2.5 text-[13px] text-ink field"
        />
        <p id={hintId} className="mt-1 text-[12px] text-soft">
          {t('answer.searched-hint')}
        </p>
      </form>
    )
  }
  const texts = (
    <>
      {shown !== null && (
        <span className="block">
          {t(condensed === null ? 'answer.searched-previous' : 'answer.searched-also')}{' '}
          <span lang={textLanguage(shown)} className="border-b border-line text-ink">
            {shown}
          </span>
        </span>
      )}
      {translatedQuestion !== null && (
        <span className="block">
          {t('answer.searched-translated')}{' '}
          <span lang={textLanguage(translatedQuestion)} className="border-b border-line text-ink">
            {translatedQuestion}
          </span>
        </span>
      )}
    </>
  )
  const hasTexts = shown !== null || translatedQuestion !== null
  return (
    <div className="appear mt-1.5 text-[13px] leading-5 text-soft" data-testid="searched">
      {hasTexts && (
        <div className="flex gap-2">
          <CornerDownRight size={14} aria-hidden className="mt-[3px] shrink-0" />
          <div className="selectable min-w-0 flex-1 wrap-anywhere">{texts}</div>
          {onSearch !== undefined && (
            <button
              ref={openRef}
              type="button"
              aria-label={t('answer.searched-edit')}
              data-testid="searched-edit"
              onClick={() => setDraft(condensed ?? question)}
              className="inline-flex h-5 shrink-0 items-center gap-1 rounded px-1.5 text-[12px] hover:bg-hover hover:text-ink"
            >
              <Pencil size={12} aria-hidden />
              {t('answer.searched-change')}
            </button>
          )}
        </div>
      )}
      {transformation !== null && <p>{t('answer.transformed')}</p>}
      {missingTranslation !== null && (
        <p className="mt-0.5 text-warning" data-testid="missing-translation">
          {t(missingTexts[missingTranslation])}
        </p>
      )}
    </div>
  )
}
