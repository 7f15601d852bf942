import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../../../src/shared/errors.ts'
import { decodeText } from '../../../../../src/main/ingest/parse/decode-text.ts'
import { fixtureDocuments } from '../../../../support/documents/fixture-documents.ts'

const fixtures = fixtureDocuments()
const bytesOf = (name: string): Uint8Array => fixtures[name] ?? new Uint8Array()

describe('decodeText', () => {
  it.each([
    ['港口-gb18030.txt', 'gb18030', '渔民把一筐一筐的鱼搬上岸', true],
    ['圖書館-big5.txt', 'big5', '最珍貴的藏書', true],
    ['駅-shift-jis.txt', 'shift_jis', '古い鉄道の駅', true],
    ['駅-euc-jp.txt', 'euc-jp', '古い鉄道の駅', true],
    ['mayak-koi8-r.txt', 'koi8-r', 'Старый маяк', true],
    ['mayak-windows-1251.txt', 'windows-1251', 'Старый маяк', true],
    ['港口-utf-16le.txt', 'utf-16le', '清晨的港口', true],
    ['港口-utf-16be-bom.txt', 'utf-16be', '清晨的港口', false],
    ['中文笔记.md', 'utf-8', '灯塔建于', false],
    ['cut-in-a-character.txt', 'utf-8', '讨价还价', true],
  ])('%s is %s', (name, encoding, part, guessed) => {
    const decoded = decodeText(bytesOf(name))
    expect(decoded.encoding).toBe(encoding)
    expect(decoded.text).toContain(part)
    expect(decoded.text.charCodeAt(0)).not.toBe(0xfeff)
    expect(decoded.guessed).toBe(guessed)
  })

  it('reads ISO-2022-JP by its escapes', () => {
    // "日本" between the escapes for JIS X 0208 and ASCII.
    const decoded = decodeText(Buffer.from('\x1b$BF|K\\\x1b(B', 'latin1'))
    expect(decoded).toEqual({ text: '日本', encoding: 'iso-2022-jp', guessed: false })
  })

  it('believes the declared encoding where the bytes fit it, and not where they do not', () => {
    const polish = iconv.encode('Zażółć gęślą jaźń', 'iso-8859-2')
    expect(decodeText(polish, { declaredEncoding: 'ISO-8859-2' })).toMatchObject({
      text: 'Zażółć gęślą jaźń',
      guessed: false,
    })
    expect(decodeText(bytesOf('港口-gb18030.txt'), { declaredEncoding: 'shift_jis' }).encoding).toBe('gb18030')
    expect(decodeText(polish, { declaredEncoding: 'no-such-encoding' }).text.length).toBe(17)
  })

  it('refuses bytes that are no text', () => {
    expect(() => decodeText(bytesOf('binary.txt'))).toThrow(AppError)
  })
})
