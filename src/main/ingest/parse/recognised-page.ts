import { z } from 'zod'

/** A rectangle in pixels of the picture that was read, origin upper left. */
const boxSchema = z.object({ x0: z.number(), y0: z.number(), x1: z.number(), y1: z.number() })
export type PixelBox = z.infer<typeof boxSchema>

const wordSchema = z.object({ text: z.string(), confidence: z.number(), bbox: boxSchema })
export type RecognisedWord = z.infer<typeof wordSchema>

const lineSchema = z.object({ confidence: z.number(), bbox: boxSchema, words: z.array(wordSchema) })
export type RecognisedLine = z.infer<typeof lineSchema>

/** What Tesseract tells of a page (its JSON form): blocks, paragraphs and lines in reading order; confidences from 0 to 100. */
export const recognisedPageSchema = z.object({
  blocks: z
    .array(
      z.object({
        paragraphs: z
          .array(z.object({ lines: z.array(lineSchema) }))
          .nullish()
          .transform((paragraphs) => paragraphs ?? []),
      }),
    )
    .nullish()
    .transform((blocks) => blocks ?? []),
})

/** Lines that belong together, in reading order. */
export type RecognisedParagraph = readonly RecognisedLine[]

export function paragraphsOf(page: z.output<typeof recognisedPageSchema>): readonly RecognisedParagraph[] {
  return page.blocks.flatMap((block) => block.paragraphs.map((paragraph) => paragraph.lines))
}

/** Mean confidence of a page's words, each weighing as many characters as it has; 0 where there is no word. */
export function meanConfidence(paragraphs: readonly RecognisedParagraph[]): number {
  let units = 0
  let sum = 0
  for (const { text, confidence } of wordsOf(paragraphs)) {
    units += text.length
    sum += text.length * confidence
  }
  return units === 0 ? 0 : sum / units
}

/** Below this a word is as likely wrong as right. */
const confidentFrom = 60

/** Characters in words that were read with some confidence: what tells a page the right way up from one that is not. */
export function confidentUnits(paragraphs: readonly RecognisedParagraph[]): number {
  return wordsOf(paragraphs)
    .filter(({ confidence }) => confidence >= confidentFrom)
    .reduce((sum, { text }) => sum + text.length, 0)
}

export function wordsOf(paragraphs: readonly RecognisedParagraph[]): readonly RecognisedWord[] {
  return paragraphs.flatMap((lines) => lines.flatMap((line) => line.words))
}

/** Below this a line is read once more, by the Chinese data alone: of two readings Tesseract now and then keeps the wrong one. */
const doubtfulBelow = 80

export function hasDoubtfulLine(paragraphs: readonly RecognisedParagraph[]): boolean {
  return paragraphs.some((lines) => lines.some((line) => isDoubtful(line)))
}

/** Doubtful lines replaced by what a second reading of the same picture has at their place, where that is surer. */
export function surerLines(
  paragraphs: readonly RecognisedParagraph[],
  others: readonly RecognisedParagraph[],
): readonly RecognisedParagraph[] {
  const candidates = others.flat()
  return paragraphs.map((lines) =>
    lines.map((line) => {
      if (!isDoubtful(line)) return line
      const other = candidates.find((candidate) => isSamePlace(candidate.bbox, line.bbox))
      return other !== undefined && other.confidence > line.confidence ? other : line
    }),
  )
}

function isDoubtful(line: RecognisedLine): boolean {
  return line.confidence < doubtfulBelow && line.words.some(({ text }) => text.trim().length > 1)
}

function isSamePlace(a: PixelBox, b: PixelBox): boolean {
  const width = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0)
  const height = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0)
  const overlap = Math.max(0, width) * Math.max(0, height)
  const area = Math.max((a.x1 - a.x0) * (a.y1 - a.y0), (b.x1 - b.x0) * (b.y1 - b.y0))
  return overlap > area * 0.6
}
