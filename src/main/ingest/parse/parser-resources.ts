import { createRequire } from 'node:module'
import { dirname } from 'node:path'

/** Folders of pdf.js' own data, each with a trailing slash. Without the CMaps, Chinese and Japanese text vanishes silently. */
export interface ParserResources {
  readonly cMapUrl: string
  readonly standardFontDataUrl: string
  readonly wasmUrl: string
  readonly iccUrl: string
  /** The built thread that pages of a PDF are read in; without it they are read in the thread that asks. */
  readonly pdfThreadFile?: string
}

/** The folders inside the installed `pdfjs-dist` package, found at run time (in development, in tests and in a package). */
export function resolveParserResources(): ParserResources {
  const packageFolder = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json')).replaceAll('\\', '/')
  return {
    cMapUrl: `${packageFolder}/cmaps/`,
    standardFontDataUrl: `${packageFolder}/standard_fonts/`,
    wasmUrl: `${packageFolder}/wasm/`,
    iccUrl: `${packageFolder}/iccs/`,
  }
}
