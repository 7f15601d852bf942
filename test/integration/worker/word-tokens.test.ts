import { Tokenizer } from '@huggingface/tokenizers'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { EmbedderId } from '../../../src/main/ports/embedding.ts'
import { createTokenizers } from '../../../src/main/worker/tokenizers.ts'
import { projectFolder } from '../../support/run-carrel.ts'
import { createSeededRandom } from '../../support/seeded-random.ts'

const modelsFolder = join(projectFolder, 'resources', 'models')
/** What parts words, joins them, or is dropped from them: blanks of all kinds, marks, controls, ideographs, signs. */
const pieces = [
  [' ', '\n', '\t', '\r\n', '\u00A0', '\u3000', '\u2028', '\u0085', '\uFEFF', '\u200B', '\u00AD', '\u0000', '\u001F'],
  [
    '\u0301',
    '\uFE0F',
    '\u200D',
    '.',
    ',',
    '-',
    '[SEP]',
    '[UNK]',
    '##',
    "'s",
    '…',
    '“',
    '，',
    '。',
    '《',
    '\uD800',
    '🙂',
  ],
  ['Harbour', 'unbelievable', 'ΟΔΟΣ', 'İstanbul', 'naïve', 'ﬁne', 'Ⅷ', '3,141.59', 'AB-1234', 'x'.repeat(120)],
  ['潮汐', '港', '㐀', '𠀀', '豈', 'ひらがな', 'カナ', '한글', 'ไทย', '中文 with English', '\u4E00\u0301', '々', '〇'],
].flat()

describe.each(['all-MiniLM-L6-v2', 'bge-small-zh-v1.5'] as const)('tokens word by word of %s', (embedder) => {
  test('are those of the tokenizer, whatever the text', () => {
    const library = libraryTokenizer(embedder)
    const tokenizers = createTokenizers(modelsFolder)
    const random = createSeededRandom()
    for (let round = 0; round < 3_000; round += 1) {
      const text = Array.from({ length: 1 + random.below(12) }, () => pieces[random.below(pieces.length)]).join(
        random.below(3) === 0 ? ' ' : '',
      )
      const { ids } = library.encode(text)
      const own = tokenizers.encode(text, embedder)
      // A long text is read in windows, which other tests are about.
      if (ids.length <= 128) expect(own, `seed ${random.seed}: ${JSON.stringify(text)}`).toEqual([ids])
      expect(tokenizers.count(text, embedder)).toBe(library.encode(text, { add_special_tokens: false }).ids.length)
    }
  })

  test('stay those of the tokenizer when more words came than are kept', () => {
    const library = libraryTokenizer(embedder)
    const tokenizers = createTokenizers(modelsFolder)
    for (let number = 0; number < 70_000; number += 1000) {
      const text = Array.from({ length: 1_000 }, (_, index) => `w${number + index}`).join(' ')
      expect(tokenizers.count(text, embedder)).toBe(library.encode(text, { add_special_tokens: false }).ids.length)
    }
  })
})

function libraryTokenizer(embedder: EmbedderId): Tokenizer {
  const file = JSON.parse(readFileSync(join(modelsFolder, embedder, 'tokenizer.json'), 'utf8'))
  return new Tokenizer({ ...file, added_tokens: [], normalizer: { ...file.normalizer, lowercase: true } }, {})
}
