import { ChevronRight } from 'lucide-react'
import { Collapsible } from 'radix-ui'
import { type ReactElement, useState } from 'react'
import { classNames } from '../../components/class-names.ts'
import { textLanguage } from '../../components/text-language.ts'
import { useTranslate } from '../../i18n/translate.ts'

/** A thinking model's text, folded away and never part of the answer. Plain text: nothing in it is drawn as Markdown. */
export function ReasoningText({
  text,
  isThinking,
}: {
  readonly text: string
  readonly isThinking: boolean
}): ReactElement {
  const { t } = useTranslate()
  const [isOpen, setOpen] = useState(false)
  return (
    <Collapsible.Root open={isOpen} onOpenChange={setOpen} className="mt-4">
      <Collapsible.Trigger className="inline-flex items-center gap-1 rounded-md text-[13px] text-soft hover:text-ink">
        <ChevronRight
          size={14}
          aria-hidden
          className={classNames('transition-transform duration-150', isOpen && 'rotate-90')}
        />
        {t('answer.reasoning')}
        {isThinking && <span aria-hidden className="breathe ml-1 size-1.5 rounded-full bg-accent" />}
      </Collapsible.Trigger>
      <Collapsible.Content>
        <p
          lang={textLanguage(text)}
          className="selectable mt-2 max-h-72 overflow-y-auto border-l-2 border-line pl-3.5 leading-5.5 whitespace-pre-wrap text-soft"
          data-testid="reasoning"
        >
          {text}
        </p>
      </Collapsible.Content>
    </Collapsible.Root>
  )
}
