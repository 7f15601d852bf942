// yauzl ships no types; this is the part of it that Carrel uses.
declare module 'yauzl' {
  import type { Readable } from 'node:stream'

  export interface Entry {
    readonly fileName: string
    readonly compressedSize: number
    readonly uncompressedSize: number
    isEncrypted(): boolean
  }
  export interface ZipFile {
    readEntry(): void
    close(): void
    on(event: 'entry', listener: (entry: Entry) => void): this
    on(event: 'end', listener: () => void): this
    on(event: 'error', listener: (error: Error) => void): this
    openReadStream(entry: Entry, callback: (error: Error | null, stream: Readable) => void): void
  }
  export function fromBuffer(
    buffer: Buffer,
    options: { readonly lazyEntries: boolean; readonly validateEntrySizes?: boolean },
    callback: (error: Error | null, zip: ZipFile) => void,
  ): void
}
