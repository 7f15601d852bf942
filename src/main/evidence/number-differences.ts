import { isSameNumber, readNumbers, type StatedNumber } from './numbers.ts'

/** Numbers in one place of two texts; null: the other text has none there. As written. */
export interface NumberDifference {
  readonly here: string | null
  readonly there: string | null
}

/** A text of more numbers is a table: comparing all with all would take long, and so would reading it. */
const mostCompared = 200
const mostDifferences = 8

/**
 * The numbers in which two texts differ, in order: what stands between two numbers that both have is set against each other. Pure.
 */
export function numberDifferences(here: string, there: string): readonly NumberDifference[] {
  const one = readNumbers(here).slice(0, mostCompared)
  const other = readNumbers(there).slice(0, mostCompared)
  const differences: NumberDifference[] = []
  const add = (mine: readonly StatedNumber[], theirs: readonly StatedNumber[]): void => {
    for (let at = 0; at < Math.max(mine.length, theirs.length); at += 1)
      differences.push({ here: mine[at]?.text.trim() ?? null, there: theirs[at]?.text.trim() ?? null })
  }
  let [from, otherFrom] = [0, 0]
  for (const [index, otherIndex] of commonNumbers(one, other)) {
    add(one.slice(from, index), other.slice(otherFrom, otherIndex))
    from = index + 1
    otherFrom = otherIndex + 1
  }
  add(one.slice(from), other.slice(otherFrom))
  return differences.slice(0, mostDifferences)
}

/** The longest run of numbers, in order, that both have: pairs of their places. */
function commonNumbers(
  one: readonly StatedNumber[],
  other: readonly StatedNumber[],
): readonly (readonly [number, number])[] {
  const width = other.length + 1
  const lengths = new Uint16Array((one.length + 1) * width)
  const at = (index: number, otherIndex: number): number => lengths[index * width + otherIndex] ?? 0
  const isSame = (index: number, otherIndex: number): boolean => {
    const [left, right] = [one[index], other[otherIndex]]
    return left !== undefined && right !== undefined && isSameNumber(left, right)
  }
  for (let index = one.length - 1; index >= 0; index -= 1)
    for (let otherIndex = other.length - 1; otherIndex >= 0; otherIndex -= 1)
      lengths[index * width + otherIndex] = isSame(index, otherIndex)
        ? at(index + 1, otherIndex + 1) + 1
        : Math.max(at(index + 1, otherIndex), at(index, otherIndex + 1))
  const pairs: (readonly [number, number])[] = []
  for (let [index, otherIndex] = [0, 0]; index < one.length && otherIndex < other.length;) {
    if (isSame(index, otherIndex) && at(index, otherIndex) === at(index + 1, otherIndex + 1) + 1) {
      pairs.push([index, otherIndex])
      index += 1
      otherIndex += 1
    } else if (at(index + 1, otherIndex) >= at(index, otherIndex + 1)) index += 1
    else otherIndex += 1
  }
  return pairs
}
