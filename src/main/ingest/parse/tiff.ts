import UTIF from 'utif2'

/** Faxes and scanned files have hundreds; more is no document. */
const mostPages = 2_000

/** Width and height in pixels. */
export interface PixelSize {
  readonly width: number
  readonly height: number
}

export function isTiff(bytes: Uint8Array): boolean {
  const magic = bytes.subarray(0, 4).join(' ')
  return magic === '73 73 42 0' || magic === '77 77 0 42'
}

/** The size of each page, in order; pictures without pixels (thumbnails by reference) are left out. @throws Error where the file is damaged */
export function tiffPages(bytes: Uint8Array): readonly PixelSize[] {
  return directoriesOf(bytes).map(({ t256, t257 }) => ({ width: t256?.[0] ?? 0, height: t257?.[0] ?? 0 }))
}

/** One page's colours: red, green, blue, alpha. @param number from 1 @throws Error where the page is damaged */
export function tiffPage(bytes: Uint8Array, number: number): PixelSize & { readonly colours: Uint8Array } {
  const file = bufferOf(bytes)
  const directory = directoriesOf(bytes)[number - 1]
  if (directory === undefined) throw new Error(`no page ${number}`)
  UTIF.decodeImage(file, directory)
  const { width, height } = directory
  const colours = UTIF.toRGBA8(directory)
  if (!(width > 0) || !(height > 0) || colours.length !== width * height * 4)
    throw new Error(`page ${number} is damaged`)
  return { width, height, colours }
}

function directoriesOf(bytes: Uint8Array): ReturnType<typeof UTIF.decode> {
  const directories = UTIF.decode(bufferOf(bytes)).filter(
    ({ t256, t257 }) => (t256?.[0] ?? 0) > 0 && (t257?.[0] ?? 0) > 0,
  )
  return directories.slice(0, mostPages)
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer
}
