import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonBlocks, jsonLinesBlocks } from '../../../../../src/main/ingest/parse/json-text.ts'
import { buildSlices } from '../../../../../src/main/ingest/parse/slice-builder.ts'
import { expectSound } from '../../../../support/documents/expect-sound.ts'
import { readDocument } from '../../../../support/documents/read-document.ts'

const canonical = (text: string, kind: 'json' | 'lines' = 'json'): string =>
  expectSound([...buildSlices(kind === 'json' ? jsonBlocks(text) : jsonLinesBlocks(text))])

/** What stands outside of strings and white space, and the strings, in order. */
const tokens = (text: string): readonly string[] => text.match(/"(?:[^"\\]|\\.)*"|[^\s"]/g) ?? []

describe('JSON as text', () => {
  it('without line breaks is laid out and stays the same value', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), (values) => {
        const source = JSON.stringify({ padding: 'word '.repeat(80), values })
        expect(JSON.parse(canonical(source))).toEqual(JSON.parse(source))
      }),
    )
  })

  it('loses nothing of what is no JSON at all', () => {
    const piece = fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', 'a', '1', ' ', '"x"', '\n')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 300 }), (pieces) => {
        const source = `${pieces.join('')}${'1,'.repeat(200)}`
        expect(canonical(source).replace(/\s/g, '')).toBe(source.replace(/\s/g, ''))
      }),
    )
  })

  it('shows a member a line, indented, and short lists on one line', () => {
    const source = `{"name":"North quay","depths":[7.2,9.8],"ships":[{"name":"Ann"},{}],"remark":"${'x'.repeat(300)}"}`
    expect(canonical(source)).toBe(
      [
        '{',
        '  "name": "North quay",',
        '  "depths": [7.2,9.8],',
        '  "ships": [',
        '    {',
        '      "name": "Ann"',
        '    },',
        '    {}',
        '  ],',
        `  "remark": "${'x'.repeat(300)}"`,
        '}',
      ].join('\n'),
    )
  })

  it('that a person can read stays as it is, with the numbers of its lines', () => {
    const source = '{\n  "a": 1,\n  "b": [ 2 ]\n}'
    const [slice] = [...buildSlices(jsonBlocks(source))]
    expect(slice?.text).toBe(source)
    expect(slice?.blocks[0]?.line).toBe(1)
  })

  it('in lines gives each record a block', () => {
    const long = JSON.stringify({ id: 2, words: 'tide '.repeat(40) })
    const slices = [...buildSlices(jsonLinesBlocks(`{"id":1}\n\n${long}\n{"id":3}`))]
    const blocks = slices.flatMap(({ blocks: own }) => own)
    expect(blocks.map(({ line }) => line)).toEqual([1, undefined, 4])
    expect(tokens(slices[0]?.text ?? '')).toEqual(tokens(`{"id":1}${long}{"id":3}`))
  })

  it('nested a hundred thousand deep is read in a moment', () => {
    const depth = 100_000
    expect(canonical(`${'['.repeat(depth)}1${']'.repeat(depth)}`).replace(/\s/g, '')).toHaveLength(depth * 2 + 1)
  })

  it('is told by the name of the file', async () => {
    const bytes = new TextEncoder().encode(JSON.stringify({ a: 'word '.repeat(80), b: 1 }))
    expect((await readDocument('a.json', bytes)).text).toContain('\n  "b": 1\n}')
    expect((await readDocument('a.txt', bytes)).text).not.toContain('\n')
  })
})
