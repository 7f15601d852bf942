import { expect, test } from 'vitest'
import { asksForWhole } from '../../../../src/main/answer/whole-document-request.ts'

test.each([
  'Summarise this document',
  'summarize it in three bullet points, please',
  'Please give me a short summary of the paper.',
  'What is this about?',
  "What's this document about?",
  'What are the main points?',
  'What does this report say?',
  'TL;DR',
  'Give me an overview of these files in Chinese',
  'summary',
  '总结一下这份文件',
  '请帮我概括这篇论文的主要内容',
  '这份合同讲了什么？',
  '这本书是关于什么的？',
  '用三句话总结全文',
  '列出要点',
  '這份報告的重點是什麼？',
  '主要内容是什么',
])('all of a document is meant: %s', (question) => expect(asksForWhole(question)).toBe(true))

test.each([
  'Summarise the termination clause',
  'What is a carrel?',
  'What does the lease say about pets?',
  'When do the carrels open?',
  'What is the capital of Mongolia?',
  'Which documents mention rent?',
  'and on Sundays?',
  'What is this?',
  'Who wrote this document?',
  '总结违约责任',
  '第二章讲了什么？',
  '这份合同的租金是多少？',
  '押金的主要内容是什么',
  '文件有几页？',
  '',
  '???',
])('something in it is meant: %s', (question) => expect(asksForWhole(question)).toBe(false))

test('a long request says more than that', () => {
  expect(asksForWhole('summary '.repeat(30))).toBe(false)
})
