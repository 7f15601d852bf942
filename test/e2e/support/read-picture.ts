import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import startTesseract from 'tesseract.js-core/tesseract-core-simd-lstm.js'
import { projectFolder } from './launch.ts'

/** Reads the letters in a picture (a PNG file), as a person would: the other way round than the marks were made. */
export async function readPicture(png: Uint8Array, language: 'eng' | 'chi_sim'): Promise<string> {
  const tesseract = await startTesseract({ print: () => undefined, printErr: () => undefined })
  const data = readFileSync(join(projectFolder, 'resources', 'models', 'ocr', `${language}.traineddata.gz`))
  tesseract.FS.writeFile(`/${language}.traineddata`, gunzipSync(data))
  tesseract.FS.writeFile('/input', png)
  const reader = new tesseract.TessBaseAPI()
  if (reader.Init(null, language, 1) !== 0) throw new Error('no language data')
  reader.SetPageSegMode(6)
  if (reader.SetImageFile(1, 0, false) !== 0) throw new Error('no picture')
  reader.Recognize(null)
  const page = JSON.parse(reader.GetJSONText(0)) as { blocks: { text: string }[] }
  return page.blocks.map(({ text }) => text).join('\n')
}
