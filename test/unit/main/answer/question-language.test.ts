import { expect, it } from 'vitest'
import { questionLanguage } from '../../../../src/main/answer/question-language.ts'
import { translationTarget } from '../../../../src/main/answer/translation-target.ts'

it.each([
  ['What notice must the tenant give?', 'latin'],
  ['Welche Frist gilt?', 'latin'],
  ['提前退租要提前多久通知？', 'zh'],
  ['Transformers.js 怎么加载模型', 'zh'],
  ['what does 租金 mean in this contract?', 'latin'],
  ['賃貸契約の通知期間は？', 'other'],
  ['Какой срок уведомления?', 'other'],
  ['2023?', null],
  ['', null],
])('%s is asked in %s', (text, language) => expect(questionLanguage(text)).toBe(language))

it('translates only into a language that a meaningful part of the library speaks', () => {
  const mixed = new Map([
    ['en', 40],
    ['zh', 60],
    ['und', 500],
  ])
  expect(translationTarget('提前多久通知？', mixed)).toBe('en')
  expect(translationTarget('What notice?', mixed)).toBe('zh')
  expect(translationTarget('通知は？', mixed)).toBeNull()
  expect(translationTarget('2023?', mixed)).toBeNull()
  expect(
    translationTarget(
      'What notice?',
      new Map([
        ['en', 1000],
        ['zh', 20],
      ]),
    ),
  ).toBeNull()
  expect(translationTarget('What notice?', new Map())).toBeNull()
  expect(translationTarget('提前多久通知？', new Map([['de', 100]]))).toBeNull()
})
