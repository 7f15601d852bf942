import { TextSearch } from 'lucide-react'
import { type KeyboardEvent, type ReactElement, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import type { NamedScope } from '../../../shared/collection.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { useTranslate } from '../../i18n/translate.ts'
import { useModels } from '../settings/models-store.ts'
import { withoutMention } from './mention.ts'
import { FindingsOffer } from '../findings/findings-offer.tsx'
import { BasisMenu } from './basis-menu.tsx'
import { ModelMenu } from './model-menu.tsx'
import { ScopeChips } from './scope-chips.tsx'
import { ScopeMenu } from './scope-menu.tsx'
import { optionId, ScopeOptions } from './scope-options.tsx'
import { partsOf, withoutPart, withPart } from './scope-parts.ts'
import { useMention } from './use-mention.ts'

interface ComposerProps {
  readonly isAnswering: boolean
  readonly isStopping: boolean
  readonly onAsk: (question: string) => void
  readonly onStop: () => void
  /** Looks for every document instead of asking; with no words yet, only opens the table. */
  readonly onFind: (query: string | null) => void
  /** What the next question is asked of; null: everything. */
  readonly scope: NamedScope | null
  readonly onScope: (scope: NamedScope | null) => void
  /** Another number: the question takes the focus. */
  readonly focusCalls?: number
  /** Stands beside the model: how full the context is. */
  readonly meter?: ReactNode
}

/** True while an input method still composes: its Enter chooses a character and asks nothing. */
function isComposing(event: KeyboardEvent): boolean {
  // 229 is what Chromium sends for the keydown that ends a composition, after `isComposing` fell back to false.
  return event.nativeEvent.isComposing || event.keyCode === 229
}

/** Where questions are written. Enter asks, Shift+Enter begins a line; Stop stands exactly where Ask was. */
export function Composer({
  isAnswering,
  isStopping,
  onAsk,
  onStop,
  onFind,
  scope,
  onScope,
  focusCalls = 0,
  meter,
}: ComposerProps): ReactElement {
  const { t } = useTranslate()
  const [draft, setDraft] = useState('')
  const fieldRef = useRef<HTMLTextAreaElement | null>(null)
  const listId = useId()
  const question = draft.trim()
  const choosing = useMention({
    text: draft,
    scope,
    onChoose(part, mention) {
      const left = withoutMention(draft, mention)
      setDraft(left.text)
      choosing.close()
      onScope(withPart(scope, part))
      requestAnimationFrame(() => fieldRef.current?.setSelectionRange(left.caret, left.caret))
    },
  })
  useEffect(() => {
    if (focusCalls > 0) fieldRef.current?.focus()
  }, [focusCalls])
  const ask = (): void => {
    if (question === '' || isAnswering) return
    setDraft('')
    choosing.close()
    onAsk(question)
  }
  const find = (): void => {
    setDraft('')
    choosing.close()
    onFind(question === '' ? null : question)
  }
  return (
    <form
      className="relative rounded-xl border border-edge bg-raised shadow-[0_2px_10px_rgb(34_38_43/6%)] transition-colors duration-120 field"
      onSubmit={(event) => {
        event.preventDefault()
        ask()
      }}
    >
      {choosing.mention !== null && (choosing.choices.length > 0 || choosing.mention.query !== '') && (
        <ScopeOptions
          listId={listId}
          options={choosing.choices}
          active={choosing.active}
          query={choosing.mention.query}
          onPoint={choosing.point}
          onChoose={choosing.choose}
        />
      )}
      <FindingsOffer question={question} onFind={find} />
      {scope !== null && (
        <div className="px-3 pt-2.5">
          <ScopeChips
            scope={scope}
            label={t('scope.label')}
            onRemove={(part) => {
              onScope(withoutPart(scope, part))
              fieldRef.current?.focus()
            }}
          />
        </div>
      )}
      <textarea
        ref={fieldRef}
        data-testid="composer"
        data-pane-focus
        aria-label={t('composer.label')}
        placeholder={t('composer.placeholder')}
        aria-autocomplete="list"
        aria-controls={choosing.choices.length > 0 ? listId : undefined}
        aria-activedescendant={choosing.choices.length > 0 ? optionId(listId, choosing.active) : undefined}
        value={draft}
        rows={1}
        maxLength={20_000}
        spellCheck={false}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the question is what the window is for
        autoFocus
        onChange={(event) => {
          // Whoever begins to write will ask: the model may be loaded meanwhile.
          if (draft === '') void useModels.getState().warmUp()
          setDraft(event.target.value)
          choosing.lookAt(event.target.value, event.target.selectionStart)
        }}
        onSelect={(event) => {
          const { value, selectionStart, selectionEnd } = event.currentTarget
          if (selectionStart === selectionEnd) choosing.follow(value, selectionStart)
        }}
        onBlur={() => choosing.close()}
        onKeyDown={(event) => {
          if (!isComposing(event) && choosing.onKey(event)) return
          const { selectionStart, selectionEnd } = event.currentTarget
          if (event.key === 'Backspace' && selectionStart === 0 && selectionEnd === 0 && scope !== null) {
            const last = partsOf(scope).at(-1)
            if (last !== undefined) onScope(withoutPart(scope, last))
          }
          if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return
          event.preventDefault()
          if (event.ctrlKey || event.metaKey) {
            if (question !== '') find()
          } else ask()
        }}
        className="selectable block field-sizing-content max-h-52 min-h-11 w-full resize-none bg-transparent px-4 pt-3 pb-1 text-[14.5px] leading-[23px] outline-none"
      />
      <div className="flex items-center gap-2 px-3 pb-3">
        <ModelMenu />
        <ScopeMenu scope={scope} onScope={onScope} />
        <BasisMenu />
        <IconButton label={t('findings.title')} data-testid="find-all" onClick={find}>
          <TextSearch size={15} aria-hidden />
        </IconButton>
        <div className="flex-1" />
        {meter}
        {isAnswering ? (
          <Button look="danger" data-testid="stop" disabled={isStopping} onClick={onStop} className="min-w-16">
            {t('composer.stop')}
            <kbd className="font-sans text-[12px] font-normal">Esc</kbd>
          </Button>
        ) : (
          <Button look="primary" type="submit" data-testid="ask" disabled={question === ''} className="min-w-16">
            {t('composer.ask')}
          </Button>
        )}
      </div>
    </form>
  )
}
