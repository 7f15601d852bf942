import { canClaim, citedNumbers, isFence, lineHeadUnits, longestSentenceUnits, plainSentence } from './answer-claims.ts'
import { findBorder, undecidedFrom } from './sentence-border.ts'

/** Text that is final, or the place between two of them where a citation of the sentence before would stand. */
export type StreamPiece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'end'; readonly sentence: string; readonly isCited: boolean; readonly spacing: '' | ' ' }

/**
 * Watches an answer for the ends of its sentences while it streams. Every character comes out once, in order; what is held
 * back is the punctuation and white space at the end, until it is known whether a citation mark follows. Lines of code,
 * headings and tables have no ends. The sentences are those of `answerSentences`. Only the sentence in hand is kept, so
 * that time grows linearly with the text.
 */
export interface SentenceStream {
  /** Citation marks come whole: what is no mark ends the sentence before it at once. */
  push(text: string): readonly StreamPiece[]
  /** What was held back, once, at the end; the last sentence ends here. */
  flush(): readonly StreamPiece[]
}

export function createSentenceStream(): SentenceStream {
  /** The beginning of the line, which says what kind of line it is. */
  let head = ''
  /** The sentence in hand, and how much of it has been given out. */
  let rest = ''
  let given = 0
  let isCode = false
  /** A sentence without an end: nothing is looked for on the rest of the line. */
  let isEndless = false

  const text = (until: number): StreamPiece[] => {
    const piece = rest.slice(given, until)
    given = Math.max(given, until)
    return piece === '' ? [] : [{ type: 'text', text: piece }]
  }
  const end = (inside: number, after: number): StreamPiece[] => {
    const raw = rest.slice(0, after)
    const sentence = plainSentence(raw)
    const pieces: StreamPiece[] = []
    if (/[\p{L}\p{N}]/u.test(sentence) && inside >= given) {
      const spacing = /[\u2e80-\u9fff\uff00-\uffef]\s*$/.test(rest.slice(0, inside)) ? '' : ' '
      pieces.push(...text(inside), { type: 'end', sentence, isCited: citedNumbers(raw).length > 0, spacing })
    }
    pieces.push(...text(after))
    rest = rest.slice(after)
    // More may have been given out already than the sentence holds.
    given = Math.max(0, given - after)
    return pieces
  }
  const take = (isWhole: boolean): StreamPiece[] => {
    const pieces: StreamPiece[] = []
    if (!isCode && !isEndless && canClaim(head)) {
      for (;;) {
        const border = findBorder(rest, 0, isWhole)
        if (border === null || border.after > longestSentenceUnits) break
        pieces.push(...end(border.inside, border.after))
      }
      if (rest.length > longestSentenceUnits) isEndless = true
      else if (isWhole && rest !== '') pieces.push(...end(rest.trimEnd().length, rest.length))
      else return [...pieces, ...text(undecidedFrom(rest, 0))]
    }
    pieces.push(...text(rest.length))
    rest = ''
    given = 0
    return pieces
  }
  const endLine = (): StreamPiece[] => {
    const pieces = take(true)
    if (isFence(head)) isCode = !isCode
    head = ''
    isEndless = false
    return pieces
  }

  return {
    push(added) {
      const pieces: StreamPiece[] = []
      added.split('\n').forEach((part, index) => {
        if (index > 0) pieces.push(...endLine(), { type: 'text', text: '\n' })
        if (part === '') return
        if (head.length < lineHeadUnits) head = `${head}${part}`.slice(0, lineHeadUnits)
        rest += part
        pieces.push(...take(false))
      })
      return pieces
    },
    flush: endLine,
  }
}
