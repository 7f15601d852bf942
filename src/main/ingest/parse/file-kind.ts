import { AppError } from '../../../shared/errors.ts'
import { openZip } from './zip-entries.ts'

/** What the bytes are, before any text is decoded. `text`: no known magic number; it may still turn out to be binary. */
export type FileKind =
  | 'pdf'
  | 'docx'
  | 'slides'
  | 'workbook'
  | 'old-workbook'
  | 'open-text'
  | 'open-slides'
  | 'open-sheet'
  | 'epub'
  | 'rtf'
  | 'mail'
  | 'saved-page'
  | 'image'
  | 'text'

const readable = 'Convert it to PDF, an Office format, HTML, Markdown or plain text and add it again.'
const oleMagic = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]

/** Magic numbers of pictures, whose text is recognised. */
const pictures: readonly { readonly at: number; readonly magic: readonly number[] }[] = [
  { at: 0, magic: [0x89, 0x50, 0x4e, 0x47] },
  { at: 0, magic: [0xff, 0xd8, 0xff] },
  { at: 0, magic: [0x47, 0x49, 0x46, 0x38] },
  { at: 0, magic: [0x49, 0x49, 0x2a, 0x00] },
  { at: 0, magic: [0x4d, 0x4d, 0x00, 0x2a] },
  { at: 8, magic: [0x57, 0x45, 0x42, 0x50] },
]

/** Magic numbers of what Carrel cannot read (yet). */
const foreign: readonly { readonly what: string; readonly at: number; readonly magic: readonly number[] }[] = [
  { what: 'a video or sound file', at: 4, magic: [0x66, 0x74, 0x79, 0x70] },
  { what: 'a sound file', at: 0, magic: [0x49, 0x44, 0x33] },
  { what: 'a sound file', at: 0, magic: [0x4f, 0x67, 0x67, 0x53] },
  { what: 'a program', at: 0, magic: [0x7f, 0x45, 0x4c, 0x46] },
  { what: 'a gzip archive', at: 0, magic: [0x1f, 0x8b] },
  { what: 'a 7z archive', at: 0, magic: [0x37, 0x7a, 0xbc, 0xaf] },
  { what: 'a RAR archive', at: 0, magic: [0x52, 0x61, 0x72, 0x21] },
  { what: 'a zstd archive', at: 0, magic: [0x28, 0xb5, 0x2f, 0xfd] },
  { what: 'an xz archive', at: 0, magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a] },
  { what: 'a database', at: 0, magic: [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20, 0x66, 0x6f, 0x72, 0x6d, 0x61, 0x74] },
  { what: 'a font', at: 0, magic: [0x00, 0x01, 0x00, 0x00, 0x00] },
]

/** Text formats with a reader of their own, told by extension: their first bytes are header lines in any order. */
const namedText: Readonly<Record<string, FileKind>> = { eml: 'mail', mht: 'saved-page', mhtml: 'saved-page' }
const rtfMagic = [0x7b, 0x5c, 0x72, 0x74, 0x66]

/** The extension of a file name, lower-case, without the dot; empty where there is none. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : ''
}

/**
 * Tells by content what a file is; its name is asked only where content does not say.
 * @throws AppError `unsupported-file` naming what it is instead; `encrypted-file` for a zip archive with a password;
 * `unreadable-file` for a damaged archive.
 */
export async function detectKind(name: string, bytes: Uint8Array): Promise<FileKind> {
  if (isPdf(name, bytes)) return 'pdf'
  if (hasBytes(bytes, 0, oleMagic)) return oleKind(bytes)
  if (hasBytes(bytes, 0, [0x50, 0x4b, 0x03, 0x04]) || hasBytes(bytes, 0, [0x50, 0x4b, 0x05, 0x06]))
    return zipKind(name, bytes)
  if (pictures.some(({ at, magic }) => hasBytes(bytes, at, magic)) || isBitmap(bytes)) return 'image'
  const known = foreign.find(({ at, magic }) => hasBytes(bytes, at, magic))
  if (known !== undefined) throw unsupported(known.what)
  if (hasBytes(bytes, 0, [0x4d, 0x5a]) && bytes.subarray(0, 1024).includes(0)) throw unsupported('a program')
  if (hasBytes(bytes, 0, rtfMagic)) return 'rtf'
  return namedText[extensionOf(name)] ?? 'text'
}

/** "BM" begins many a text: a bitmap also says how long it is, and how long its header. */
function isBitmap(bytes: Uint8Array): boolean {
  if (!hasBytes(bytes, 0, [0x42, 0x4d]) || bytes.length < 30) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return view.getUint32(6, true) === 0 && [40, 52, 56, 64, 108, 124].includes(view.getUint32(14, true))
}

/** Readers accept a header within the first 1,024 bytes; a text that only speaks of PDF must not be taken for one. */
function isPdf(name: string, bytes: Uint8Array): boolean {
  const start = latin1(bytes.subarray(0, 1032))
  const at = start.search(/%PDF-\d/)
  if (at < 0) return false
  if (at === 0 || extensionOf(name) === 'pdf') return true
  return /\d obj\b/.test(latin1(bytes.subarray(at, at + 4_096)))
}

async function zipKind(name: string, bytes: Uint8Array): Promise<FileKind> {
  let names: ReadonlySet<string>
  try {
    const zip = await openZip(bytes)
    zip.close()
    if (zip.entries.some((entry) => entry.isEncrypted())) {
      throw new AppError(
        'encrypted-file',
        'This file is protected by a password. Save a copy without the password and add that.',
      )
    }
    names = new Set(zip.entries.map((entry) => entry.fileName))
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('unreadable-file', 'This file is damaged or cut off. Get a complete copy and add it again.', {
      cause: error,
    })
  }
  if (
    names.has('word/document.xml') ||
    (['docx', 'docm', 'dotx'].includes(extensionOf(name)) && names.has('[Content_Types].xml'))
  )
    return 'docx'
  const has = (prefix: string): boolean => [...names].some((entry) => entry.startsWith(prefix))
  if (has('word/document')) return 'docx'
  if (has('xl/')) return 'workbook'
  if (has('ppt/')) return 'slides'
  if (names.has('META-INF/container.xml')) return 'epub'
  if (names.has('content.xml') && names.has('META-INF/manifest.xml')) return openDocumentKind(name, bytes)
  throw new AppError('unsupported-file', 'This is a zip archive. Unpack it and add the documents inside.')
}

/** An OpenDocument file says what it is in its first, uncompressed part. */
function openDocumentKind(name: string, bytes: Uint8Array): FileKind {
  const start = latin1(bytes.subarray(0, 200))
  if (/opendocument\.presentation/.test(start) || extensionOf(name) === 'odp') return 'open-slides'
  if (/opendocument\.spreadsheet/.test(start) || extensionOf(name) === 'ods') return 'open-sheet'
  return 'open-text'
}

/** Files of the time before zip archives: workbooks can be read, the others cannot. */
function oleKind(bytes: Uint8Array): FileKind {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const hasStream = (name: string): boolean => buffer.includes(Buffer.from(`${name}\0`, 'utf16le'))
  if (hasStream('Workbook') || hasStream('Book')) return 'old-workbook'
  throw new AppError(
    'unsupported-file',
    'This is a file of an old Office version. Open it in Word, PowerPoint or LibreOffice, save it as DOCX, PPTX or PDF and add that.',
  )
}

function unsupported(what: string): AppError {
  return new AppError('unsupported-file', `This is ${what}, which Carrel cannot read yet. ${readable}`, {
    details: { what },
  })
}

function hasBytes(bytes: Uint8Array, at: number, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[at + index] === byte)
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
