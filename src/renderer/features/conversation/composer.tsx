import { type KeyboardEvent, type ReactElement, type ReactNode, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { useTranslate } from '../../i18n/translate.ts'
import { useModels } from '../settings/models-store.ts'
import { ModelMenu } from './model-menu.tsx'

interface ComposerProps {
  readonly isAnswering: boolean
  readonly isStopping: boolean
  readonly onAsk: (question: string) => void
  readonly onStop: () => void
  /** Stands beside the model: how full the context is. */
  readonly meter?: ReactNode
}

/** True while an input method still composes: its Enter chooses a character and asks nothing. */
function isComposing(event: KeyboardEvent): boolean {
  // 229 is what Chromium sends for the keydown that ends a composition, after `isComposing` fell back to false.
  return event.nativeEvent.isComposing || event.keyCode === 229
}

/** Where questions are written. Enter asks, Shift+Enter begins a line; Stop stands exactly where Ask was. */
export function Composer({ isAnswering, isStopping, onAsk, onStop, meter }: ComposerProps): ReactElement {
  const { t } = useTranslate()
  const [draft, setDraft] = useState('')
  const question = draft.trim()
  const ask = (): void => {
    if (question === '' || isAnswering) return
    setDraft('')
    onAsk(question)
  }
  return (
    <form
      className="rounded-xl border border-edge bg-raised shadow-[0_2px_10px_rgb(34_38_43/6%)] transition-colors duration-120 field"
      onSubmit={(event) => {
        event.preventDefault()
        ask()
      }}
    >
      <textarea
        data-testid="composer"
        data-pane-focus
        aria-label={t('composer.label')}
        placeholder={t('composer.placeholder')}
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
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return
          event.preventDefault()
          ask()
        }}
        className="selectable block field-sizing-content max-h-52 min-h-11 w-full resize-none bg-transparent px-4 pt-3 pb-1 text-[14.5px] leading-[23px] outline-none"
      />
      <div className="flex items-center gap-2 px-3 pb-3">
        <ModelMenu />
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
