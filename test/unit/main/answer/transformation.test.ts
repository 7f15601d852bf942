import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { detectTransformation } from '../../../../src/main/answer/transformation.ts'

describe('requests that only change the form of the previous answer', () => {
  it.each(
    `shorter | Shorter, please | make it shorter | can you make it more concise? | be brief | too long | TL;DR | summarize it | Summarise that in one sentence | in two sentences | in 50 words please | 简短一点 | 再简短一些 | 请说得简洁一点 | 太长了 | 一句话总结一下 | 总结一下 | 概括一下上面的内容 | 能不能短一点？`.split(
      ' | ',
    ),
  )('%s: shorter', (question) => expect(detectTransformation(question)).toEqual({ kind: 'shorter' }))

  it.each(
    `in simpler words | simpler | explain it in plain English | simplify that | explain like I’m five | 简单一点 | 说简单点 | 用通俗的话解释一下 | 用大白话说 | 通俗易懂一点`.split(
      ' | ',
    ),
  )('%s: simpler', (question) => expect(detectTransformation(question)).toEqual({ kind: 'simpler' }))

  it.each(
    `as a table | put it in a table | Could you please make a table? | table please | as a markdown table | 做成表格 | 用表格列出来 | 整理成一个表格 | 请把刚才的回答做成表格 | 列个表 | 请用表格形式展示`.split(
      ' | ',
    ),
  )('%s: table', (question) => expect(detectTransformation(question)).toEqual({ kind: 'table' }))

  it.each([
    'as bullet points',
    'list the main points',
    'the key points',
    '列出要点',
    '分点列出',
    '改成列表',
    '逐条列出',
  ])('%s: list', (question) => expect(detectTransformation(question)).toEqual({ kind: 'list' }))

  it.each([
    ['translate that', null],
    ['Translate it to Chinese', 'Simplified Chinese'],
    ['translate this into French please', 'French'],
    ['in English', 'English'],
    ['and in German, please?', 'German'],
    ['can you say that in Chinese', 'Simplified Chinese'],
    ['翻译一下', null],
    ['翻译成英文', 'English'],
    ['请把上面的回答翻译成英语', 'English'],
    ['用中文回答', 'Simplified Chinese'],
    ['换成繁体中文', 'Traditional Chinese'],
  ])('%s: translate', (question, language) =>
    expect(detectTransformation(question)).toEqual({ kind: 'translate', language }),
  )

  it.each(
    `in a table on page 3? | summarize chapter 2 | summarize this document | What is in the table? | why? | more | how short is the lease? | is it shorter than the other? | translate the contract | and in 2023? | and in Germany? | list the tenants | list the points of clause 4 | make a table of all rents | simple words | a tablespoon |  | 总结第二章 | 总结这份合同 | 翻译费是多少 | 英文合同在哪里 | 表格里写了什么 | 中文版有效吗 | 短期租赁 | 列出所有租客 | 那2023年呢 | 为什么 | 表3说明什么 | 清单里有什么 | 概括第三条 | 简单说明违约责任`.split(
      ' | ',
    ),
  )('%s: a question of its own', (question) => expect(detectTransformation(question)).toBeNull())

  test.prop([fc.string({ unit: 'grapheme', maxLength: 200 })])('takes any text', (question) => {
    expect(() => detectTransformation(question)).not.toThrow()
  })

  test.prop([fc.string({ minLength: 81, maxLength: 20_000 })])('never takes a long text', (question) => {
    fc.pre(question.trim().length > 80)
    expect(detectTransformation(`shorter ${'x'.repeat(80)} ${question}`)).toBeNull()
  })
})
