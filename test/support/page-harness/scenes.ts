import { checkedSources } from './checked-scene.ts'
import { emptyCitationCheck } from '../../../src/shared/citation-check.ts'
import type { UnnumberedStreamEvent } from '../../../src/shared/answer-stream.ts'
import type { Usage } from '../../../src/shared/conversation.ts'
import { collectionIdSchema, conversationIdSchema, messageIdSchema } from '../../../src/shared/ids.ts'
import { refusalText } from '../../../src/main/answer/refusal.ts'
import type { Source } from '../../../src/shared/passage.ts'
import type { AnswerBasis } from '../../../src/shared/search-trace.ts'
import { failedSummaries, fakeDocuments, fakePassages, fakeSummary, importingSummaries } from '../fake-library.ts'
import { modelScene } from './model-scenes.ts'
import { type FakeWorld, fakeConversation, lostInOrder, noModels, readyModels } from '../fake-page-api.ts'
import { orderCandidate, testedScene, tracedSearch, versionsFor } from './version-scenes.ts'

const usage: Usage = {
  promptTokens: 1840,
  answerTokens: 163,
  stageMs: { retrieve: 41, generate: 4280 },
  leftOutPassageIds: [],
  context: {
    limitTokens: 8192,
    instructionTokens: 262,
    historyTokens: 410,
    passageTokens: 1180,
    questionTokens: 58,
    reserveTokens: 2048,
    estimatedPromptTokens: 1910,
    summarisedTurns: 4,
    droppedTurns: 0,
  },
}
const messageId = messageIdSchema.parse('5d0c2c1e-6f0a-4f0e-9a57-1d1f3d2f4a10')
const conversationId = (digit: number) => conversationIdSchema.parse(`5d0c2c1e-6f0a-4f0e-9a57-1d1f3d2f4a0${digit}`)

/** What the scenes are asked, by language. */
export const questions = {
  en: 'What notice must we give to end the lease early?',
  zh: '提前退租要提前多久通知？违约金多少？',
} as const

const texts = {
  en: [
    'The tenant may end the lease early after the third year, with **180 days** of written notice ',
    '[1]',
    '. Amendment no. 2 shortened this: since 1 March 2022 the notice is 90 days ',
    '[2]',
    ', counted from the day the landlord receives it ',
    '[2]',
    '[3]',
    '.\n\nA fee of two months’ rent is due with the notice ',
    '+[1]',
    '; the schedule puts that at $18,400 for the current year ',
    '[4]',
    '. Nothing in the documents says whether the deposit is set off against ',
  ],
  zh: [
    '租满三年后，承租人可提前解除合同，须提前 **180 天**书面通知 ',
    '[1]',
    '。补充协议二将其缩短：自 2022 年 3 月 1 日起为 90 天 ',
    '[2]',
    '，自出租人收到通知之日起算 ',
    '[3]',
    '。\n\n通知时须同时支付相当于两个月租金的费用 ',
    '+[1]',
    '；按租金表，本年度为 18,400 元 ',
    '[4]',
    '。文档中没有说明押金能否抵扣',
  ],
} as const

const order = (language: 'en' | 'zh') => (language === 'en' ? [0, 1, 2, 3, 4] : [2, 1, 0, 3, 4])

function passagesFor(language: 'en' | 'zh') {
  return order(language).flatMap((index, at) => {
    const passage = fakePassages[index]
    return passage === undefined ? [] : [{ ...passage, rank: at + 1 }]
  })
}

function sourcesFor(language: 'en' | 'zh', cited: number): Source[] {
  return passagesFor(language).map((passage, index) => ({
    ...passage,
    number: index + 1,
    isCited: index < cited,
    boxes: [],
    claims: [],
  }))
}

function beginning(language: 'en' | 'zh'): UnnumberedStreamEvent[] {
  return [
    { type: 'status', stage: 'condense', detail: {} },
    {
      type: 'status',
      stage: 'retrieve',
      detail: {
        documentCount: 31,
        condensedQuestion:
          language === 'en'
            ? 'How many days of notice must the tenant give to terminate the Elm Street office lease before its end?'
            : '承租人在榆树街办公室租约期满前解除合同，需提前多少天书面通知，并支付多少违约金？',
      },
    },
    { type: 'passages', passages: passagesFor(language) },
    { type: 'status', stage: 'load', detail: { model: 'qwen3:8b', mode: 'generated' } },
    { type: 'status', stage: 'generate', detail: {} },
  ]
}

