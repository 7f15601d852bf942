/** The part of tesseract.js-core that is used: Tesseract and Leptonica as one WebAssembly module. */
declare module 'tesseract.js-core/tesseract-core-simd-lstm.js' {
  export interface TessBaseApi {
    /** 0: the language data could be read. @param engine 1: the neural one alone */
    Init(folder: string | null, languages: string, engine: 1): number
    SetPageSegMode(mode: number): void
    /** Reads the file `/input`. @returns 1 where it is no picture */
    SetImageFile(exifOrientation: number, radians: number, isUpscaled: boolean): number
    SetSourceResolution(dotsPerInch: number): void
    Recognize(monitor: null): number
    GetJSONText(page: number): string
    End(): void
  }
  export interface TesseractModule {
    readonly FS: { writeFile(path: string, bytes: Uint8Array): void; unlink(path: string): void }
    readonly TessBaseAPI: new () => TessBaseApi
    destroy(api: TessBaseApi): void
  }
  const start: (options: {
    readonly print: (line: string) => void
    readonly printErr: (line: string) => void
  }) => Promise<TesseractModule>
  // The package is CommonJS: its one export is what Node gives as the default.
  export { start as default }
}
