import { type ReactElement, useId, useState } from 'react'
import { condensePromptProblem, defaultCondensePrompt, longestCondensePrompt } from '../../../shared/condense-prompt.ts'
import { Button } from '../../components/button.tsx'
import { useTranslate } from '../../i18n/translate.ts'

const problemTexts = {
  'no-history': 'settings.condense-no-history',
  'no-question': 'settings.condense-no-question',
  'too-long': 'settings.condense-too-long',
} as const

/** The prompt that makes a follow-up stand alone: shown, changed, checked before it is kept, and reset. */
export function CondensePromptSetting({
  prompt,
  onChange,
}: {
  /** Null: the built-in one. */
  readonly prompt: string | null
  readonly onChange: (prompt: string | null) => void
}): ReactElement {
  const { t } = useTranslate()
  const [text, setText] = useState<string | null>(null)
  const id = useId()
  const kept = prompt ?? defaultCondensePrompt
  const shown = text ?? kept
  const problem = condensePromptProblem(shown)
  const isChanged = text !== null && text !== kept
  return (
    <div>
      <label htmlFor={id}>{t('settings.condense')}</label>
      <p id={`${id}-detail`} className="text-[12px] leading-[17px] text-soft">
        {t('settings.condense-detail')}
      </p>
      <textarea
        id={id}
        value={shown}
        rows={6}
        maxLength={longestCondensePrompt * 2}
        spellCheck={false}
        aria-describedby={`${id}-detail${problem === null ? '' : ` ${id}-problem`}`}
        aria-invalid={problem !== null}
        onChange={(event) => setText(event.target.value)}
        className="selectable mt-1.5 block w-full resize-y rounded-lg border border-line bg-raised px-3 py-2 font-mono text-[12px] leading-[18px] text-ink field"
      />
      {problem !== null && (
        <p id={`${id}-problem`} role="alert" className="mt-1 text-[12px] text-error">
          {t(problemTexts[problem])}
        </p>
      )}
      <div className="mt-2 flex justify-end gap-2">
        <Button
          disabled={prompt === null && !isChanged}
          onClick={() => {
            setText(null)
            if (prompt !== null) onChange(null)
          }}
        >
          {t('settings.condense-reset')}
        </Button>
        <Button
          disabled={!isChanged || problem !== null}
          onClick={() => {
            onChange(shown === defaultCondensePrompt ? null : shown)
            setText(null)
          }}
        >
          {t('settings.condense-save')}
        </Button>
      </div>
    </div>
  )
}
