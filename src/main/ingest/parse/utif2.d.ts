/** The part of utif2 that is used. Tags are arrays by number: 256 width, 257 height. */
declare module 'utif2' {
  interface Directory {
    readonly t256?: readonly number[]
    readonly t257?: readonly number[]
    /** Both after `decodeImage`. */
    readonly width: number
    readonly height: number
  }
  const UTIF: {
    decode(file: ArrayBuffer): Directory[]
    decodeImage(file: ArrayBuffer, directory: Directory): void
    toRGBA8(directory: Directory): Uint8Array
    /** Uncompressed; for tests. */
    encodeImage(colours: Uint8Array, width: number, height: number): ArrayBuffer
  }
  // The package is CommonJS: its exports are what Node gives as the default.
  export { UTIF as default }
}