function writing(language: 'en' | 'zh'): UnnumberedStreamEvent[] {
  const seen = new Set<number>()
  const passages = passagesFor(language)
  return texts[language].map((piece) => {
    const isAdded = piece.startsWith('+')
    const text = isAdded ? piece.slice(1) : piece
    const number = Number(/\[(\d)\]/.exec(text)?.[1] ?? 0)
    const passageId = passages[number - 1]?.id
    const isNew = number > 0 && !seen.has(number) && passageId !== undefined
    seen.add(number)
    return {
      type: 'token',
      text,
      ...(isAdded ? { addedBy: 'carrel' as const } : {}),
      ...(isNew ? { citations: [{ number, passageId }] } : {}),
    }
  })
}

/** The first source stands in two drafts too. */
function withVersions(language: 'en' | 'zh'): Source[] {
  return sourcesFor(language, 4).map((source, index) =>
    index === 0 ? { ...source, versions: versionsFor(language) } : source,
  )
}

const ending = (language: 'en' | 'zh', cited: number): UnnumberedStreamEvent[] => [
  checkedSources(texts[language], sourcesFor(language, cited)),
  { type: 'done', messageId, mode: 'generated', model: 'qwen3:8b', finishReason: 'stop', usage },
]

const unreachable = { code: 'ollama-unreachable', message: '', retryable: true } as const

function quotes(language: 'en' | 'zh'): UnnumberedStreamEvent[] {
  const passages = passagesFor(language).slice(0, 3)
  return [
    { type: 'status', stage: 'retrieve', detail: { documentCount: 31 } },
    { type: 'passages', passages },
    { type: 'status', stage: 'generate', detail: { mode: 'quotes', reason: unreachable } },
    ...passages.map((passage, index): UnnumberedStreamEvent => ({
      type: 'token',
      text: `> ${passage.text.split('\n')[0] ?? ''} [${index + 1}]\n\n`,
      citations: [{ number: index + 1, passageId: passage.id }],
    })),
    { type: 'sources', sources: sourcesFor(language, 3).slice(0, 3), check: emptyCitationCheck },
    {
      type: 'done',
      messageId,
      mode: 'quotes',
      model: null,
      finishReason: 'stop',
      usage: { ...usage, answerTokens: null },
    },
  ]
}

/** Nothing was close enough; asked again with "answer anyway", the answer says what it rests on. */
function refused(language: 'en' | 'zh', basis: AnswerBasis = 'documents'): UnnumberedStreamEvent[] {
  const search = {
    basis,
    documentCount: 31,
    closeness: 0.19,
    threshold: 0.27,
    isClose: false,
    missingPhrases: [],
    overview: null,
  }
  const found: UnnumberedStreamEvent[] = [
    { type: 'status', stage: 'retrieve', detail: { documentCount: 31, search } },
    { type: 'passages', passages: passagesFor(language).slice(0, 3) },
  ]
  if (basis !== 'documents') return [...found, ...writing(language).slice(0, 6), ...ending(language, 2)]
  return [
    ...found,
    { type: 'status', stage: 'generate', detail: { mode: 'refused' } },
    { type: 'token', text: refusalText(questions[language], 31) },
    { type: 'sources', sources: sourcesFor(language, 0).slice(0, 3), check: emptyCitationCheck },
    {
      type: 'done',
      messageId,
      mode: 'refused',
      model: null,
      finishReason: 'stop',
      usage: { ...usage, answerTokens: null, promptTokens: null, context: null },
    },
  ]
}

const library = [
  ...fakeDocuments.map(({ summary }) => summary),
  ...importingSummaries,
  ...[
    'Insurance policy 2023.pdf',
    '体检报告 2023.pdf',
    'Deposit receipt.pdf',
    'Letter to the landlord.docx',
    '装修许可.html',
  ].map((name, index) => fakeSummary(40 + index, { name, pageCount: name.endsWith('.pdf') ? 3 + index * 4 : null })),
]

