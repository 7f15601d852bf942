/** What the test workers do when they meet one of these words in a text. No build of Carrel knows them. */
export interface LethalWords {
  readonly end: string
  readonly hang: string
  readonly memory: string
}

export const parserWords: LethalWords = { end: 'xyzzyends', hang: 'xyzzyhangs', memory: 'xyzzyeats' }
export const embedderWords: LethalWords = { end: 'plughends', hang: 'plughhangs', memory: 'plugheats' }

/** Never returns where `text` holds one of the words. */
export function obeyLethalWords(text: string, words: LethalWords): void {
  if (text.includes(words.end)) process.kill(process.pid, 'SIGKILL')
  if (text.includes(words.end) || text.includes(words.hang)) for (;;);
  if (!text.includes(words.memory)) return
  const kept: Buffer[] = []
  // Slowly, so that it is seen while it grows; each byte is written, so that the memory is really taken.
  for (;;) {
    kept.push(Buffer.alloc(4 * 1024 * 1024, (kept.length % 200) + 1))
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
  }
}
