import type { PassageVersion } from '../../../src/shared/passage.ts'
import type { SearchCandidate, SearchTrace } from '../../../src/shared/search-trace.ts'
import { expectationIdSchema, type SelfTestReport, type SelfTestStatus } from '../../../src/shared/self-test.ts'
import { fakePassages } from '../fake-library.ts'

const [lease, amendment, chinese, rent, holding] = fakePassages
if (
  lease === undefined ||
  amendment === undefined ||
  chinese === undefined ||
  rent === undefined ||
  holding === undefined
)
  throw new Error('the fake library has five passages')

/** Two drafts of the source that is shown, with other numbers in one of them. */
export function versionsFor(language: 'en' | 'zh'): PassageVersion[] {
  const shown = language === 'en' ? lease : chinese
  if (shown === undefined) return []
  const { id, documentId, page, start, end, text } = shown
  const names =
    language === 'en'
      ? ['Office lease, draft 3.docx', 'Office lease, first draft.docx']
      : ['租赁合同（修改稿）.docx', '租赁合同（初稿）.docx']
  return names.map((documentName, index) => ({
    passageId: id,
    documentId,
    documentName,
    page,
    start,
    end,
    text,
    modifiedAt: Date.UTC(2024, 4 - index, 3),
    isDraft: true,
    differences:
      index === 0
        ? []
        : language === 'en'
          ? [
              { here: '180) days', there: '120) days' },
              { here: 'two', there: 'three' },
            ]
          : [{ here: '180）日', there: '120）日' }],
  }))
}

const fates: readonly (readonly [SearchCandidate['fate'], number | null, number | null, number])[] = [
  ['given', 1, 2, 0.61],
  ['given', 3, 1, 0.58],
  ['joined', 2, 5, 0.55],
  ['version', 4, 3, 0.54],
  ['given', 6, null, 0.5],
  ['crowded', 5, 8, 0.49],
  ['given', null, 4, 0.47],
  ['given', 9, 7, 0.44],
  ['surplus', 8, null, 0.31],
]

/** A trace with every fate in it; the last passage given found no room in the context. */
export function tracedSearch(language: 'en' | 'zh'): SearchTrace {
  const names = language === 'en' ? [lease, amendment] : [chinese, lease]
  return {
    basis: 'documents',
    documentCount: 31,
    closeness: 0.61,
    threshold: 0.27,
    isClose: true,
    missingPhrases: [],
    overview: null,
    candidates: fates.flatMap(([fate, vectorRank, keywordRank, score], index) => {
      const passage = index === 7 ? holding : names[index % 2]
      return passage === undefined
        ? []
        : [
            {
              passageId:
                index === 7
                  ? passage.id
                  : (`${'abcdef0123456789'.slice(index)}${'0123456789abcdef'.slice(0, index)}-${index}` as SearchCandidate['passageId']),
              documentId: passage.documentId,
              documentName: passage.documentName,
              page: passage.page,
              vectorRank,
              keywordRank,
              similarity: vectorRank === null ? null : score,
              coverage: keywordRank === null ? null : score,
              score,
              closeness: score,
              fate,
            },
          ]
    }),
  }
}

export const orderCandidate: SearchCandidate = {
  passageId: holding?.id ?? rent.id,
  documentId: rent.documentId,
  documentName: rent.documentName,
  page: null,
  vectorRank: 33,
  keywordRank: null,
  similarity: 0.41,
  coverage: null,
  score: 0.24,
  closeness: 0.24,
  fate: 'surplus',
}

const setup = (embedder: string): SelfTestReport['setup'] => ({
  version: '1.0.0',
  parserVersion: 3,
  chunkerVersion: 2,
  indexes: [
    { group: 'chinese', embedder: 'bge-small-zh-v1.5' },
    { group: 'other', embedder },
  ],
})

/** Fifty-two questions after another embedder. */
export function testedScene(language: 'en' | 'zh'): SelfTestStatus {
  const questions =
    language === 'en'
      ? [
          'What notice ends the lease early?',
          'Which survey mentions the retaining wall?',
          'How much is two months of rent?',
        ]
      : ['提前退租要提前多久通知？', '哪份勘测报告提到挡土墙？', '两个月的租金是多少？']
  const names = [lease?.documentName, 'Site survey 2021.pdf', rent?.documentName]
  const places = [
    [2, null],
    [14, 3],
    [1, 1],
  ] as const
  return {
    kept: 2,
    generated: 50,
    running: null,
    isDue: false,
    problem: null,
    report: {
      finishedAt: Date.now() - 3_600_000,
      setup: setup('bge-m3'),
      considered: 12,
      before: { finishedAt: Date.now() - 86_400_000, setup: setup('all-MiniLM-L6-v2') },
      tested: 52,
      found: 50,
      lost: 1,
      gained: 1,
      gone: 0,
      rows: questions.map((question, index) => ({
        id: expectationIdSchema.parse(`5d0c2c1e-6f0a-4f0e-9a57-1d1f3d2f4c0${index}`),
        origin: 'kept',
        question,
        documentName: names[index] ?? '',
        page: index === 0 ? 17 : null,
        before: { rank: places[index]?.[0] ?? null, isGone: false },
        now: { rank: places[index]?.[1] ?? null, isGone: false },
      })),
    },
  }
}