const conversations = [
  fakeConversation(conversationId(1), 'Early termination of the Elm Street lease', Date.now() - 600_000),
  fakeConversation(conversationId(2), '体检报告里有哪些指标偏高？', Date.now() - 86_400_000),
  fakeConversation(conversationId(3), 'Which survey mentions the retaining wall?', Date.now() - 3 * 86_400_000),
]

/** Worlds to look at: what is there, and what main sends when something is asked. */
export function sceneWorld(scene: string, language: 'en' | 'zh'): Partial<FakeWorld> {
  const full: Partial<FakeWorld> = {
    documents: library,
    texts: fakeDocuments,
    conversations: [...conversations],
    models: readyModels,
    sampleQuestions: ['How long is the notice for early termination?', '提前解除合同需要提前多少天通知？'],
  }
  if (scene.startsWith('model-')) return { ...full, conversations: [], ...modelScene(scene) }
  switch (scene) {
    case 'empty':
      return { ...full, documents: [], models: noModels, conversations: [] }
    case 'collections': {
      const names =
        language === 'en' ? ['Leases', 'Medical reports', 'Archive 2019–2024'] : ['租约', '体检报告', '2019–2024 归档']
      const collections = names.map((name, index) => ({
        id: collectionIdSchema.parse(`5d0c2c1e-6f0a-4f0e-9a57-1d1f3d2f4b0${index}`),
        name,
      }))
      const [first] = collections
      return {
        ...full,
        collections,
        documents: library.map((document, index) =>
          first !== undefined && index < 4 ? { ...document, collectionIds: [first.id] } : document,
        ),
        onAsk: (answer) => answer.send(...beginning(language), ...writing(language), ...ending(language, 4)),
      }
    }
    case 'large':
      return {
        ...full,
        documents: Array.from({ length: 10_000 }, (_, index) =>
          fakeSummary(index + 100, { name: `Document ${index + 1}.pdf`, pageCount: (index % 90) + 1 }),
        ),
      }
    case 'failed':
      return {
        ...full,
        documents: [...failedSummaries, ...library],
        onAsk: (answer) =>
          answer.send(...beginning(language), {
            type: 'error',
            error: { code: 'generation-failed', message: '', retryable: true },
          }),
      }
    case 'versions':
      return {
        ...full,
        explanation: { ...lostInOrder, candidate: orderCandidate },
        selfTest: testedScene(language),
        onAsk: (answer) =>
          answer.send(
            ...beginning(language),
            ...writing(language),
            { ...checkedSources(texts[language], withVersions(language)) },
            {
              type: 'done',
              messageId,
              mode: 'generated',
              model: 'qwen3:8b',
              finishReason: 'stop',
              usage: { ...usage, leftOutPassageIds: [fakePassages[4]?.id ?? ''], search: tracedSearch(language) },
            },
          ),
      }
    case 'quotes':
      return { ...full, models: noModels, onAsk: (answer) => answer.send(...quotes(language)) }
    case 'refused':
      return { ...full, onAsk: (answer) => answer.send(...refused(language, answer.request.basis)) }
    case 'waiting':
      return { ...full, onAsk: (answer) => answer.send(...beginning(language)) }
    case 'streaming':
      return {
        ...full,
        onAsk: (answer) => {
          answer.send(...beginning(language))
          const pieces = writing(language)
          pieces.forEach((piece, index) => setTimeout(() => answer.send(piece), 150 + index * 120))
        },
      }
    case 'stopped':
      return {
        ...full,
        onAsk: (answer) =>
          answer.send(
            ...beginning(language),
            ...writing(language).slice(0, 6),
            { type: 'sources', sources: sourcesFor(language, 2), check: emptyCitationCheck },
            {
              type: 'done',
              messageId,
              mode: 'generated',
              model: 'qwen3:8b',
              finishReason: 'aborted',
              usage,
            },
          ),
      }
    default:
      return {
        ...full,
        onAsk: (answer) => answer.send(...beginning(language), ...writing(language), ...ending(language, 4)),
      }
  }
}
