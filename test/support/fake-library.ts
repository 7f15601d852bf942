import type { Block, BlockKind, TextSlice } from '../../src/shared/anchor.ts'
import { type DocumentKind, type DocumentSummary } from '../../src/shared/document.ts'
import { chunkIdSchema, type DocumentId, documentIdSchema } from '../../src/shared/ids.ts'
import type { Passage } from '../../src/shared/passage.ts'

/** Made-up documents for the page's own tests and pictures: real offsets, real blocks, no disk. */
export interface FakeDocument {
  readonly summary: DocumentSummary
  readonly slices: readonly TextSlice[]
}

/** A 64-digit id that is the same every time for the same number. */
export function fakeDocumentId(index: number): DocumentId {
  return documentIdSchema.parse((index + 1).toString(16).padStart(16, '0').repeat(4))
}

/** A ready PDF unless `over` says otherwise; a smaller `index` is a newer document. */
export function fakeSummary(
  index: number,
  over: Partial<DocumentSummary> & { readonly name: string },
): DocumentSummary {
  return {
    id: fakeDocumentId(index),
    title: null,
    paths: [`Documents/${over.name}`],
    kind: 'pdf',
    state: 'ready',
    problem: null,
    notices: [],
    scan: null,
    sizeBytes: 184_320,
    pageCount: null,
    chunkCount: 24,
    embeddedChunkCount: 24,
    addedAt: 1_760_000_000_000 - index * 60_000,
    collectionIds: [],
    ...over,
  }
}

type Line = readonly [kind: BlockKind, text: string, level?: number]

/** Blocks joined by blank lines; `pages` numbers the slices where there are any. */
export function fakeSlices(parts: readonly (readonly Line[])[], firstPage: number | null): readonly TextSlice[] {
  let at = 0
  return parts.map((lines, ordinal) => {
    const start = at
    const blocks: Block[] = []
    let text = ''
    for (const [kind, line, level = 0] of lines) {
      blocks.push({ kind, level, start: start + text.length, end: start + text.length + line.length })
      text += `${line}\n\n`
    }
    at = start + text.length
    return {
      ordinal,
      start,
      end: at,
      text,
      page: firstPage === null ? null : { number: firstPage + ordinal, width: 595, height: 842 },
      blocks,
      runs: [],
    }
  })
}

/** The passage that is exactly `text` (from its first to its last words) in a document. */
export function fakePassage(
  document: FakeDocument,
  from: string,
  until: string,
  rank: number,
  over: Partial<Passage> = {},
): Passage {
  const whole = document.slices.map((slice) => slice.text).join('')
  const start = whole.indexOf(from)
  const end = whole.indexOf(until, start) + until.length
  if (start < 0 || end < start) throw new Error(`fake passage not found: ${from}`)
  const slice = document.slices.find((candidate) => candidate.start <= start && start < candidate.end)
  return {
    id: chunkIdSchema.parse(`${document.summary.id.slice(0, 16)}-${rank}`),
    documentId: document.summary.id,
    documentName: document.summary.name,
    title: document.summary.title,
    path: document.summary.paths[0] ?? '',
    kind: (document.summary.kind ?? 'text') satisfies DocumentKind,
    parserVersion: 1,
    page: slice?.page?.number ?? null,
    lastPage: slice?.page?.number ?? null,
    headingPath: [],
    start,
    end,
    text: whole.slice(start, end),
    language: 'und',
    rank,
    score: 1 / rank,
    vectorRank: rank,
    keywordRank: rank,
    modifiedAt: null,
    versions: [],
    ...over,
  }
}

const leaseEnglish: FakeDocument = {
  summary: fakeSummary(0, {
    name: 'Office lease, 14 Elm St.pdf',
    pageCount: 42,
    paths: ['Leases/Office lease, 14 Elm St.pdf', 'Archive/2019/lease-elm.pdf'],
  }),
  slices: fakeSlices(
    [
      [
        ['heading', '8. Use of the premises', 1],
        [
          'paragraph',
          '8.1 Permitted use. Tenant shall use the Premises for general office purposes and for no other purpose without the prior written consent of Landlord.',
        ],
        ['paragraph', '8.2 Signs. No sign visible from the street shall be placed without consent.'],
      ],
      [
        ['heading', '9. Term and termination', 1],
        [
          'paragraph',
          '9.1 Term. The term of this Lease commences on the Commencement Date and, unless sooner terminated as provided herein, continues for seven (7) years.',
        ],
        [
          'paragraph',
          '9.2 Early termination. Tenant may terminate this Lease at any time after the third anniversary of the Commencement Date upon not less than one hundred eighty (180) days’ prior written notice to Landlord, provided that Tenant is not then in default and that such notice is accompanied by a termination fee equal to two (2) months of Base Rent at the rate then in effect.',
        ],
        [
          'paragraph',
          '9.3 Holding over. If Tenant remains in possession after the expiration or sooner termination of the Term without a written agreement, such holding over shall be a tenancy at sufferance at one hundred fifty percent (150%) of the Base Rent.',
        ],
        [
          'paragraph',
          '9.4 Surrender. Upon expiration Tenant shall surrender the Premises broom clean and in good order, ordinary wear and casualty excepted.',
        ],
        ['list-item', 'All keys and access cards are returned to Landlord.', 1],
        ['list-item', 'Trade fixtures are removed at Tenant’s expense.', 1],
      ],
      [
        ['heading', '10. Assignment', 1],
        [
          'paragraph',
          '10.1 Tenant shall not assign this Lease without consent, which shall not be unreasonably withheld.',
        ],
      ],
    ],
    16,
  ),
}

