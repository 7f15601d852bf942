import { createHash } from 'node:crypto'

/** Fonts that every reader has; none is embedded. `song` is Simplified Chinese through a predefined CMap. */
export type PdfFont = 'sans' | 'sans-bold' | 'ligatures' | 'song'

/** One drawn string. Points, origin lower left as PDF has it; `matrix` replaces the place for turned text. */
export interface PdfString {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly size: number
  readonly font?: PdfFont
}

export interface PdfPageSource {
  readonly strings: readonly PdfString[]
  readonly width?: number
  readonly height?: number
  readonly rotate?: 0 | 90 | 180 | 270
  /** Draws a picture, as a scanned page does. */
  readonly hasPicture?: boolean
}

export interface PdfSource {
  readonly pages: readonly PdfPageSource[]
  readonly title?: string
  /** Encrypts with RC4, 40 bits; an empty password opens without asking. */
  readonly userPassword?: string
}

const padding = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex')
const fileId = Buffer.from('63617272656c2d746573742d66696c65', 'hex')
const fontNumbers: Readonly<Record<PdfFont, number>> = { sans: 1, 'sans-bold': 2, ligatures: 3, song: 4 }

/** Writes a small, valid PDF 1.4 without compression; the same source gives the same bytes. */
export function writePdf(source: PdfSource): Uint8Array {
  const key = source.userPassword === undefined ? null : encryptionKey(source.userPassword)
  const objects: string[] = []
  const add = (body: string): number => objects.push(body)
  const catalog = add('')
  const tree = add('')
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>')
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>')
  add(
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [1 /fi /fl] >> >>',
  )
  add('<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [7 0 R] >>')
  add(
    '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 8 0 R /DW 1000 >>',
  )
  add(
    '<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>',
  )
  const picture = add('')
  objects[picture - 1] = stream(
    '/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8',
    '\x80',
    picture,
    key,
  )
  const fonts = '/F1 3 0 R /F2 4 0 R /F3 5 0 R /F4 6 0 R'
  const kids: number[] = []
  for (const page of source.pages) {
    const content = add('')
    objects[content - 1] = stream('', contentOf(page), content, key)
    const box = `[0 0 ${page.width ?? 595} ${page.height ?? 842}]`
    kids.push(
      add(
        `<< /Type /Page /Parent ${tree} 0 R /MediaBox ${box} /Rotate ${page.rotate ?? 0} /Contents ${content} 0 R ` +
          `/Resources << /Font << ${fonts} >> /XObject << /Im1 ${picture} 0 R >> >> >>`,
      ),
    )
  }
  objects[catalog - 1] = `<< /Type /Catalog /Pages ${tree} 0 R >>`
  objects[tree - 1] = `<< /Type /Pages /Count ${kids.length} /Kids [${kids.map((kid) => `${kid} 0 R`).join(' ')}] >>`
  let trailer = `/Size ${objects.length + 1} /Root ${catalog} 0 R`
  if (source.title !== undefined && key === null) {
    const info = add(`<< /Title <feff${utf16Hex(source.title)}> >>`)
    trailer = `/Size ${objects.length + 1} /Root ${catalog} 0 R /Info ${info} 0 R`
  }
  if (key !== null) {
    const encrypt = add(
      `<< /Filter /Standard /V 1 /R 2 /P -44 /O <${ownerEntry().toString('hex')}> /U <${rc4(key, padding).toString('hex')}> >>`,
    )
    trailer = `/Size ${objects.length + 1} /Root ${catalog} 0 R /Encrypt ${encrypt} 0 R`
  }
  const parts = ['%PDF-1.4\n%\xe2\xe3\xcf\xd3\n']
  let length = parts[0]?.length ?? 0
  const offsets: number[] = []
  for (const [index, body] of objects.entries()) {
    const text = `${index + 1} 0 obj\n${body}\nendobj\n`
    offsets.push(length)
    parts.push(text)
    length += text.length
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const id = fileId.toString('hex')
  parts.push(
    `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< ${trailer} /ID [<${id}> <${id}>] >>\nstartxref\n${length}\n%%EOF\n`,
  )
  return new Uint8Array(Buffer.from(parts.join(''), 'latin1'))
}

function contentOf(page: PdfPageSource): string {
  const drawn = page.strings.map(({ text, x, y, size, font = 'sans' }) => {
    const hex =
      font === 'song'
        ? utf16Hex(text)
        : Buffer.from(font === 'ligatures' ? withLigatures(text) : winAnsi(text), 'latin1').toString('hex')
    return `BT /F${fontNumbers[font]} ${size} Tf 1 0 0 1 ${round(x)} ${round(y)} Tm <${hex}> Tj ET`
  })
  return [...(page.hasPicture === true ? ['q 400 0 0 500 90 150 cm /Im1 Do Q'] : []), ...drawn].join('\n')
}

function withLigatures(text: string): string {
  return text.replaceAll('fi', '\x01').replaceAll('fl', '\x02')
}

function winAnsi(text: string): string {
  return text
    .replaceAll('’', '\x92')
    .replaceAll('“', '\x93')
    .replaceAll('”', '\x94')
    .replaceAll('–', '\x96')
    .replaceAll('•', '\x95')
}

function utf16Hex(text: string): string {
  return Buffer.from(text, 'utf16le').swap16().toString('hex')
}

function stream(dictionary: string, body: string, number: number, key: Buffer | null): string {
  const bytes = Buffer.from(body, 'latin1')
  const data = (key === null ? bytes : rc4(objectKey(key, number), bytes)).toString('latin1')
  return `<< ${dictionary} /Length ${data.length} >>\nstream\n${data}\nendstream`
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

// Standard security handler, revision 2 (PDF 32000-1, 7.6.3).
function ownerEntry(): Buffer {
  return rc4(md5(padding).subarray(0, 5), padding)
}

function encryptionKey(password: string): Buffer {
  const permissions = Buffer.alloc(4)
  permissions.writeInt32LE(-44)
  return md5(Buffer.concat([padded(password), ownerEntry(), permissions, fileId])).subarray(0, 5)
}

function objectKey(key: Buffer, number: number): Buffer {
  return md5(
    Buffer.concat([key, Buffer.from([number & 0xff, (number >> 8) & 0xff, (number >> 16) & 0xff, 0, 0])]),
  ).subarray(0, 10)
}

function padded(password: string): Buffer {
  return Buffer.concat([Buffer.from(password, 'latin1'), padding]).subarray(0, 32)
}

function md5(bytes: Buffer): Buffer {
  return createHash('md5').update(bytes).digest()
}

function rc4(key: Buffer, data: Buffer): Buffer {
  const state = Array.from({ length: 256 }, (_unused, index) => index)
  const at = (index: number): number => state[index] ?? 0
  let j = 0
  for (let i = 0; i < 256; i += 1) {
    j = (j + at(i) + (key[i % key.length] ?? 0)) & 0xff
    ;[state[i], state[j]] = [at(j), at(i)]
  }
  const out = Buffer.alloc(data.length)
  let i = 0
  j = 0
  for (const [index, byte] of data.entries()) {
    i = (i + 1) & 0xff
    j = (j + at(i)) & 0xff
    ;[state[i], state[j]] = [at(j), at(i)]
    out[index] = byte ^ at((at(i) + at(j)) & 0xff)
  }
  return out
}
