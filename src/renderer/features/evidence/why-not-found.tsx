import { SearchX } from 'lucide-react'
import { Popover } from 'radix-ui'
import { type MouseEvent, type ReactElement, useEffect, useState } from 'react'
import type { SerializedAppError } from '../../../shared/errors.ts'
import type { ConversationId, MessageId } from '../../../shared/ids.ts'
import type { PassageExplanation, SelectedPlace } from '../../../shared/passage-explanation.ts'
import { request } from '../../api.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { errorText } from '../../i18n/error-text.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { useConversations } from '../conversation/conversation-store.ts'
import { type EvidenceSubject, passageOf, useEvidence } from './evidence-store.ts'
import { KeepExpectation } from '../self-test/keep-expectation.tsx'
import { ExplanationText } from './explanation-text.tsx'
import { useSelectedWords } from './selected-place.ts'

/** The answer that a document is opened beside: the one whose source is shown, else the newest of the conversation. */
interface AskedAnswer {
  readonly conversationId: ConversationId
  readonly answerId: MessageId
  readonly question: string
}

type Outcome =
  | { readonly state: 'none' | 'asking' }
  | { readonly state: 'explained'; readonly explanation: PassageExplanation }
  | { readonly state: 'failed'; readonly error: SerializedAppError }

function useAskedAnswer(subject: EvidenceSubject): AskedAnswer | null {
  const nearest = useEvidence((state) => state.nearest?.turnKey)
  const turnKey = subject.type === 'source' ? subject.turnKey : nearest
  const conversationId = useConversations((state) => state.currentId)
  const turn = useConversations((state) => state.byId.get(conversationId)?.turns.find(({ key }) => key === turnKey))
  return turn === undefined || turn.answerId === null
    ? null
    : { conversationId, answerId: turn.answerId, question: turn.question }
}

/** The mouse must not take the selection away that the button is about. */
function keepSelection(event: MouseEvent): void {
  event.preventDefault()
}

/** Asks, of what is selected in a document, why an answer did not find it. Nothing while there is no answer that it could be asked of. */
export function WhyNotFound({ subject }: { readonly subject: EvidenceSubject }): ReactElement | null {
  const { t } = useTranslate()
  const asked = useAskedAnswer(subject)
  const [isOpen, setOpen] = useState(false)
  const selected = useSelectedWords(isOpen)
  if (asked === null) return null
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <IconButton label={t('why.title')} data-testid="why-not-found" onMouseDown={keepSelection}>
          <SearchX size={15} aria-hidden />
        </IconButton>
      </Popover.Trigger>
      {selected !== null && !isOpen && (
        <Button
          look="primary"
          data-testid="why-selected"
          className="appear absolute bottom-4 left-1/2 z-10 -translate-x-1/2 shadow-float"
          onMouseDown={keepSelection}
          onClick={() => setOpen(true)}
        >
          <SearchX size={14} aria-hidden />
          {t('why.title')}
        </Button>
      )}
      <Popover.Portal>
        <Popover.Content
          side="bottom"
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label={t('why.title')}
          data-testid="why-details"
          className="fade z-50 w-95 rounded-lg border border-line bg-raised p-4 text-[13px] leading-5 text-ink shadow-float"
        >
          <Explain asked={asked} subject={subject} words={selected?.words ?? ''} place={selected?.place ?? null} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Explain({
  asked,
  subject,
  words,
  place,
}: {
  readonly asked: AskedAnswer
  readonly subject: EvidenceSubject
  readonly words: string
  readonly place: SelectedPlace | null
}): ReactElement {
  const { t } = useTranslate()
  const [text, setText] = useState(words)
  // What was selected is asked about by opening this; a new object is asked about anew.
  const [wanted, setWanted] = useState(() => (place === null ? null : { place }))
  const [outcome, setOutcome] = useState<Outcome>({ state: place === null ? 'none' : 'asking' })
  const source = passageOf(subject)
  const documentId = subject.type === 'document' ? subject.documentId : source?.documentId
  // What was changed by hand stands wherever it stands; without any words, the open source is meant.
  const chosen: SelectedPlace | null =
    text.trim() !== ''
      ? place !== null && text === words
        ? place
        : { text: text.trim(), page: null }
      : source === null
        ? null
        : { start: source.start, end: source.end }
  const { conversationId, answerId } = asked
  useEffect(() => {
    if (wanted === null || documentId === undefined) return undefined
    let isStale = false
    void request('document:explain', { conversationId, answerId, documentId, place: wanted.place }).then((result) => {
      if (isStale) return
      setOutcome(
        result.ok ? { state: 'explained', explanation: result.value } : { state: 'failed', error: result.error },
      )
    })
    return () => {
      isStale = true
    }
  }, [wanted, conversationId, answerId, documentId])
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (chosen === null) return
        setOutcome({ state: 'asking' })
        setWanted({ place: chosen })
      }}
    >
      <h3 className="font-semibold">{t('why.title')}</h3>
      <p className="mt-0.5 line-clamp-3 text-[12px] leading-[17px] wrap-anywhere text-soft">
        {t('why.question')}: {asked.question}
      </p>
      <label className="mt-2.5 block">
        <span className="block text-[12px] leading-[17px] text-soft">{t('why.words')}</span>
        <textarea
          rows={3}
          maxLength={20_000}
          value={text}
          placeholder={t('why.hint')}
          onChange={(event) => {
            setText(event.target.value)
            setWanted(null)
            setOutcome({ state: 'none' })
          }}
          className="mt-1 block w-full resize-none rounded-md border border-line bg-surface px-2.5 py-1.5 text-[13px] leading-5 placeholder:text-soft"
        />
      </label>
      <div aria-live="polite" data-testid="why-outcome">
        {outcome.state === 'asking' && <p className="late mt-2.5 text-soft">{t('why.asking')}</p>}
        {outcome.state === 'failed' && <p className="mt-2.5 text-error">{errorText(t, outcome.error)}</p>}
        {outcome.state === 'explained' && <ExplanationText explanation={outcome.explanation} />}
      </div>
      {outcome.state !== 'explained' && (
        <Button type="submit" look="primary" className="mt-3" disabled={chosen === null}>
          {t('why.ask')}
        </Button>
      )}
      {chosen !== null && documentId !== undefined && canBeKept(outcome) && (
        <KeepExpectation
          key={JSON.stringify(chosen)}
          expectation={{ question: asked.question, documentId, place: chosen }}
        />
      )}
    </form>
  )
}

/** Words that were not read are in no passage that could be found. */
function canBeKept(outcome: Outcome): boolean {
  return outcome.state !== 'explained' || !['unread', 'library'].includes(outcome.explanation.lostAt)
}