const amendment: FakeDocument = {
  summary: fakeSummary(1, { name: 'Amendment no. 2.docx', kind: 'docx' }),
  slices: fakeSlices(
    [
      [
        ['heading', 'Amendment no. 2', 1],
        ['heading', '§ 3 Notices', 2],
        [
          'paragraph',
          'Section 9.2 is amended by replacing “one hundred eighty (180)” with “ninety (90)” as of 1 March 2022. The period runs from the day on which Landlord receives the notice.',
        ],
        ['table-row', 'Year | Monthly base rent | Termination fee'],
        ['table-row', '2023 | $8,900.00 | $17,800.00'],
        ['table-row', '2024 | $9,200.00 | $18,400.00'],
        ['paragraph', 'All other terms remain in force.'],
      ],
    ],
    null,
  ),
}

const leaseChinese: FakeDocument = {
  summary: fakeSummary(2, { name: '租赁合同（中文版）.pdf', pageCount: 38 }),
  slices: fakeSlices(
    [
      [
        ['heading', '第九条 租期与解除', 1],
        ['paragraph', '9.1 租期。本合同租期自起租日起算，除依本合同约定提前终止外，为期七（7）年。'],
        [
          'paragraph',
          '9.2 提前解除。承租人自起租日满三年后，可随时解除本合同，但应至少提前一百八十（180）日书面通知出租人，且届时承租人不得存在违约行为，并应随通知支付相当于当时两（2）个月基本租金的解约费。通知自出租人收到之日起计算。',
        ],
        [
          'paragraph',
          '9.3 逾期占用。租期届满或提前终止后，承租人未经书面同意继续占用的，应按基本租金的百分之一百五十（150%）支付占用费。',
        ],
        [
          'paragraph',
          '9.4 返还。租期届满前，承租人应将房屋清扫干净并以良好状态返还，正常磨损及意外损坏除外，并自费拆除其经营设备。',
        ],
      ],
    ],
    16,
  ),
}

const rentNotes: FakeDocument = {
  summary: fakeSummary(3, { name: 'Rent schedule.md', kind: 'markdown' }),
  slices: fakeSlices(
    [
      [
        ['heading', 'Rent schedule', 1],
        [
          'paragraph',
          'Monthly base rent 9,200.00 from January 2024, due on the first working day. Two months’ rent is 18,400.00.',
        ],
        ['code', 'fee = 2 * baseRent(year)'],
      ],
    ],
    null,
  ),
}

/** Four documents in two languages, with their text. */
export const fakeDocuments: readonly FakeDocument[] = [leaseEnglish, amendment, leaseChinese, rentNotes]

/** Five passages of {@link fakeDocuments}, by rank; the second crosses several blocks. */
export const fakePassages: readonly Passage[] = [
  fakePassage(leaseEnglish, '9.2 Early termination.', 'then in effect.', 1, {
    headingPath: ['9. Term and termination', '9.2 Early termination'],
    language: 'en',
  }),
  fakePassage(amendment, 'Section 9.2 is amended', '$18,400.00', 2, {
    headingPath: ['Amendment no. 2', '§ 3 Notices'],
    language: 'en',
  }),
  fakePassage(leaseChinese, '9.2 提前解除。', '起计算。', 3, { headingPath: ['第九条 租期与解除'], language: 'zh' }),
  fakePassage(rentNotes, 'Monthly base rent', '18,400.00.', 4, { headingPath: ['Rent schedule'], language: 'en' }),
  fakePassage(leaseEnglish, '9.3 Holding over.', 'Base Rent.', 5, {
    headingPath: ['9. Term and termination', '9.3 Holding over'],
    language: 'en',
  }),
]

/** Rows in every state, for pictures of an import under way. */
export const importingSummaries: readonly DocumentSummary[] = [
  fakeSummary(10, {
    name: 'Site survey 2021.pdf',
    state: 'searchable',
    pageCount: 120,
    chunkCount: 310,
    embeddedChunkCount: 189,
  }),
  fakeSummary(11, {
    name: '现场勘测报告（终稿）.docx',
    kind: 'docx',
    state: 'searchable',
    chunkCount: 40,
    embeddedChunkCount: 0,
  }),
  fakeSummary(12, {
    name: 'Minutes of the board, March.html',
    kind: 'html',
    state: 'reading',
    chunkCount: 0,
    embeddedChunkCount: 0,
  }),
  fakeSummary(13, {
    name: 'Correspondence with the landlord 2019–2024.txt',
    kind: 'text',
    state: 'queued',
    chunkCount: 0,
    embeddedChunkCount: 0,
  }),
]

/** Rows that need attention or carry a notice. */
export const failedSummaries: readonly DocumentSummary[] = [
  fakeSummary(20, {
    name: 'Scan of appendix C.pdf',
    pageCount: 14,
    notices: [{ code: 'pages-without-text', values: { pages: 12, of: 14 } }],
  }),
  fakeSummary(21, {
    name: '加密的报表.pdf',
    state: 'needs-attention',
    problem: { code: 'encrypted-file', message: '', retryable: false, details: { reason: 'password-needed' } },
    chunkCount: 0,
    embeddedChunkCount: 0,
  }),
  fakeSummary(22, {
    name: 'drawing.dwg',
    kind: null,
    state: 'needs-attention',
    problem: { code: 'unsupported-file', message: '', retryable: false },
    chunkCount: 0,
    embeddedChunkCount: 0,
  }),
  fakeSummary(23, {
    name: 'empty notes.md',
    kind: 'markdown',
    state: 'needs-attention',
    problem: { code: 'empty-file', message: '', retryable: true },
    chunkCount: 0,
    embeddedChunkCount: 0,
  }),
  fakeSummary(24, {
    name: 'lettre-1998.txt',
    kind: 'text',
    notices: [{ code: 'encoding-guessed', values: { encoding: 'windows-1252' } }],
  }),
]
