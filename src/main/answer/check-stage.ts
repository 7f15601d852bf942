import type { Claim } from '../../shared/citation-check.ts'
import type { ChunkId } from '../../shared/ids.ts'
import { type AnswerSentence, answerSentences } from '../evidence/answer-claims.ts'
import { checkClaim } from '../evidence/check-claim.ts'
import { isFact } from '../evidence/choose-citation.ts'
import type { ReadClaim } from '../evidence/read-source.ts'
import type { AnswerEvidence } from './answer-evidence.ts'
import type { AnswerDraft, AnswerStage, UnplacedClaim } from './draft.ts'

/**
 * Compares each cited sentence of a finished answer with its sources, and notes facts that cite nothing. No model is asked; the
 * vectors were made while the answer was written. Quotations need no comparing. On abort, the signal's reason; nothing
 * is noted then.
 */
export function createCheckStage(): AnswerStage {
  return {
    name: 'check',
    async *run(draft, { signal }) {
      const { evidence } = draft
      if (evidence === null || draft.mode === 'quotes') return
      yield { type: 'status', stage: 'check', detail: {} }
      const { claims, uncited } = await checkAnswer(draft, evidence)
      signal.throwIfAborted()
      draft.claims = claims
      draft.uncited = uncited
    },
  }
}

async function checkAnswer(
  draft: AnswerDraft,
  evidence: AnswerEvidence,
): Promise<Pick<AnswerDraft, 'claims' | 'uncited'>> {
  const claims: UnplacedClaim[] = []
  const uncited: { start: number; end: number }[] = []
  const sentences = answerSentences(draft.answer.slice(0, draft.ownWordsFrom ?? draft.answer.length))
  const idOf = (number: number): ChunkId | undefined =>
    draft.transformed === null
      ? draft.citedPassageIds[number - 1]
      : draft.transformed.sources.find((source) => source.number === number)?.id
  for (const sentence of sentences) {
    const ids = sentence.cites.flatMap((number) => idOf(number) ?? [])
    const { claim, sources } = await evidence.compare(sentence.text)
    if (ids.length === 0) {
      if (isFact(claim) && !(await isCarriedNearby(sentence, claim)))
        uncited.push({ start: sentence.start, end: sentence.end })
      continue
    }
    const cited = ids.flatMap((id) => {
      const index = evidence.passages.findIndex((passage) => passage.id === id)
      const source = sources[index]
      const passage = evidence.passages[index]
      return source === undefined || passage === undefined ? [] : [{ ...source, passage }]
    })
    checkClaim(claim, cited).forEach((check, index) => {
      const { passage, source } = cited[index] ?? {}
      if (passage === undefined || source === undefined) return
      const carriedBy = check.carriedBy.flatMap((place): Claim['carriedBy'] => {
        const found = source.sentences[place]
        return found === undefined ? [] : [{ start: passage.start + found.start, end: passage.start + found.end }]
      })
      const { start, end } = sentence
      claims.push({
        passageId: passage.id,
        claim: { ...check, start, end, differences: [...check.differences], carriedBy },
      })
    })
  }
  return { claims, uncited }

  /** A mark at the end of a paragraph often stands for all of it: what its sources hold is not called uncited. */
  async function isCarriedNearby(sentence: AnswerSentence, claim: ReadClaim): Promise<boolean> {
    const later = sentences.filter(({ paragraph, start }) => paragraph === sentence.paragraph && start > sentence.start)
    const ids = new Set(later.flatMap(({ cites }) => cites.flatMap((number) => idOf(number) ?? [])))
    if (ids.size === 0) return false
    const { sources } = await evidence.compare(sentence.text)
    const cited = sources.filter((_, index) => ids.has(evidence.passages[index]?.id ?? ('' as ChunkId)))
    return cited.some((source) => checkClaim(claim, [source])[0]?.finding === 'matches')
  }
}
