import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import startTesseract, { type TessBaseApi, type TesseractModule } from 'tesseract.js-core/tesseract-core-simd-lstm.js'
import { AppError } from '../../shared/errors.ts'
import { type GrayPicture, toPortableGraymap } from '../ingest/parse/gray-picture.ts'
import { paragraphsOf, recognisedPageSchema, type RecognisedParagraph } from '../ingest/parse/recognised-page.ts'

/** Which of the languages on board a picture is read by: both, the better reading for each line, or Chinese alone. */
export type RecognitionLanguages = 'eng+chi_sim' | 'chi_sim'

export interface Tesseract {
  /** Reads a picture; it blocks this process, seconds for a full page. Lines in reading order. @throws Error where Tesseract gives up */
  read(picture: GrayPicture, languages: RecognitionLanguages): readonly RecognisedParagraph[]
}

const languages = ['eng', 'chi_sim'] as const
/** Neural recognition; the older engine has no data here. */
const neuralEngine = 1
/** Finds columns, paragraphs and lines by itself; every page is taken to be the right way up. */
const automaticLayout = 3
const inputFile = '/input'

/**
 * Tesseract as WebAssembly, in this process and without a worker thread of its own; the language data come from
 * `<modelsFolder>/ocr/`. Nothing is fetched.
 * @throws AppError `embedding-model-missing` where the data are not there
 */
export async function openTesseract(modelsFolder: string): Promise<Tesseract> {
  // What it says of parameters and resolutions is of no use to anybody.
  const quiet = { print: () => undefined, printErr: () => undefined }
  const tesseract = await startTesseract(quiet)
  for (const language of languages)
    tesseract.FS.writeFile(`/${language}.traineddata`, languageData(modelsFolder, language))
  const readers = new Map<RecognitionLanguages, TessBaseApi>()
  return {
    read(picture, wanted) {
      const reader = readers.get(wanted) ?? openReader(tesseract, wanted)
      readers.set(wanted, reader)
      tesseract.FS.writeFile(inputFile, toPortableGraymap(picture))
      try {
        if (reader.SetImageFile(1, 0, false) !== 0) throw new Error('the picture was not accepted')
        reader.Recognize(null)
        return paragraphsOf(recognisedPageSchema.parse(JSON.parse(reader.GetJSONText(0))))
      } finally {
        tesseract.FS.unlink(inputFile)
      }
    },
  }
}

function openReader(tesseract: TesseractModule, wanted: RecognitionLanguages): TessBaseApi {
  const reader = new tesseract.TessBaseAPI()
  if (reader.Init(null, wanted, neuralEngine) !== 0) throw missingData(new Error(`no data for ${wanted}`))
  reader.SetPageSegMode(automaticLayout)
  return reader
}

function languageData(modelsFolder: string, language: string): Uint8Array {
  try {
    return gunzipSync(readFileSync(join(modelsFolder, 'ocr', `${language}.traineddata.gz`)))
  } catch (cause) {
    throw missingData(cause)
  }
}

function missingData(cause: unknown): AppError {
  return new AppError(
    'embedding-model-missing',
    'The data for reading scanned pages are missing or were altered. Install Carrel again, or fetch them again with npm start.',
    { details: { reason: 'recognition' }, cause },
  )
}
