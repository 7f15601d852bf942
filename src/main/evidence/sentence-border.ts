/** Where a sentence ends on its line, in UTF-16 units of that line. */
export interface SentenceBorder {
  /** Before the mark of punctuation that ends it: a citation goes here. */
  readonly inside: number
  /** After punctuation, closing quotation marks, citation marks and white space: the next sentence begins here. */
  readonly after: number
}

const borderPattern = /(?:[。！？!?…]+|\.(?=[\s"'”’)\]*_]|\[\d|$))["'”’)）」』】*_]*(?:[ \t]*\[[1-9]\d{0,2}\])*[ \t]*/g
const abbreviation =
  /(?:^|[\s(“"])(?:\p{Lu}|\d{1,2}|Mr|Mrs|Ms|Dr|Prof|St|Nos?|Arts?|Secs?|Figs?|pp?|vs|cf|ca|approx|al|Inc|Ltd|Co|Corp|Jr|Sr|e\.g|i\.e|etc|U\.S|U\.K|a\.m|p\.m)$/u

/**
 * The first end of a sentence on `line` from `from` on, English or Chinese; null: none yet. An abbreviation, an initial and the number of a
 * list item end none. `isWhole` false: more of the line may follow, so an end is given only when something stands behind it
 * that belongs to the next sentence. Citation marks behind the punctuation belong to the sentence before.
 */
export function findBorder(line: string, from: number, isWhole: boolean): SentenceBorder | null {
  borderPattern.lastIndex = from
  for (let match = borderPattern.exec(line); match !== null; match = borderPattern.exec(line)) {
    const { index } = match
    const after = index + match[0].length
    const isDot = match[0].startsWith('.')
    if (isDot && after < line.length && abbreviation.test(line.slice(from, index))) continue
    if (after >= line.length && !isWhole) return null
    return { inside: index, after }
  }
  return null
}

/** Where what is undecided begins: the punctuation or white space at the end of an unfinished line. */
export function undecidedFrom(line: string, from: number): number {
  const tail = /(?:[.。！？!?…]+["'”’)）」』】*_]*(?:[ \t]*\[[1-9]\d{0,2}\])*)?[ \t]*$/.exec(line.slice(from))
  return from + (tail?.index ?? line.length - from)
}
