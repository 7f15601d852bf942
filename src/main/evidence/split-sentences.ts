/** A sentence of a text: `[start, end)` in UTF-16 units, without the white space around it. */
export interface Sentence {
  readonly start: number
  readonly end: number
  readonly text: string
}

const english = new Intl.Segmenter('en', { granularity: 'sentence' })

/** Sentences of a passage in order, English and Chinese; a line break always ends one. Linear in the text. */
export function splitSentences(text: string): readonly Sentence[] {
  const sentences: Sentence[] = []
  let lineStart = 0
  for (const line of text.split('\n')) {
    for (const { segment, index } of english.segment(line)) {
      const trimmed = segment.trim()
      if (trimmed === '') continue
      const start = lineStart + index + segment.indexOf(trimmed)
      sentences.push({ start, end: start + trimmed.length, text: trimmed })
    }
    lineStart += line.length + 1
  }
  return sentences
}
