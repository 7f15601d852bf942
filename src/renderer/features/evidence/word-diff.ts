/** A piece of a comparison. `same` and `added` have the words of the later text, `removed` those of the earlier one. */
export interface DiffPiece {
  readonly kind: 'same' | 'removed' | 'added'
  readonly text: string
  /** Where it stands: `[start, end)` in the text its words are from, white space behind it included. */
  readonly start: number
  readonly end: number
  /** Where words of both stand in the earlier text; null for the other kinds. */
  readonly earlier: { readonly start: number; readonly end: number } | null
}

interface Token {
  readonly text: string
  readonly start: number
  /** Where the next token begins: the white space between belongs to this one. */
  readonly end: number
}

type Edit = 'same' | 'removed' | 'added'

/** Beyond this many differing words two texts are told apart as wholes: the search for the shortest way grows with their square. */
const mostEdits = 2_000
const han = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u
const tokenPattern =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+|\p{N}+(?:[.,:]\p{N}+)*|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{M}\p{N}'’_-])+|\S/gu
const chinese = new Intl.Segmenter('zh', { granularity: 'word' })

/**
 * What became of a text, word by word, in as few changes as there are (Myers, "An O(ND) difference algorithm", 1986). White space
 * does not count; Chinese is compared by its words. All `same` and `added` pieces in order hold the later text, all `same` and
 * `removed` ones the words of the earlier.
 */
export function diffWords(earlier: string, later: string): readonly DiffPiece[] {
  const before = tokensOf(earlier)
  const after = tokensOf(later)
  return joined(withoutIslands(edits(before, after), after), before, after, earlier, later)
}

/** Numbers with their points and commas are one word, and so is each sign. */
function tokensOf(text: string): readonly Token[] {
  const starts: { text: string; start: number }[] = []
  for (const { 0: found, index } of text.matchAll(tokenPattern)) {
    if (!han.test(found)) starts.push({ text: found, start: index })
    else for (const part of chinese.segment(found)) starts.push({ text: part.segment, start: index + part.index })
  }
  return starts.map((token, index) => ({ ...token, end: starts[index + 1]?.start ?? text.length }))
}

/** The shortest way from one to the other; removals before additions. */
function edits(before: readonly Token[], after: readonly Token[]): readonly Edit[] {
  const isSame = (x: number, y: number): boolean => before[x]?.text === after[y]?.text
  const most = Math.min(mostEdits, before.length + after.length)
  const offset = most + 1
  // furthest[offset + k]: how far into `before` a path on diagonal k (x - y) has come.
  const furthest = new Int32Array(2 * most + 3)
  const trace: Int32Array[] = []
  for (let depth = 0; depth <= most; depth += 1) {
    trace.push(furthest.slice(offset - depth - 1, offset + depth + 2))
    for (let k = -depth; k <= depth; k += 2) {
      const down = furthest[offset + k + 1] ?? 0
      const right = (furthest[offset + k - 1] ?? 0) + 1
      let x = k === -depth || (k !== depth && right - 1 < down) ? down : right
      let y = x - k
      while (x < before.length && y < after.length && isSame(x, y)) {
        x += 1
        y += 1
      }
      furthest[offset + k] = x
      if (x >= before.length && y >= after.length) return wayBack(trace, before.length, after.length)
    }
  }
  return [...before.map((): Edit => 'removed'), ...after.map((): Edit => 'added')]
}

/** `trace[depth]`: the furthest points before that depth, from diagonal `-depth - 1` on. */
function wayBack(trace: readonly Int32Array[], beforeLength: number, afterLength: number): readonly Edit[] {
  const way: Edit[] = []
  let x = beforeLength
  let y = afterLength
  for (let depth = trace.length - 1; depth >= 0; depth -= 1) {
    const at = (k: number): number => trace[depth]?.[k + depth + 1] ?? 0
    const k = x - y
    const isDown = k === -depth || (k !== depth && at(k - 1) < at(k + 1))
    const previousX = depth === 0 ? 0 : isDown ? at(k + 1) : at(k - 1)
    const previousY = depth === 0 ? 0 : previousX - (isDown ? k + 1 : k - 1)
    while (x > previousX && y > previousY) {
      way.push('same')
      x -= 1
      y -= 1
    }
    if (depth > 0) way.push(isDown ? 'added' : 'removed')
    x = previousX
    y = previousY
  }
  return way.toReversed()
}

/** One word or sign that happens to be the same between two changes is part of the change: else nobody could read it. */
function withoutIslands(way: readonly Edit[], after: readonly Token[]): readonly Edit[] {
  const result: Edit[] = []
  let at = 0
  let afterAt = 0
  while (at < way.length) {
    const kind = way[at]
    let end = at
    while (way[end] === kind) end += 1
    if (kind === 'same') {
      const text = after.slice(afterAt, afterAt + end - at).map((token) => token.text)
      const isBetween = at > 0 && end < way.length
      const isIsland = text.length === 1 && (/^[\p{P}\p{S}]$/u.test(text[0] ?? '') || isShort(text[0] ?? ''))
      for (const _token of text)
        result.push(...(isBetween && isIsland ? (['removed', 'added'] as const) : (['same'] as const)))
    } else for (let edit = at; edit < end; edit += 1) if (kind !== undefined) result.push(kind)
    if (kind !== 'removed') afterAt += end - at
    at = end
  }
  return result
}

function isShort(word: string): boolean {
  return !/\p{N}/u.test(word) && word.length <= (han.test(word) ? 1 : 3)
}

/** Neighbouring edits of a kind in one piece; within a change first what was removed, then what was added. */
function joined(
  way: readonly Edit[],
  before: readonly Token[],
  after: readonly Token[],
  earlier: string,
  later: string,
): readonly DiffPiece[] {
  const pieces: DiffPiece[] = []
  const push = (kind: Edit, tokens: readonly Token[], same: readonly Token[] = []): void => {
    const range = rangeOf(tokens)
    if (range === null) return
    const text = (kind === 'removed' ? earlier : later).slice(range.start, range.end)
    pieces.push({ kind, ...range, text, earlier: rangeOf(same) })
  }
  let x = 0
  let y = 0
  let at = 0
  while (at < way.length) {
    const isSame = way[at] === 'same'
    let removed = 0
    let added = 0
    while (at < way.length && (way[at] === 'same') === isSame) {
      if (way[at] !== 'added') removed += 1
      if (way[at] !== 'removed') added += 1
      at += 1
    }
    if (isSame) push('same', after.slice(y, y + added), before.slice(x, x + removed))
    else {
      push('removed', before.slice(x, x + removed))
      push('added', after.slice(y, y + added))
    }
    x += removed
    y += added
  }
  return pieces
}

function rangeOf(tokens: readonly Token[]): { readonly start: number; readonly end: number } | null {
  const start = tokens[0]?.start
  const end = tokens.at(-1)?.end
  return start === undefined || end === undefined ? null : { start, end }
}
