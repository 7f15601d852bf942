// yazl ships no types; this is the part of it that Carrel uses.
declare module 'yazl' {
  import type { Readable } from 'node:stream'

  export class ZipFile {
    readonly outputStream: Readable
    addBuffer(bytes: Buffer, name: string, options?: { readonly mtime?: Date }): void
    addReadStream(stream: Readable, name: string, options?: { readonly mtime?: Date }): void
    end(): void
  }
}
