/** A stretch of a text that is like a passage. `[start, end)` in UTF-16 units; `likeness` 0..1: the share of the passage's word pairs found in it. */
export interface LikeStretch {
  readonly start: number
  readonly end: number
  readonly likeness: number
}

/** Looks for a passage in a text that is given piece by piece. */
export interface PassageFinder {
  /** The next piece of the text, in order; `start`: its offset. Linear in its length. */
  read(text: string, start: number): void
  /** The stretch most like the passage so far, as many words long as it at most; null where no word pair was found. */
  best(): LikeStretch | null
}

interface Word {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** Letters and digits; a character of a script without spaces is a word of its own. */
const word =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{M}\p{N}])+/gu

/**
 * Finds where a passage stands in another version of its document, or what has taken its place: the stretch that shares most pairs
 * of neighbouring words with it, each pair as often as the passage has it. Case and width do not count.
 */
export function createPassageFinder(passage: string): PassageFinder {
  const words = [...wordsOf(passage, 0)]
  const isSingle = words.length === 1
  /** One word alone makes no pair: then the word itself is looked for. */
  const pairOf = (previous: Word | undefined, { text }: Word): string | null =>
    isSingle ? text : previous === undefined ? null : `${previous.text} ${text}`
  const wanted = new Map<string, number>()
  for (const [index, current] of words.entries()) {
    const pair = pairOf(words[index - 1], current)
    if (pair !== null) wanted.set(pair, (wanted.get(pair) ?? 0) + 1)
  }
  const pairCount = Math.max(1, words.length - 1)
  const seen = new Map<string, number>()
  /** The last pairs, where each begins; those that are not wanted are null. */
  const window: { readonly start: number; readonly pair: string | null }[] = []
  let before: Word | undefined
  let shared = 0
  let best: { readonly start: number; readonly end: number; readonly shared: number } | null = null

  const leave = (pair: string | null): void => {
    if (pair === null) return
    const count = seen.get(pair) ?? 0
    seen.set(pair, count - 1)
    if (count <= (wanted.get(pair) ?? 0)) shared -= 1
  }
  const add = (current: Word): void => {
    const pair = pairOf(before, current)
    const isWanted = pair !== null && wanted.has(pair)
    window.push({ start: (isSingle ? current : (before ?? current)).start, pair: isWanted ? pair : null })
    before = current
    if (window.length > pairCount) leave(window.shift()?.pair ?? null)
    if (!isWanted) return
    const count = (seen.get(pair) ?? 0) + 1
    seen.set(pair, count)
    if (count > (wanted.get(pair) ?? 0)) return
    shared += 1
    if (shared <= (best?.shared ?? 0)) return
    best = { start: window.find((entry) => entry.pair !== null)?.start ?? current.start, end: current.end, shared }
  }

  return {
    read(text, start) {
      for (const current of wordsOf(text, start)) add(current)
    },
    best: () => (best === null ? null : { start: best.start, end: best.end, likeness: best.shared / pairCount }),
  }
}

function* wordsOf(text: string, start: number): Generator<Word> {
  for (const { 0: found, index } of text.matchAll(word)) {
    yield { text: found.normalize('NFKC').toLowerCase(), start: start + index, end: start + index + found.length }
  }
}
