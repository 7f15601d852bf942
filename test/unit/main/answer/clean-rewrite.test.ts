import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { cleanRewrite } from '../../../../src/main/answer/clean-rewrite.ts'
import { questionLanguage } from '../../../../src/main/answer/question-language.ts'

const english = {
  question: 'and in 2023?',
  language: 'latin',
  known: ['What was the rent in 2022?', 'The rent of the Elm Street office was 4,100 a month.'],
  earlierQuestions: ['What was the rent in 2022?'],
} as const
const chinese = {
  question: '那2023年呢？',
  language: 'zh',
  known: ['2022年的租金是多少？', '榆树街办公室的租金是每月四千一百元。'],
  earlierQuestions: ['2022年的租金是多少？'],
} as const
const wanted = 'What was the rent of the Elm Street office in 2023?'

describe('what a model made of a follow-up', () => {
  it.each([
    ['as it is', wanted],
    ['reasoning', `<think>They ask for 2023.\nSo:</think>\n\n${wanted}`],
    ['reasoning whose opening tag is missing', `They ask for 2023.</think>${wanted}`],
    ['another reasoning tag', `[THINK]hm[/THINK] ${wanted}`],
    ['a lead', `Standalone question: ${wanted}`],
    ['a lead in bold', `**Rewritten question:** ${wanted}`],
    ['a line above', `Here is the rewritten question:\n\n"${wanted}"`],
    ['quotation marks', `“${wanted}”`],
    ['Markdown', `> **${wanted}**`],
    ['a list item', `1. ${wanted}`],
    ['a code fence', `\`\`\`text\n${wanted}\n\`\`\``],
    ['special tokens', `<|im_start|>${wanted}<|im_end|>`],
    ['invisible characters', `\u200B${wanted}\u0000`],
    ['white space', `   What was the rent\tof the Elm Street office  in 2023?  `],
  ])('comes out plain: %s', (_name, raw) => expect(cleanRewrite(raw, english)).toEqual({ text: wanted }))

  it('comes out plain in Chinese', () => {
    const text = '榆树街办公室2023年的租金是多少？'
    for (const raw of [text, `改写后的问题：${text}`, `「${text}」`, `<think>用户问2023</think>\n${text}`])
      expect(cleanRewrite(raw, chinese)).toEqual({ text })
  })

  it.each([
    ['nothing', '', 'empty'],
    ['only reasoning', '<think>I wonder what was the rent in 2023', 'empty'],
    ['only punctuation', '...?', 'empty'],
    ['the same words', 'And in 2023', 'unchanged'],
    ['several lines', `${wanted}\nThe user wants to know about 2023.`, 'rambling'],
    ['far too much', `What was the rent in 2023 ${'of the Elm Street office '.repeat(30)}?`, 'rambling'],
    ['sentence after sentence', 'The rent. The rent 2023. The rent. The office.', 'rambling'],
    ['an answer', 'The rent of the Elm Street office in 2023 was 4,100.', 'answer'],
    ['an answer that begins as one', 'Sure, the rent in 2023', 'answer'],
    ['an apology', "I'm sorry, I do not know the rent in 2023?", 'answer'],
    ['a citation', 'Was the rent 4,100 in 2023 [1]?', 'answer'],
    ['an answer behind the question', 'What was the rent in 2023? It was 4,100.', 'answer'],
    ['another language', '2023年的租金是多少？', 'wrong-language'],
    ['the year lost', 'What was the rent of the office?', 'number-lost'],
    ['a story of its own', 'Which planets did the probe visit in 2023?', 'invented'],
  ])('is dropped: %s', (_name, raw, fault) => expect(cleanRewrite(raw, english)).toEqual({ fault }))

  it('is dropped when it only asks the earlier question again', () => {
    expect(cleanRewrite('what was the rent in 2022', { ...english, question: 'are you sure?' })).toEqual({
      fault: 'earlier-question',
    })
  })

  it('is dropped in English for a Chinese question', () => {
    expect(cleanRewrite('What was the rent in 2023?', chinese)).toEqual({ fault: 'wrong-language' })
  })

  it('may be a search phrase, and a plain statement where the reader made one', () => {
    expect(cleanRewrite('rent of the Elm Street office in 2023', english)).toEqual({
      text: 'rent of the Elm Street office in 2023',
    })
    const statement = 'I mean the rent of the Elm Street office.'
    expect(cleanRewrite(statement, { ...english, question: 'I mean the rent.' })).toEqual({ text: statement })
  })

  const piece = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.constantFrom(
      '<think>',
      '</think>',
      '\n',
      '"',
      '**',
      'Question:',
      '问题：',
      '[1]',
      '2023',
      wanted,
      '```',
      '<|end|>',
    ),
  )
  test.prop([fc.array(piece, { maxLength: 30 }).map((parts) => parts.join('')), fc.constantFrom(english, chinese)])(
    'is one plain, bounded line in the language asked for, or dropped, whatever was written',
    (raw, asked) => {
      const cleaned = cleanRewrite(raw, asked)
      if ('fault' in cleaned) return
      expect(cleaned.text).toMatch(/^\S(?:[^\n\r\p{Cc}\p{Cf}]*\S)?$/u)
      expect(cleaned.text.length).toBeLessThanOrEqual(asked.question.length * 3 + 160)
      expect(cleaned.text).not.toMatch(/<\/?think>/)
      expect(questionLanguage(cleaned.text)).toBe(asked.language)
      expect(cleanRewrite(cleaned.text, asked)).toEqual(cleaned)
    },
  )
})
