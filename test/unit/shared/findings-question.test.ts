import { describe, expect, it } from 'vitest'
import { readFindingsQuestion } from '../../../src/shared/findings-question.ts'

describe('a question that asks for every document', () => {
  it.each([
    ['Which contracts mention a termination fee?', 'termination fee', false],
    ['which of the leases contain “quiet enjoyment”', '“quiet enjoyment”', false],
    ['What documents refer to AB-1234?', 'AB-1234', false],
    ['List every contract that mentions the deposit.', 'deposit', false],
    ['list all documents mentioning force majeure', 'force majeure', false],
    ['Find all reports about', null, false],
    ['How many contracts mention a termination fee?', 'termination fee', true],
    ['How many of the documents talk about insurance?', 'insurance', true],
    ['In which documents is Acme Ltd mentioned?', 'Acme Ltd', false],
    ['In how many files does interleukin appear?', 'interleukin', true],
    ['Show me all mentions of Elm Street', 'Elm Street', false],
    ['哪些合同提到违约金？', '违约金', false],
    ['有哪些文件涉及数据保护的内容', '数据保护', false],
    ['列出所有提到押金的合同', '押金', false],
    ['有多少份合同提到提前解除？', '提前解除', true],
    ['违约金在哪些合同中出现？', '违约金', false],
    ['哪里提到了榆树街？', '榆树街', false],
    ['What notice ends the lease early?', null, false],
    ['How many days of notice are needed?', null, false],
    ['Which contract applies?', null, false],
    ['合同什么时候到期？', null, false],
    ['押金是多少？', null, false],
  ] as const)('%s', (question, subject, isCount) => {
    expect(readFindingsQuestion(question)).toEqual(subject === null ? null : { subject, isCount })
  })

  it('takes no time over long and hostile ones', () => {
    expect(readFindingsQuestion('which documents mention '.repeat(2_000))).toBeNull()
    expect(readFindingsQuestion(`哪些${'份'.repeat(290)}`)).toBeNull()
  })
})
