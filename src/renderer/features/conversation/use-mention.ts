import { type KeyboardEvent, useState } from 'react'
import type { NamedScope } from '../../../shared/collection.ts'
import { type Mention, mentionAt } from './mention.ts'
import type { ScopePart } from './scope-parts.ts'
import { useScopeOptions } from './use-scope-options.ts'

/** The `@` that is being written in the question, what it can choose, and the keys that choose. */
export function useMention(options: {
  readonly text: string
  readonly scope: NamedScope | null
  readonly onChoose: (part: ScopePart, mention: Mention) => void
}): {
  readonly mention: Mention | null
  readonly choices: readonly ScopePart[]
  readonly active: number
  readonly point: (index: number) => void
  readonly lookAt: (text: string, caret: number) => void
  /** The caret went elsewhere without a change of the text. */
  readonly follow: (text: string, caret: number) => void
  readonly close: () => void
  readonly choose: (part: ScopePart) => void
  /** @returns true when the key was for the choices */
  readonly onKey: (event: KeyboardEvent) => boolean
} {
  const [caret, setCaret] = useState<number | null>(null)
  const [active, setActive] = useState(0)
  const mention = caret === null ? null : mentionAt(options.text, caret)
  const choices = useScopeOptions(mention?.query ?? null, options.scope)
  const index = Math.min(active, Math.max(0, choices.length - 1))
  const lookAt = (text: string, at: number): void => {
    setCaret(mentionAt(text, at) === null ? null : at)
    if (at !== caret) setActive(0)
  }
  return {
    mention,
    choices,
    active: index,
    point: setActive,
    lookAt,
    follow: (text, at) => {
      if (caret !== null && at !== caret) lookAt(text, at)
    },
    close: () => setCaret(null),
    choose: (part) => {
      if (mention !== null) options.onChoose(part, mention)
    },
    onKey: (event) => {
      const choice = choices[index]
      if (mention === null) return false
      if (event.key === 'Escape') {
        setCaret(null)
        // It closes the choices alone: an answer that is being written goes on.
        event.stopPropagation()
      } else if (choice === undefined) return false
      else if (event.key === 'ArrowDown') setActive((index + 1) % choices.length)
      else if (event.key === 'ArrowUp') setActive((index + choices.length - 1) % choices.length)
      else if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') options.onChoose(choice, mention)
      else return false
      event.preventDefault()
      return true
    },
  }
}
