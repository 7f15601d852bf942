import { answerSentences } from '../../../src/main/evidence/answer-claims.ts'
import { checkClaim } from '../../../src/main/evidence/check-claim.ts'
import { isFact } from '../../../src/main/evidence/choose-citation.ts'
import { readClaim, readSource } from '../../../src/main/evidence/read-source.ts'
import type { UnnumberedStreamEvent } from '../../../src/shared/answer-stream.ts'
import type { Claim } from '../../../src/shared/citation-check.ts'
import type { Source } from '../../../src/shared/passage.ts'

/** The last sources of a scene's answer, checked by words, numbers and names as main checks them. `pieces`: those with a plus are Carrel's. */
export function checkedSources(
  pieces: readonly string[],
  sources: readonly Source[],
): Extract<UnnumberedStreamEvent, { type: 'sources' }> {
  let answer = ''
  const addedMarks: number[] = []
  for (const piece of pieces) {
    const text = piece.startsWith('+') ? piece.slice(1) : piece
    if (text !== piece) addedMarks.push(answer.length + text.indexOf('['))
    answer += text
  }
  const claims = new Map<number, Claim[]>()
  const uncited: { start: number; end: number }[] = []
  for (const { start, end, text, cites } of answerSentences(answer)) {
    const claim = readClaim(text)
    const cited = cites.flatMap((number) => sources.filter((source) => source.number === number))
    if (cited.length === 0 && isFact(claim)) uncited.push({ start, end })
    const read = cited.map((source) => readSource(source))
    const checks = checkClaim(
      claim,
      read.map((source) => ({ source, meaning: null })),
    )
    checks.forEach(({ carriedBy, ...check }, index) => {
      const source = cited[index]
      if (source === undefined) return
      const places = carriedBy.flatMap((place) => read[index]?.sentences[place] ?? [])
      claims.set(source.number, [
        ...(claims.get(source.number) ?? []),
        {
          ...check,
          start,
          end,
          differences: [...check.differences],
          carriedBy: places.map((place) => ({
            start: source.start + place.start,
            end: source.start + place.end,
          })),
          boxes: [],
        },
      ])
    })
  }
  return {
    type: 'sources',
    sources: sources.map((source) => ({ ...source, claims: claims.get(source.number) ?? [] })),
    check: { addedMarks, uncited, droppedMarks: 0 },
  }
}
