import { describe, expect, it } from 'vitest'
import { choosePassages, versionsOf } from '../../../../src/main/answer/choose-passages.ts'
import { groupNeighbours } from '../../../../src/main/answer/join-passages.ts'
import type { FoundPassage } from '../../../../src/main/answer/search-passages.ts'
import { traceCandidates } from '../../../../src/main/answer/trace-search.ts'
import { samplePassage } from '../../../support/sample-passage.ts'

const closeEnough = 0.27
const preset = { passageCount: 6, passageTokens: 512, threshold: closeEnough }

function found(
  document: string,
  ordinal: number,
  over: { score?: number; text?: string; name?: string; modifiedAt?: number } = {},
): FoundPassage {
  const { score = 0.5, text = `Passage ${document}${ordinal} alone.`, name = `${document}.md`, modifiedAt = 1 } = over
  return {
    passage: samplePassage({ document, ordinal, text, score, documentName: name, modifiedAt }),
    ordinal,
    tokenCount: 100,
    closeness: Math.max(closeEnough, score),
    similarity: score,
    coverage: null,
  }
}

const notice = (days: number, more = ''): string =>
  `The tenant may end this lease early by giving the landlord at least ${days} days of written notice, and pays a fee of two months of rent on the day on which the lease ends.${more}`

const chosenIds = (ranked: readonly FoundPassage[]) =>
  choosePassages(ranked, preset).groups.map(({ best }) => `${best.passage.documentName} ${best.ordinal}`)

describe('the same passage in several documents', () => {
  const drafts = [
    found('a', 0, { text: notice(180), name: 'Lease draft 1.docx', modifiedAt: 1 }),
    found('b', 0, { text: notice(120), name: 'Lease_v2.docx', modifiedAt: 2 }),
    found('c', 0, { text: notice(90, ' All else stays.'), name: 'Lease final.docx', modifiedAt: 3 }),
    found('d', 0, { text: 'The deposit is paid back a month after the end.', name: 'Deposit.docx' }),
  ]

  it('counts once: the newest draft is shown, the others are named with the numbers in which they differ', () => {
    const chosen = choosePassages(drafts, preset)
    expect(chosenIds(drafts)).toEqual(['Lease final.docx 0', 'Deposit.docx 0'])
    const [lease, deposit] = chosen.groups
    if (lease === undefined || deposit === undefined) throw new Error('two groups are expected')
    expect(versionsOf(lease, chosen.versions)).toMatchObject([
      { documentName: 'Lease_v2.docx', isDraft: true, differences: [{ here: '90 days', there: '120 days' }] },
      { documentName: 'Lease draft 1.docx', isDraft: true, differences: [{ here: '90 days', there: '180 days' }] },
    ])
    expect(versionsOf(deposit, chosen.versions)).toEqual([])
  })

  it('leaves its places to others, and the trace says what stands for what', () => {
    const others = Array.from({ length: 14 }, (_, index) => found('e', index * 2, { score: 0.45 - index / 100 }))
    const ranked = [...drafts, ...others]
    const chosen = choosePassages(ranked, preset)
    expect(chosen.groups).toHaveLength(6)
    const fates = traceCandidates(ranked, chosen, { considered: 12, isClose: true }).map(({ fate }) => fate)
    expect(fates.slice(0, 4)).toEqual(['version', 'version', 'given', 'given'])
    expect(fates.filter((fate) => fate === 'given')).toHaveLength(6)
  })

  it('is not what two forms with other figures hold: their names are not those of drafts', () => {
    const forms = [
      found('a', 0, { text: notice(180), name: 'Lease Smith.docx' }),
      found('b', 0, { text: notice(90), name: 'Lease Jones.docx' }),
    ]
    expect(chosenIds(forms)).toEqual(['Lease Smith.docx 0', 'Lease Jones.docx 0'])
    const quarters = [
      found('a', 0, { text: notice(180), name: '2023 Q2 report.pdf' }),
      found('b', 0, { text: notice(90), name: '2023 Q3 report.pdf' }),
    ]
    expect(chosenIds(quarters)).toHaveLength(2)
  })

  it('is the same in any document where it is word for word, whatever its layout; the best ranked is shown', () => {
    const copies = [
      found('a', 0, { text: notice(180), name: 'Lease Smith.docx', modifiedAt: 1 }),
      found('b', 3, { text: notice(180).replaceAll(' ', '\n').toUpperCase(), name: 'Scan 0012.pdf', modifiedAt: 9 }),
    ]
    const chosen = choosePassages(copies, preset)
    expect(chosenIds(copies)).toEqual(['Lease Smith.docx 0'])
    const [group] = chosen.groups
    expect(group === undefined ? [] : versionsOf(group, chosen.versions)).toMatchObject([
      { documentName: 'Scan 0012.pdf', isDraft: false, differences: [] },
    ])
  })

  it('is found in Chinese too', () => {
    const clause = (days: string): string =>
      `承租人自起租日满三年后，可随时解除本合同，但应至少提前${days}日书面通知出租人，且届时承租人不得存在违约行为，并应支付解约费。`
    const ranked = [
      found('a', 0, { text: clause('180'), name: '租赁合同（初稿）.docx', modifiedAt: 1 }),
      found('b', 0, { text: clause('90'), name: '租赁合同-终稿.docx', modifiedAt: 2 }),
    ]
    const chosen = choosePassages(ranked, preset)
    expect(chosenIds(ranked)).toEqual(['租赁合同-终稿.docx 0'])
    const [group] = chosen.groups
    expect(group === undefined ? [] : versionsOf(group, chosen.versions)).toMatchObject([
      { documentName: '租赁合同（初稿）.docx', differences: [{ here: '90日', there: '180日' }] },
    ])
  })

  it('within one document stays what it is', () => {
    expect(chosenIds([found('a', 0, { text: notice(9) }), found('a', 7, { text: notice(9) })])).toHaveLength(2)
  })
})

