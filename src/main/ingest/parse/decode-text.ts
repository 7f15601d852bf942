import iconv from 'iconv-lite'
import { detect } from 'jschardet'
import { AppError } from '../../../shared/errors.ts'

export interface DecodedText {
  readonly text: string
  /** Lower-case label, such as `utf-8` or `gb18030`. */
  readonly encoding: string
  /** True where the bytes did not say it and statistics decided. */
  readonly guessed: boolean
}

const sampleBytes = 256 * 1024
// What the detectors call it, against the superset that readers of real files use.
const supersets: Readonly<Record<string, string>> = {
  ascii: 'windows-1252',
  'iso-8859-1': 'windows-1252',
  gb2312: 'gb18030',
  gbk: 'gb18030',
  cp936: 'gb18030',
  'big5-hkscs': 'big5',
  big5hkscs: 'big5',
  cp950: 'big5',
  cp932: 'shift_jis',
  'windows-31j': 'shift_jis',
  cp949: 'euc-kr',
  uhc: 'euc-kr',
}

/**
 * Bytes to text: byte order mark, UTF-16 without one, ISO-2022-JP by its escapes, strict UTF-8, the encoding the file declares,
 * then detection by statistics (jschardet) over the first 256 KiB. The mark itself is not part of the text.
 * @throws AppError `unsupported-file` for bytes that are no text.
 */
export function decodeText(
  bytes: Uint8Array,
  options: { readonly declaredEncoding?: string | undefined } = {},
): DecodedText {
  const marked = decodeMarked(bytes)
  if (marked !== undefined) return marked
  const sample = bytes.subarray(0, sampleBytes)
  const wide = detectUtf16(sample)
  if (wide !== undefined) return { text: decodeWith(bytes, wide, false) ?? '', encoding: wide, guessed: true }
  if (isBinary(sample)) {
    throw new AppError(
      'unsupported-file',
      'This file holds no text that Carrel can read. Convert it to PDF, an Office format, HTML or plain text and add it again.',
    )
  }
  if (isIso2022Jp(sample)) {
    const text = decodeWith(bytes, 'iso-2022-jp', true)
    if (text !== undefined) return { text, encoding: 'iso-2022-jp', guessed: false }
  }
  const utf8 = decodeWith(bytes, 'utf-8', true)
  if (utf8 !== undefined) return { text: utf8, encoding: 'utf-8', guessed: false }
  const declared = options.declaredEncoding?.trim().toLowerCase()
  if (declared !== undefined && declared !== 'utf-8') {
    const text = decodeWith(bytes, supersets[declared] ?? declared, true)
    if (text !== undefined) return { text, encoding: supersets[declared] ?? declared, guessed: false }
  }
  return decodeDamagedUtf8(bytes) ?? decodeDetected(bytes, sample)
}

function decodeMarked(bytes: Uint8Array): DecodedText | undefined {
  const encoding =
    bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
      ? 'utf-8'
      : bytes[0] === 0xff && bytes[1] === 0xfe
        ? 'utf-16le'
        : bytes[0] === 0xfe && bytes[1] === 0xff
          ? 'utf-16be'
          : undefined
  if (encoding === undefined) return undefined
  return { text: decodeWith(bytes, encoding, false) ?? '', encoding, guessed: false }
}

/** `undefined` where the bytes do not fit (when strict) or the encoding is not known. */
function decodeWith(bytes: Uint8Array, encoding: string, isStrict: boolean): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: isStrict }).decode(bytes)
  } catch (error) {
    // Not an encoding of the web: iconv-lite knows the rest. It never fails on bytes, it puts U+FFFD.
    if (error instanceof RangeError && iconv.encodingExists(encoding)) {
      const text = iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), encoding)
      return isStrict && text.includes('\uFFFD') ? undefined : text
    }
    if (error instanceof RangeError || error instanceof TypeError) return undefined
    throw error
  }
}

/** UTF-16 without a mark: an ASCII character shows its zero byte on one side only, or nearly all units are usual characters. */
function detectUtf16(sample: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const pairs = Math.floor(sample.length / 2)
  if (pairs < 2) return undefined
  let zerosFirst = 0
  let zerosSecond = 0
  let usualLittle = 0
  let usualBig = 0
  for (let at = 0; at + 1 < sample.length; at += 2) {
    const first = sample[at] ?? 0
    const second = sample[at + 1] ?? 0
    if (first === 0) zerosFirst += 1
    if (second === 0) zerosSecond += 1
    if (isUsualUnit(first | (second << 8))) usualLittle += 1
    if (isUsualUnit(second | (first << 8))) usualBig += 1
  }
  // U+4E00 and its like have a zero low byte, so zeros may stand on both sides: the usual side has more, and reads better.
  if (zerosSecond > zerosFirst && usualLittle >= pairs * 0.9 && usualLittle > usualBig) return 'utf-16le'
  if (zerosFirst > zerosSecond && usualBig >= pairs * 0.9 && usualBig > usualLittle) return 'utf-16be'
  return undefined
}

function isUsualUnit(unit: number): boolean {
  return (
    (unit >= 0x20 && unit < 0x600) ||
    unit === 9 ||
    unit === 10 ||
    unit === 13 ||
    (unit >= 0x2000 && unit < 0x2800) ||
    (unit >= 0x3000 && unit < 0x3100) ||
    (unit >= 0x4e00 && unit < 0xa000) ||
    (unit >= 0xac00 && unit < 0xd800) ||
    (unit >= 0xff00 && unit < 0xfff0)
  )
}

/** Text has no zero bytes and next to no control characters. */
function isBinary(sample: Uint8Array): boolean {
  let zeros = 0
  let controls = 0
  for (const byte of sample) {
    if (byte === 0) zeros += 1
    else if (byte < 32 && (byte < 9 || byte > 13) && byte !== 27) controls += 1
  }
  return zeros > sample.length * 0.002 + 1 || controls > sample.length * 0.05 + 1
}

function isIso2022Jp(sample: Uint8Array): boolean {
  for (let at = sample.indexOf(27); at >= 0; at = sample.indexOf(27, at + 1)) {
    if (sample[at + 1] === 0x24 && (sample[at + 2] === 0x42 || sample[at + 2] === 0x40)) return true
  }
  return false
}

/** UTF-8 with a few broken bytes (a cut end, a bad copy): better than any other reading of it. */
function decodeDamagedUtf8(bytes: Uint8Array): DecodedText | undefined {
  const text = decodeWith(bytes, 'utf-8', false) ?? ''
  let broken = 0
  let foreign = 0
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit === 0xfffd) broken += 1
    else if (unit > 127) foreign += 1
  }
  return foreign >= 20 * broken ? { text, encoding: 'utf-8', guessed: true } : undefined
}

function decodeDetected(bytes: Uint8Array, sample: Uint8Array): DecodedText {
  const detected =
    detect(Buffer.from(sample.buffer, sample.byteOffset, sample.byteLength)).encoding?.toLowerCase() ?? 'windows-1252'
  const encoding = supersets[detected] ?? detected
  const text = decodeWith(bytes, encoding, false)
  if (text !== undefined) return { text, encoding, guessed: true }
  return { text: decodeWith(bytes, 'windows-1252', false) ?? '', encoding: 'windows-1252', guessed: true }
}
