/** Numbers that look random and come again from the same seed, so that a failing round can be repeated. */
export interface SeededRandom {
  readonly seed: number
  /** 0 up to, not including, 1. */
  next(): number
  /** A whole number, 0 up to, not including, `end`. */
  below(end: number): number
  shuffled<Value>(values: readonly Value[]): readonly Value[]
}

/** @param seed any whole number; by default `CARREL_TEST_SEED`, else a new one each time */
export function createSeededRandom(
  seed = Number(process.env['CARREL_TEST_SEED'] ?? Date.now() % 1_000_000),
): SeededRandom {
  let state = seed >>> 0
  // Mulberry32.
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (end: number): number => Math.floor(next() * end)
  return {
    seed,
    next,
    below,
    shuffled(values) {
      const left = [...values]
      return values.map(() => left.splice(below(left.length), 1)[0] as (typeof left)[number])
    },
  }
}
