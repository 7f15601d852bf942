import { createCheckStage } from '../../src/main/answer/check-stage.ts'
import type { OpenEvidence } from '../../src/main/answer/answer-evidence.ts'
import { createCitationMarks } from '../../src/main/answer/citation-marks.ts'
import { createCitedText } from '../../src/main/answer/cited-text.ts'
import { emptyDraft } from '../../src/main/answer/draft.ts'
import { askRequestSchema } from '../../src/shared/ipc.ts'
import type { BenchRow } from './bench-row.ts'
import { passageOf } from './citation-pairs.ts'
import { median } from './statistics.ts'

const passageCount = 6
const sentencesInPassage = 16
const answerWords = 500
const wordsPerSecond = 60
/** What a model needs at least to read such a prompt on this kind of machine. */
const promptMs = 1_500

/**
 * From the last word of a model's answer of 500 words to the end of the check: every second sentence cites, the others are
 * compared for a citation of the engine while the answer streams.
 */
export async function measureCheckDelay(open: OpenEvidence, rounds: number): Promise<BenchRow> {
  const delays: number[] = []
  for (let round = 0; round < rounds; round += 1) delays.push(await oneDelay(open, round))
  return {
    group: 'citations',
    what: 'from the last token of an answer of 500 words to the end of its check',
    value: median(delays),
    unit: 'ms',
    reach: { bound: 'at most', value: 150 },
    note: `${rounds} answers at ${wordsPerSecond} words a second over ${passageCount} passages of ${sentencesInPassage} sentences; longest ${Math.max(...delays).toFixed(0)} ms`,
  }
}

async function oneDelay(open: OpenEvidence, round: number): Promise<number> {
  const { signal } = new AbortController()
  // Other words in each round: nothing may be remembered.
  const sentenceOf = (passage: number, place: number): string =>
    `The ${names[(passage + place + round) % names.length]} of district ${round * 100 + passage} reports ${place * 37 + round} ${things[(place * 7 + passage) % things.length]} during the ${seasons[place % seasons.length]} of ${1950 + place}`
  const texts = Array.from({ length: passageCount }, (_, passage) =>
    Array.from({ length: sentencesInPassage }, (_unused, place) => `${sentenceOf(passage, place)}.`).join(' '),
  )
  const passages = texts.map((text, index) => passageOf({ title: `Report ${index}`, text }, index))
  const draft = emptyDraft(
    askRequestSchema.parse({ conversationId: '00000000-0000-4000-8000-000000000001', question: 'What is reported?' }),
    { summary: null, summarisedTurns: 0, turns: [], olderTurns: 0 },
  )
  draft.evidence = open(passages, { signal })
  const marks = createCitationMarks(passages.map(({ id }) => id))
  const cited = createCitedText({ marks, evidence: draft.evidence, onAdded: () => undefined })
  const words: string[] = []
  for (let place = 0; words.length < answerWords; place += 1) {
    const passage = place % passageCount
    const mark = place % 2 === 0 ? ` [${passage + 1}]` : ''
    words.push(...`${sentenceOf(passage, Math.floor(place / passageCount))}${mark}.`.split(' '))
  }
  await pause(promptMs)
  const startedAt = performance.now()
  for (const [index, word] of words.entries()) {
    const dueIn = startedAt + (index * 1_000) / wordsPerSecond - performance.now()
    if (dueIn > 0) await pause(dueIn)
    for await (const delta of cited.push(`${word} `)) if (delta.type === 'token') draft.answer += delta.text
  }
  const lastAt = performance.now()
  for await (const delta of cited.flush()) if (delta.type === 'token') draft.answer += delta.text
  draft.citedPassageIds = [...marks.cited]
  for await (const _ of createCheckStage().run(draft, { signal, frontEnd: 'bench' }));
  if (draft.claims.length === 0) throw new Error('The check found no citation.')
  return performance.now() - lastAt
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs))
}

const names = [
  'harbour office',
  'lighthouse',
  'fishing school',
  'weather station',
  'ferry company',
  'rope maker',
  'salt works',
]
const things = ['boats', 'visitors', 'storms', 'nets', 'barrels of oil', 'letters', 'repairs', 'lamps', 'passengers']
const seasons = ['spring', 'summer', 'autumn', 'winter', 'festival', 'strike', 'flood', 'frost']
