import type { AnswerDelta, Citation } from '../../shared/answer-stream.ts'
import { chooseCitation } from '../evidence/choose-citation.ts'
import { createSentenceStream, type StreamPiece } from '../evidence/sentence-stream.ts'
import type { AnswerEvidence } from './answer-evidence.ts'
import type { CitationMarks } from './citation-marks.ts'

/**
 * A model's text on its way out: its citation marks renumbered, and where a finished sentence has none and one passage clearly
 * carries it, a mark of Carrel's own before the punctuation that ends it. Marks of both kinds get their numbers from one
 * owner, in order of appearance: that is why the text goes through in pieces that end before and after each opening bracket.
 */
export interface CitedText {
  /** Deltas as they are final. What was read of a finished sentence goes out before it is compared. */
  push(text: string): AsyncIterable<AnswerDelta>
  /** What was held back, once, at the end. `isBroken`: nothing is compared any more. */
  flush(options?: { readonly isBroken?: boolean }): AsyncIterable<AnswerDelta>
}

const aroundBrackets = /(?<=[[【［])|(?=[[【［])/

/** @param options.onAdded told where in the answer each mark of Carrel's own begins, UTF-16 units */
export function createCitedText(options: {
  readonly marks: CitationMarks
  readonly evidence: AnswerEvidence
  readonly onAdded: (offset: number) => void
}): CitedText {
  const { marks, evidence, onAdded } = options
  const sentences = createSentenceStream()
  let length = 0
  let ready = ''
  let citations: Citation[] = []

  const emit = (): readonly AnswerDelta[] => {
    if (ready === '') return []
    const delta: AnswerDelta = { type: 'token', text: ready, ...(citations.length === 0 ? {} : { citations }) }
    ready = ''
    citations = []
    return [delta]
  }

  const append = (text: string): void => {
    ready += text
    length += text.length
  }

  async function* cite(piece: Extract<StreamPiece, { type: 'end' }>): AsyncIterable<AnswerDelta> {
    yield* emit()
    const { claim, sources } = await evidence.compare(piece.sentence)
    const chosen = chooseCitation(claim, sources)
    const passage = chosen === null ? undefined : evidence.passages[chosen]
    if (passage === undefined) return
    const mark = marks.cite(passage.id)
    onAdded(length + piece.spacing.length)
    const text = `${piece.spacing}${mark.text}`
    length += text.length
    yield {
      type: 'token',
      text,
      addedBy: 'carrel',
      ...(mark.citations.length === 0 ? {} : { citations: [...mark.citations] }),
    }
  }

  return {
    async *push(text) {
      for (const piece of text.split(aroundBrackets)) {
        const final = marks.push(piece)
        citations.push(...final.citations)
        if (final.text === '') continue
        for (const next of sentences.push(final.text)) {
          if (next.type === 'text') append(next.text)
          else if (!next.isCited) yield* cite(next)
        }
      }
      yield* emit()
    },
    async *flush({ isBroken = false } = {}) {
      const final = marks.flush()
      citations.push(...final.citations)
      for (const piece of [...sentences.push(final.text), ...sentences.flush()]) {
        if (piece.type === 'text') append(piece.text)
        else if (!piece.isCited && !isBroken) yield* cite(piece)
      }
      yield* emit()
    },
  }
}
