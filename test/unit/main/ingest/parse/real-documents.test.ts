import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeText } from '../../../../../src/main/ingest/parse/decode-text.ts'
import { readDocument } from '../../../../support/documents/read-document.ts'

interface ManifestEntry {
  readonly file: string
  readonly expect: string
  readonly must_contain?: readonly string[]
  readonly password?: string
  readonly text_sha256?: string
  readonly pages?: number
}

const collection = resolve('../shared/eval/docs')
const isPresent = existsSync(join(collection, 'files.tar.zst'))
if (!isPresent)
  console.warn(
    'SKIPPED: the collection of real documents (../shared/eval/docs) is absent; parsers were tried on generated documents only.',
  )

const entries: readonly ManifestEntry[] = isPresent
  ? readFileSync(join(collection, 'manifest.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ManifestEntry)
  : []

const folded = (text: string): string => text.normalize('NFKC').replace(/\s+/g, ' ').toLowerCase()
const errorOf = (code: string, message = /./): object => ({ code, message: expect.stringMatching(message) })

describe.skipIf(!isPresent)('real documents', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'carrel-documents-'))
    execFileSync('tar', ['--zstd', '-xf', join(collection, 'files.tar.zst'), '-C', folder])
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each(entries.map((entry) => [entry.file, entry.expect, entry] as const))(
    '%s: %s',
    async (file, expected, entry) => {
      const bytes = new Uint8Array(readFileSync(join(folder, file)))
      const reading = readDocument(file, bytes)
      switch (expected) {
        case 'text': {
          const document = await reading
          const text = folded(document.text)
          for (const part of entry.must_contain ?? []) expect(text).toContain(folded(part))
          if (entry.pages !== undefined) expect(document.pageCount).toBe(entry.pages)
          if (entry.text_sha256 !== undefined)
            expect(createHash('sha256').update(decodeText(bytes).text).digest('hex')).toBe(entry.text_sha256)
          break
        }
        case 'text_with_password':
        case 'password_required':
          await expect(reading).rejects.toMatchObject(errorOf('encrypted-file', /password/))
          {
            const { text } = await readDocument(file, bytes, ['wrong', entry.password ?? ''])
            for (const part of entry.must_contain ?? []) expect(folded(text)).toContain(folded(part))
            expect(text.trim()).not.toBe('')
          }
          break
        case 'no_text_layer':
          expect(await reading).toMatchObject({ text: '', scanPages: [1] })
          break
        case 'empty':
          await expect(reading).rejects.toMatchObject(errorOf('empty-file'))
          break
        case 'unsupported_ok':
          // Old Excel files are read, old Word and PowerPoint files are refused by name.
          await reading.then(
            (document) => {
              for (const part of entry.must_contain ?? []) expect(folded(document.text)).toContain(folded(part))
            },
            (error: unknown) => expect(error).toMatchObject(errorOf('unsupported-file')),
          )
          break
        case 'garbled_text_layer':
          // Other readers get mojibake here. Right is either to refuse it or, as pdf.js does with its CMaps, to read real Chinese.
          await reading.then(
            (document) => {
              // Not silently: its pages are left to recognition.
              if (document.text === '') return expect(document.scanPages).toEqual([1])
              const letters = document.text.match(/\p{L}/gu) ?? []
              const han = document.text.match(/\p{Script=Han}/gu) ?? []
              expect(han.length).toBeGreaterThan(letters.length * 0.9)
            },
            (error: unknown) => expect(error).toMatchObject(errorOf('unreadable-file', /text recognition/)),
          )
          break
        case 'text_or_error':
          await reading.then(
            (document) => expect(document.text.trim()).not.toBe(''),
            (error: unknown) => expect(error).toMatchObject({ code: expect.stringMatching(/-file$/) }),
          )
          break
        default:
          expect.fail(`unknown expectation ${expected}`)
      }
    },
  )
})
