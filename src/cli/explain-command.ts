import type { Carrel } from '../main/compose.ts'
import type { ChunkId } from '../shared/ids.ts'
import { type CommandOptions, type ExitCode, exitCodes } from './command-options.ts'

type PassageExplanation = Awaited<ReturnType<Carrel['explain']>>

/** Why a passage was not found for a question: names the stage that lost it. */
export async function explainPassage(
  carrel: Carrel,
  { query, passageId }: { readonly query: string; readonly passageId: ChunkId },
  { output, isJson, signal }: CommandOptions,
): Promise<ExitCode> {
  const explanation = await carrel.explain(query, passageId, { signal })
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
    case 'candidates':
      return `Not among the ${lookedAt.toLocaleString('en')} closest, neither by meaning nor by words. Ask with words that stand in it.`
    case 'order':
      return `Found, in place ${rank}: an answer looks at the first ${considered}.`
    case 'joined':
      return `Found, in place ${rank}, and joined to the passage beside it.`
    case 'surplus':
      return `Found, in place ${rank}: an answer takes fewer passages. Allow more in Settings.`
    case 'far':
      return `Found, in place ${rank}, but nothing is close enough: ${candidate?.closeness.toFixed(2)} where ${threshold} is asked for.`
    case 'given':
      return `Found, in place ${rank}, and given to the answer. What the context leaves out is named there.`
  }
}

function figuresOf(candidate: NonNullable<PassageExplanation['candidate']>): string {
  const { vectorRank, similarity, keywordRank, coverage, score, closeness } = candidate
  const place = (rank: number | null, figure: number | null): string =>
    rank === null ? 'not among the candidates' : `place ${rank} (${figure?.toFixed(3)})`
  return `By meaning: ${place(vectorRank, similarity)}; by words: ${place(keywordRank, coverage)}; together ${score.toFixed(3)}, closeness ${closeness.toFixed(3)}.`
}
