/** One of the texts that are searched for one question; each is searched by itself, in its own language. */
export interface SearchQuery {
  readonly text: string
  /** Over 0; the reader's own words have 1. */
  readonly weight: number
}

/** What is known of a question beside its own words. */
export interface KnownOfQuestion {
  readonly question: string
  /** The question before it in the conversation; null on a first turn. */
  readonly previousQuestion: string | null
  readonly condensedQuestion: string | null
  readonly translatedQuestion: string | null
}

/**
 * Measured on mtrag-human with the embedders on board (docs/decisions, follow-ups): a good rewrite gains most of what it can
 * at half the weight of the reader's words, and one by a poor model does no harm there.
 */
const condensedWeight = 0.5
/** The previous question helps a follow-up even without any model; at this weight it costs next to nothing where the subject changed. */
const previousWeight = 0.2

/**
 * What is searched for a question, the reader's own words first and heaviest: a rewrite can add to what they find, never
 * take their place. A translation weighs as much as what it translates, since each finds documents the other cannot.
 */
export function searchQueries(known: KnownOfQuestion): readonly SearchQuery[] {
  const { question, previousQuestion, condensedQuestion, translatedQuestion } = known
  return withoutRepetition([
    { text: question, weight: 1 },
    ...(condensedQuestion === null ? [] : [{ text: condensedQuestion, weight: condensedWeight }]),
    ...(translatedQuestion === null ? [] : [{ text: translatedQuestion, weight: 1 }]),
    ...(previousQuestion === null ? [] : [{ text: previousQuestion, weight: previousWeight }]),
  ])
}

/** The reader wrote what is to be searched: that, as given, and its translation. */
export function editedQueries(edited: string, translatedQuestion: string | null): readonly SearchQuery[] {
  return withoutRepetition([
    { text: edited, weight: 1 },
    ...(translatedQuestion === null ? [] : [{ text: translatedQuestion, weight: 1 }]),
  ])
}

function withoutRepetition(queries: readonly SearchQuery[]): readonly SearchQuery[] {
  const seen = new Set<string>()
  return queries.filter(({ text }) => {
    const key = text.trim().toLowerCase()
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