describe('crowding', () => {
  const many = (document: string, count: number, from: number, step: number): FoundPassage[] =>
    Array.from({ length: count }, (_, index) => found(document, index * 2, { score: from - index * step }))

  it('ends where other documents are about as close: one keeps half of the places', () => {
    const ranked = [...many('a', 8, 0.6, 0.01), found('b', 0, { score: 0.52 }), found('c', 0, { score: 0.51 })]
    expect(chosenIds(ranked)).toEqual(['a.md 0', 'a.md 2', 'a.md 4', 'a.md 6', 'b.md 0', 'c.md 0'])
    const others = [0.53, 0.52, 0.515, 0.514].map((score, index) => found('bcde'[index] ?? 'b', 0, { score }))
    const crowd = [...many('a', 8, 0.6, 0.01), ...others]
    expect(chosenIds(crowd)).toEqual(['a.md 0', 'a.md 2', 'a.md 4', 'b.md 0', 'c.md 0', 'd.md 0'])
    const chosen = choosePassages(crowd, preset)
    const fates = traceCandidates(crowd, chosen, { considered: 12, isClose: true }).map(({ fate }) => fate)
    expect(fates.slice(0, 8)).toEqual([
      'given',
      'given',
      'given',
      'crowded',
      'crowded',
      'crowded',
      'surplus',
      'surplus',
    ])
  })

  it('is no matter where the others are far: a question about one document keeps all of it', () => {
    const ranked = [...many('a', 8, 0.6, 0.01), found('b', 0, { score: 0.4 }), found('c', 0, { score: 0.3 })]
    expect(chosenIds(ranked)).toEqual([0, 2, 4, 6, 8, 10].map((ordinal) => `a.md ${ordinal}`))
    expect(chosenIds(many('a', 9, 0.6, 0.01))).toHaveLength(6)
  })
})

it('without copies and crowding chooses what joining alone would', () => {
  const ranked = [...'abcdefabcdef'].map((document, index) => found(document, index % 5, { score: 0.6 - index / 50 }))
  const plain = groupNeighbours(ranked.slice(0, 12), preset)
  expect(choosePassages(ranked, preset).groups).toEqual(plain)
})

describe('a question that was also searched in the other language', () => {
  const inLanguage = (language: string, one: FoundPassage): FoundPassage => ({
    ...one,
    passage: { ...one.passage, language },
  })
  const english = Array.from({ length: 8 }, (_, index) => found('abcdef12'.charAt(index), 0, { score: 0.9 }))
  const chinese = inLanguage('zh', found('9', 20, { score: 0.4, name: '租赁合同.md' }))
  const ranked = [...english, chinese]

  it('gets the best passage of that language, in the place of the last', () => {
    const { groups } = choosePassages(ranked, { ...preset, alsoIn: 'zh' })
    expect(groups).toHaveLength(6)
    expect(groups.at(-1)?.best).toBe(chinese)
    expect(groups.slice(0, 5).map(({ best }) => best)).toEqual(english.slice(0, 5))
  })

  it('leaves the order alone where one is there, where none is close, and where nothing was translated', () => {
    const first = [chinese, ...english]
    const far = { ...chinese, closeness: closeEnough - 0.01 }
    expect(choosePassages(first, { ...preset, alsoIn: 'zh' }).groups[0]?.best).toBe(chinese)
    for (const [list, alsoIn] of [
      [[...english, far], 'zh'],
      [ranked, null],
      [ranked, 'de'],
    ] as const)
      expect(choosePassages(list, { ...preset, alsoIn }).groups.map(({ best }) => best)).toEqual(english.slice(0, 6))
  })
})
