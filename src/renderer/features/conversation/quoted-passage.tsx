import type { ReactElement } from 'react'
import type { Claim } from '../../../shared/citation-check.ts'
import type { Passage } from '../../../shared/passage.ts'
import { passageWords } from './passage-place.ts'

/** Before the first sentence that carries the claim, so that it stands in sight. UTF-16 units. */
const lead = 80

/** A passage's words in a few lines; those sentences marked that carry the claim, beginning near the first of them. */
export function QuotedPassage({
  passage,
  claim,
}: {
  readonly passage: Passage
  readonly claim: Pick<Claim, 'carriedBy'> | undefined
}): ReactElement {
  const words = passageWords(passage)
  const skipped = passage.text.indexOf(words)
  const ranges = (claim?.carriedBy ?? [])
    .map(({ start, end }) => ({
      start: Math.max(0, start - passage.start - skipped),
      end: Math.min(words.length, end - passage.start - skipped),
    }))
    .filter(({ start, end }) => start < end)
  const [first] = ranges
  if (first === undefined) return <>{words}</>
  const from = first.start > lead * 2 ? beginningOfWord(words, first.start - lead) : 0
  const pieces: ReactElement[] = []
  let at = from
  for (const { start, end } of ranges) {
    if (start < at) continue
    pieces.push(
      <span key={at}>{words.slice(at, start)}</span>,
      <mark key={`mark ${start}`} className="carries">
        {words.slice(start, end)}
      </mark>,
    )
    at = end
  }
  return (
    <>
      {from > 0 && '… '}
      {pieces}
      {words.slice(at)}
    </>
  )
}

function beginningOfWord(text: string, around: number): number {
  const space = text.slice(around, around + lead).search(/[\s，。；、]/)
  return space === -1 ? around : around + space + 1
}
