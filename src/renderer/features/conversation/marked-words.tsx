import type { ReactElement } from 'react'
import type { MarkedText } from '../../../shared/conversation-search.ts'
import { textLanguage } from '../../components/text-language.ts'

/** Text with what was searched for set apart; never with the yellow of evidence. */
export function MarkedWords({ text, marks }: MarkedText): ReactElement {
  const starts = [0, ...marks.map(({ end }) => end)]
  return (
    <span lang={textLanguage(text)} className="wrap-anywhere">
      {starts.map((start, index) => {
        const mark = marks[index]
        return (
          <span key={start}>
            {text.slice(start, mark?.start ?? text.length)}
            {mark !== undefined && (
              <mark className="bg-transparent font-semibold text-accent">{text.slice(mark.start, mark.end)}</mark>
            )}
          </span>
        )
      })}
    </span>
  )
}
