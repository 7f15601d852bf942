import { expect, it } from 'vitest'
import { draftStem } from '../../../../src/main/answer/draft-names.ts'

it.each([
  [
    'lease',
    [
      'Lease.docx',
      'Lease v2.docx',
      'Lease_v2.1 FINAL.pdf',
      'LEASE (2).docx',
      'Copy of Lease.docx',
      'Lease - draft 3.odt',
      'lease-rev-4.pdf',
      'Lease signed.pdf',
      'First draft Lease.docx',
    ],
  ],
  [
    '租赁合同',
    [
      '租赁合同.docx',
      '租赁合同（初稿）.docx',
      '租赁合同-终稿.docx',
      '租赁合同_修改版2.docx',
      '租赁合同 第三版.pdf',
      '租赁合同 - 副本.docx',
      '租赁合同v2.docx',
    ],
  ],
])('knows the drafts of %s by their names', (stem, names) => {
  expect(names.map((name) => [name, draftStem(name)])).toEqual(names.map((name) => [name, stem]))
})

it('keeps what tells one document from the next', () => {
  const names = [
    'Report 2023.pdf',
    'Report 2024.pdf',
    'Report Q1.pdf',
    'Report Q2.pdf',
    'Report 2023-04-01.pdf',
    'Report 3.pdf',
    '报告 2023.pdf',
    '报告 第一章.pdf',
  ]
  expect(new Set(names.map(draftStem)).size).toBe(names.length)
})

it('has nothing to go by where a name is a mark alone', () => {
  expect(['draft.docx', 'final v2.pdf', '终稿.docx', '(1).txt'].map(draftStem)).toEqual(['', '', '', ''])
})
