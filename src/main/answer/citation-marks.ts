import type { Citation } from '../../shared/answer-stream.ts'
import type { ChunkId } from '../../shared/ids.ts'

/**
 * Finds citation marks in streamed text and renumbers them in order of appearance, before any front end sees them.
 *
 * Models write `[1][2]`, `[1, 2]`, `[1-3]`, `【1】`, `[^1]` and full-width digits, split over tokens anywhere. All of it
 * leaves here as `[n]`. Numbers that name no passage are dropped and counted. Text is held back only while it may still
 * become a mark: from an opening bracket to its close, a character that cannot be in a mark, or 32 units.
 */
export interface CitationMarks {
  /** @returns text that is final, and the passages that got their number in it. */
  push(text: string): { readonly text: string; readonly citations: readonly Citation[] }
  /** What was still held back, once, at the end. */
  flush(): { readonly text: string; readonly citations: readonly Citation[] }
  /** The mark for a passage that Carrel cites itself, as a whole mark. @throws Error for a passage that was not given. */
  cite(passageId: ChunkId): { readonly text: string; readonly citations: readonly Citation[] }
  /** Passages in order of appearance: the first has number 1, unless numbers are kept. */
  readonly cited: readonly ChunkId[]
  readonly droppedCount: number
}

const longestMark = 32
const opening = /[[【［]/
/** A whole mark, after its opening bracket: numbers, ranges, separators, an optional caret and "source"-like word. */
const mark =
  /^[[【［]\s*\^?\s*([0-9０-９]{1,3}(?:\s*[-–—~～]\s*[0-9０-９]{1,3})?(?:\s*[,，、;；]\s*\^?[0-9０-９]{1,3}(?:\s*[-–—~～]\s*[0-9０-９]{1,3})?)*)\s*[\]】］]/
/** What may stand inside a mark that is not closed yet. */
const unfinishedMark = /^[[【［][\s^0-9０-９,，、;；\-–—~～]*$/

/**
 * @param passageIds the passages as the model was given them: its number 1 is the first.
 * @param options.keepsNumbers numbers stay as they are, for an answer in another form that keeps its sources
 */
export function createCitationMarks(
  passageIds: readonly ChunkId[],
  { keepsNumbers = false }: { readonly keepsNumbers?: boolean } = {},
): CitationMarks {
  const cited: ChunkId[] = []
  let held = ''
  let droppedCount = 0

  const numberOf = (modelNumber: number): { readonly number: number; readonly citation: Citation | null } | null => {
    const passageId = passageIds[modelNumber - 1]
    if (passageId === undefined) return null
    const known = cited.indexOf(passageId)
    if (known >= 0) return { number: keepsNumbers ? modelNumber : known + 1, citation: null }
    cited.push(passageId)
    const number = keepsNumbers ? modelNumber : cited.length
    return { number, citation: { number, passageId } }
  }

  const rewrite = (numbers: readonly number[], citations: Citation[]): string => {
    let text = ''
    for (const modelNumber of numbers) {
      const found = numberOf(modelNumber)
      if (found === null) {
        droppedCount += 1
        continue
      }
      if (found.citation !== null) citations.push(found.citation)
      const piece = `[${found.number}]`
      if (!text.includes(piece)) text += piece
    }
    return text
  }

  const take = (isEnd: boolean): { readonly text: string; readonly citations: readonly Citation[] } => {
    const citations: Citation[] = []
    let text = ''
    while (held !== '') {
      const index = held.search(opening)
      if (index < 0) {
        text += held
        held = ''
        break
      }
      text += held.slice(0, index)
      held = held.slice(index)
      const found = mark.exec(held)
      if (found !== null) {
        // `[1](address)` is a link's text, not a mark: wait for what follows before deciding.
        const after = held.slice(found[0].length)
        if (after === '' && !isEnd && found[0].startsWith('[')) break
        if (after.startsWith('(') && found[0].startsWith('[')) {
          text += found[0]
        } else {
          text += rewrite(expandNumbers(found[1] ?? ''), citations)
        }
        held = after
        continue
      }
      if (!isEnd && held.length <= longestMark && unfinishedMark.test(held)) break
      text += held.slice(0, 1)
      held = held.slice(1)
    }
    return { text, citations }
  }

  return {
    push(text) {
      held += text
      return take(false)
    },
    flush: () => take(true),
    cite(passageId) {
      const found = numberOf(passageIds.indexOf(passageId) + 1)
      if (found === null) throw new Error('a passage was cited that was not given')
      return { text: `[${found.number}]`, citations: found.citation === null ? [] : [found.citation] }
    },
    cited,
    get droppedCount() {
      return droppedCount
    },
  }
}

/** `1, 3-5` to 1 3 4 5; a range that runs backwards or over 20 numbers counts as its two ends. */
function expandNumbers(list: string): readonly number[] {
  return list
    .normalize('NFKC')
    .split(/[,、;]/)
    .flatMap((part) => {
      const ends = [...part.matchAll(/[0-9]+/g)].map(([digits]) => Number(digits))
      const [first, last] = ends
      if (first === undefined) return []
      if (last === undefined) return [first]
      if (last < first || last - first > 20) return [first, last]
      return Array.from({ length: last - first + 1 }, (_, index) => first + index)
    })
}
