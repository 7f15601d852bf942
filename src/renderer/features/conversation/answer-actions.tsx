import { Copy, Ellipsis, Text } from 'lucide-react'
import type { ReactElement } from 'react'
import { answerMarkdown, type ExportedTurn } from '../../../shared/answer-markdown.ts'
import { request } from '../../api.ts'
import { IconButton } from '../../components/button.tsx'
import { Menu, MenuItem } from '../../components/menu.tsx'
import { showFailure, showNotice } from '../../components/notices.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { withoutPrivateMarks } from './citation-marks.ts'
import { useConversations } from './conversation-store.ts'
import { SaveAsItems } from './save-as-items.tsx'
import type { TurnView } from './turn-window.ts'

const quiet =
  'opacity-0 group-focus-within/turn:opacity-100 group-hover/turn:opacity-100 focus-visible:opacity-100 data-[state=open]:opacity-100'

/** What can be done with an ended answer: copy it, with its references or without, or save it. */
export function AnswerActions({ turn }: { readonly turn: TurnView }): ReactElement {
  const { t, language } = useTranslate()
  const copy = async (markdown: string): Promise<void> => {
    const result = await request('conversations:as-html', { markdown })
    if (!result.ok) return showFailure(result.error)
    // The same twice: the program that is pasted into takes what it can show.
    const item = { 'text/plain': toBlob(markdown, 'text/plain'), 'text/html': toBlob(result.value.html, 'text/html') }
    await navigator.clipboard.write([new ClipboardItem(item)])
    showNotice(t('answer.copied'))
  }
  const { answerId, answer } = turn
  const conversationId = useConversations((state) => state.currentId)
  return (
    <span className="flex items-center first:-ml-1.5">
      <IconButton
        label={t('answer.copy')}
        onClick={() => void copy(answerMarkdown(toExported(turn), language))}
        className={quiet}
      >
        <Copy size={14} aria-hidden />
      </IconButton>
      <Menu
        align="start"
        trigger={
          <IconButton label={t('answer.menu')} className={quiet}>
            <Ellipsis size={14} aria-hidden />
          </IconButton>
        }
      >
        <MenuItem icon={<Text size={14} />} onSelect={() => void copy(withoutPrivateMarks(answer.text))}>
          {t('answer.copy-text')}
        </MenuItem>
        {answerId !== null && <SaveAsItems id={conversationId} answerId={answerId} />}
      </Menu>
    </span>
  )
}

function toExported({ question, answer }: TurnView): ExportedTurn {
  const { finishReason, state, text, sources, condensedQuestion, mode, model } = answer
  return {
    question,
    condensedQuestion,
    answer: withoutPrivateMarks(text),
    mode,
    model,
    ending: state === 'streaming' ? 'answering' : state === 'complete' && finishReason === 'length' ? 'length' : state,
    sources: sources ?? [],
  }
}

function toBlob(text: string, type: string): Blob {
  return new Blob([text], { type })
}
