import { canClaim, citedNumbers, isFence, plainSentence } from './answer-claims.ts'
import { findBorder, undecidedFrom } from './sentence-border.ts'

/** Text that is final, or the place between two of them where a citation of the sentence before would stand. */
export type StreamPiece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'end'; readonly sentence: string; readonly isCited: boolean; readonly spacing: '' | ' ' }

/**
 * Watches an answer for the ends of its sentences while it streams. Every character comes out once, in order; what is held
 * back is the punctuation and white space at the end, until it is known whether a citation mark follows. Lines of code,
 * headings and tables have no ends. The sentences are those of `answerSentences`.
 */
export interface SentenceStream {
  /** Citation marks come whole: what is no mark ends the sentence before it at once. */
  push(text: string): readonly StreamPiece[]
  /** What was held back, once, at the end; the last sentence ends here. */
  flush(): readonly StreamPiece[]
}

export function createSentenceStream(): SentenceStream {
  let line = ''
  /** Of `line`: where the sentence begins, and what has been given out. */
  let from = 0
  let given = 0
  let isCode = false

  const text = (until: number): StreamPiece[] => {
    const piece = line.slice(given, until)
    given = Math.max(given, until)
    return piece === '' ? [] : [{ type: 'text', text: piece }]
  }
  const end = (inside: number, after: number): StreamPiece[] => {
    const raw = line.slice(from, after)
    from = after
    const sentence = plainSentence(raw)
    if (!/[\p{L}\p{N}]/u.test(sentence) || inside < given) return []
    const spacing = /[\u2e80-\u9fff\uff00-\uffef]\s*$/.test(line.slice(0, inside)) ? '' : ' '
    return [...text(inside), { type: 'end', sentence, isCited: citedNumbers(raw).length > 0, spacing }]
  }
  const isProse = (): boolean => !isCode && canClaim(line)
  const take = (isWhole: boolean): StreamPiece[] => {
    if (!isProse()) return text(line.length)
    const pieces: StreamPiece[] = []
    for (;;) {
      const border = findBorder(line, from, isWhole)
      if (border === null) break
      pieces.push(...end(border.inside, border.after))
    }
    if (isWhole && from < line.length) pieces.push(...end(line.trimEnd().length, line.length))
    pieces.push(...text(isWhole ? line.length : undecidedFrom(line, from)))
    return pieces
  }
  const endLine = (): StreamPiece[] => {
    const pieces = take(true)
    if (isFence(line)) isCode = !isCode
    line = ''
    from = 0
    given = 0
    return pieces
  }

  return {
    push(added) {
      const pieces: StreamPiece[] = []
      added.split('\n').forEach((part, index) => {
        if (index > 0) pieces.push(...endLine(), { type: 'text', text: '\n' })
        line += part
        if (part !== '') pieces.push(...take(false))
      })
      return pieces
    },
    flush: endLine,
  }
}
