import type { TextSlice } from '../../shared/anchor.ts'
import { cutChunks, initialCutState, type TokenCounter } from '../ingest/chunk/cut-chunks.ts'
import { halved, isBlank, turned, type GrayPicture } from '../ingest/parse/gray-picture.ts'
import { isGarbled } from '../ingest/parse/garbled-text.ts'
import {
  confidentUnits,
  hasDoubtfulLine,
  meanConfidence,
  surerLines,
  type RecognisedParagraph,
} from '../ingest/parse/recognised-page.ts'
import { turns, writeRecognised, type Turn } from '../ingest/parse/recognised-text.ts'
import type { RecognisedPage } from '../ports/parsing.ts'
import type { Scans } from './open-scan.ts'
import type { RecogniseInput } from './protocol.ts'
import type { Tesseract } from './tesseract.ts'

/** A page read worse than this, or with next to nothing on it, may stand on its head. */
const upsideDownBelow = 65
const fewUnits = 12
/** Below this what was read is noise: a photograph, a drawing, handwriting. It is not kept. */
const noiseBelow = 40

interface Reading {
  readonly turn: Turn
  readonly paragraphs: readonly RecognisedParagraph[]
}

export interface RecogniseOptions {
  readonly scans: Scans
  readonly tesseract: Tesseract
  readonly countTokens: TokenCounter
  readonly signal: AbortSignal
}

/**
 * Reads one page that has no text of its own: its picture, the way up it is read best, both languages, each line by the surer
 * reading; its words with their boxes on the page become a slice of the document's text, at the place that main names, and chunks.
 * The same page always gives the same text. It blocks its process for seconds.
 * @throws AppError of the file; Error where the page cannot be drawn. Abort is looked at between the steps.
 */
export async function recognisePage(input: RecogniseInput, options: RecogniseOptions): Promise<RecognisedPage> {
  const { scans, tesseract, countTokens, signal } = options
  const page = await scans.page(input, input.page, { signal })
  signal.throwIfAborted()
  if (isBlank(page.picture)) return emptyPage(100)
  const reading = bestReading(page.picture, tesseract)
  const confidence = Math.round(meanConfidence(reading.paragraphs))
  if (confidence < noiseBelow) return emptyPage(confidence)
  const { scale, width, height } = page
  const written = writeRecognised(reading.paragraphs, { turn: reading.turn, scale, width, height }, input.start)
  if (!/[\p{L}\p{N}]/u.test(written.text) || isGarbled(written.text)) return emptyPage(confidence)
  const slice: TextSlice = {
    ordinal: input.sliceOrdinal,
    start: input.start,
    end: input.start + written.text.length,
    text: written.text,
    page: { number: input.page, width, height, confidence },
    blocks: written.blocks,
    runs: written.runs,
  }
  const { chunks } = cutChunks(
    slice,
    { ...initialCutState, nextOrdinal: input.chunkOrdinal },
    { documentId: input.documentId, countTokens },
  )
  return { slice, chunks, confidence }
}

function emptyPage(confidence: number): RecognisedPage {
  return { slice: null, chunks: [], confidence }
}

function bestReading(picture: GrayPicture, tesseract: Tesseract): Reading {
  const upright = readTurned(picture, 0, tesseract)
  const isSure = meanConfidence(upright.paragraphs) >= upsideDownBelow && confidentUnits(upright.paragraphs) >= fewUnits
  if (isSure) return upright
  const small = halved(picture)
  let best: Turn = 0
  let most = confidentUnits(upright.paragraphs)
  for (const turn of turns) {
    if (turn === 0) continue
    const units = confidentUnits(tesseract.read(turned(small, turn), 'eng+chi_sim'))
    // Clearly more, not by a speck.
    if (units > most * 1.2 + 3) [best, most] = [turn, units]
  }
  return best === 0 ? upright : readTurned(picture, best, tesseract)
}

function readTurned(picture: GrayPicture, turn: Turn, tesseract: Tesseract): Reading {
  const upright = turned(picture, turn)
  const paragraphs = tesseract.read(upright, 'eng+chi_sim')
  if (!hasDoubtfulLine(paragraphs)) return { turn, paragraphs }
  return { turn, paragraphs: surerLines(paragraphs, tesseract.read(upright, 'chi_sim')) }
}
