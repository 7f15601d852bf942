import type { Carrel } from '../main/compose.ts'
import type { ChunkId } from '../shared/ids.ts'
import type { PassageExplanation } from '../shared/passage-explanation.ts'
import { type CommandOptions, type ExitCode, exitCodes } from './command-options.ts'

/** Why a passage was not found for a question: names the stage that lost it. */
export async function explainPassage(
  carrel: Carrel,
  { query, passageId }: { readonly query: string; readonly passageId: ChunkId },
  { output, isJson, signal }: CommandOptions,
): Promise<ExitCode> {
  const explanation = await carrel.explain([{ text: query, weight: 1 }], [passageId], { within: null, signal })
  if (isJson) await output.json(explanation)
  else {
    await output.line(sentenceOf(explanation))
    const { candidate } = explanation
    if (candidate !== null) await output.line(figuresOf(candidate))
  }
  return exitCodes.done
}

function sentenceOf({ lostAt, rank, considered, lookedAt, threshold, candidate }: PassageExplanation): string {
  switch (lostAt) {
    case 'library':
      return 'Not in the library: no document that can be searched holds this passage. carrel search shows the ids there are.'
    case 'phrase':
      return 'It lacks the words in quotation marks: every passage must hold them, word for word.'
    case 'embedding':
      return `Not embedded yet: only its words can find it${rank === null ? '' : `, and they put it in place ${rank}`}. Wait until its document is ready, then ask again.`
    case 'candidates':
      return `Not among the ${lookedAt.toLocaleString('en')} closest, neither by meaning nor by words. Ask with words that stand in it.`
    case 'order':
      return `Found, in place ${rank}: an answer looks at the first ${considered}.`
    case 'joined':
      return `Found, in place ${rank}, and joined to the passage beside it.`
    case 'surplus':
      return `Found, in place ${rank}: an answer takes fewer passages. Allow more in Settings.`
    case 'crowded':
      return `Found, in place ${rank}, but its document has its share of the passages, and others are about as close. Ask with --document for it alone.`
    case 'version':
      return `Found, in place ${rank}: the same passage of another version stands for it, and names it.`
    case 'far':
      return `Found, in place ${rank}, but nothing is close enough: ${candidate?.closeness.toFixed(2)} where ${threshold} is asked for.`
    case 'given':
      return `Found, in place ${rank}, and given to the answer. What the context leaves out is named there.`
    // These tell of an answer; here there is only a search.
    case 'unread':
    case 'later':
    case 'unsearched':
    case 'overview':
    case 'scope':
    case 'changed':
    case 'context':
    case 'unused':
      throw new Error(`a search alone does not know ${lostAt}`)
  }
}

function figuresOf(candidate: NonNullable<PassageExplanation['candidate']>): string {
  const { vectorRank, similarity, keywordRank, coverage, score, closeness } = candidate
  const place = (rank: number | null, figure: number | null): string => {
    const shown = figure === null ? '' : ` (${figure.toFixed(3)})`
    return rank === null ? `not among the candidates${shown}` : `place ${rank}${shown}`
  }
  return `By meaning: ${place(vectorRank, similarity)}; by words: ${place(keywordRank, coverage)}; together ${score.toFixed(3)}, closeness ${closeness.toFixed(3)}.`
}
