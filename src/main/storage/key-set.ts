/** A growing set of small integers, one bit each: a million chunk keys take 125 kB. */
export interface KeySet {
  has(key: number): boolean
  add(key: number): void
}

export function createKeySet(): KeySet {
  let words = new Uint32Array(1024)
  return {
    has: (key) => ((words[key >>> 5] ?? 0) & (1 << (key & 31))) !== 0,
    add: (key) => {
      const index = key >>> 5
      if (index >= words.length) {
        const larger = new Uint32Array(Math.max(words.length * 2, index + 1))
        larger.set(words)
        words = larger
      }
      words[index] = (words[index] ?? 0) | (1 << (key & 31))
    },
  }
}
