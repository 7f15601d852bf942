import { describe, expect, it } from 'vitest'
import { documentIdSchema } from '../../../../../src/shared/ids.ts'
import { createPasswords } from '../../../../../src/main/ingest/passwords.ts'
import { opensWith } from '../../../../../src/main/ingest/parse/check-password.ts'
import { resolveParserResources } from '../../../../../src/main/ingest/parse/parser-resources.ts'
import { encryptAgile, encryptStandard } from '../../../../support/documents/encrypted-office.ts'
import { fixtureDocuments } from '../../../../support/documents/fixture-documents.ts'
import { readDocument } from '../../../../support/documents/read-document.ts'

const fixtures = fixtureDocuments()
const fixture = (name: string): Uint8Array => {
  const bytes = fixtures[name]
  if (bytes === undefined) throw new Error(`no fixture ${name}`)
  return bytes
}
const plain = fixture('report.docx')
const locked: readonly (readonly [string, Uint8Array, string])[] = [
  ['encrypted.pdf', fixture('encrypted.pdf'), 'harbour'],
  ['agile.docx', encryptAgile(plain, '海港 2024'), '海港 2024'],
  ['standard.docx', encryptStandard(plain, 'open sesame'), 'open sesame'],
]

describe.each(locked)('%s', (name, bytes, password) => {
  it('asks for a password, and says when none of those given opens it', async () => {
    await expect(readDocument(name, bytes)).rejects.toMatchObject({
      code: 'encrypted-file',
      details: { reason: 'password-needed' },
    })
    await expect(readDocument(name, bytes, ['wrong', `${password}x`])).rejects.toMatchObject({
      code: 'encrypted-file',
      details: { reason: 'wrong-password' },
    })
  })

  it('is read with the one that fits, and says which', async () => {
    const document = await readDocument(name, bytes, ['wrong', password])
    expect(document.passwordUsed).toBe(1)
    const expected = name.endsWith('.pdf') ? 'Nobody may read this.' : (await readDocument('report.docx', plain)).text
    expect(document.text).toContain(expected)
  })

  it('is checked without being read', async () => {
    const resources = resolveParserResources()
    expect(await opensWith(bytes, { password, resources })).toBe(true)
    expect(await opensWith(bytes, { password: 'wrong', resources })).toBe(false)
  })
})

describe('an encrypted Office file', () => {
  it('longer than a segment comes out whole', async () => {
    const long = new TextEncoder().encode(`%PDF no\n${'a line of the ledger\n'.repeat(1_000)}`)
    expect((await readDocument('ledger.txt', encryptAgile(long, 'x'), ['x'])).text).toBe(
      (await readDocument('ledger.txt', long)).text,
    )
  })

  it('that is cut off, or wants more rounds than any program, is damaged', async () => {
    for (const bytes of [
      encryptAgile(plain, 'x').subarray(0, 2_000),
      fixture('encrypted.docx'),
      encryptedWithRounds(4_000_000_000),
    ]) {
      await expect(readDocument('broken.docx', bytes, ['x'])).rejects.toMatchObject({ code: 'unreadable-file' })
    }
  })
})

/** Claims more rounds than were made: trying one password would take minutes. */
function encryptedWithRounds(rounds: number): Uint8Array {
  const text = Buffer.from(encryptAgile(plain, 'x', 1)).toString('latin1')
  return new Uint8Array(
    Buffer.from(text.replace('spinCount="1" saltSize="16"', `spinCount="${rounds}" s="1"`), 'latin1'),
  )
}

describe('passwords of a session', () => {
  const one = documentIdSchema.parse('1'.repeat(64))
  const two = documentIdSchema.parse('2'.repeat(64))

  it('are tried on every locked document, the one that fitted it first', () => {
    const passwords = createPasswords()
    passwords.offer('for the folder')
    passwords.remember(one, 'for one')
    passwords.offer('newest')
    expect(passwords.candidates(one)).toEqual(['for one', 'newest', 'for the folder'])
    expect(passwords.candidates(two)).toEqual(['newest', 'for one', 'for the folder'])
    expect(passwords.of(one)).toBe('for one')
    expect(passwords.of(two)).toBeNull()
  })

  it('are few: the oldest goes', () => {
    const passwords = createPasswords()
    for (let index = 0; index < 20; index += 1) passwords.offer(`password ${index}`)
    expect(passwords.candidates(two)).toHaveLength(8)
    expect(passwords.candidates(two)).toContain('password 19')
  })
})
