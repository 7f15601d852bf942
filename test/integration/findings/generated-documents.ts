import type { SeededRandom } from '../../support/seeded-random.ts'

/** Things a document may mention, each in the forms that a search takes for the same. What is expected is known from these, not from a text. */
export const concepts = {
  fee: ['fee', 'fees', 'Fee', 'FEES', 'ｆｅｅ'],
  tenant: ['tenant', 'tenants', 'Tenant'],
  terminate: ['terminate', 'terminated', 'terminating', 'Terminates'],
  café: ['café', 'cafe', 'CAFÉ', 'cafés'],
  code: ['AB-1234', 'ab-1234', 'ＡＢ-１２３４'],
  thousand: ['12,000', '12000'],
  deposit: ['deposit', 'deposits', 'DEPOSIT'],
} as const
export type Concept = keyof typeof concepts
export const conceptNames = Object.keys(concepts) as readonly Concept[]

/** The same for Chinese, which is written without spaces. */
export const hanConcepts = {
  合同: ['合同'],
  违约金: ['违约金', '違約金'],
  押金: ['押金'],
  租赁: ['租赁', '租賃'],
} as const
export type HanConcept = keyof typeof hanConcepts
export const hanNames = Object.keys(hanConcepts) as readonly HanConcept[]

const fillers =
  'the river runs under old stone bridges while many quiet boats carry grain and salt to distant towns where people trade wool for glass'.split(
    ' ',
  )
const hanFillers = ['今天天气很好', '我们去看山', '他每天读书', '河边有人散步', '大家都知道', '晚上下雨了']

/** A document as it is made: paragraphs of what they mention, in order; null stands for words that say nothing. */
export interface GeneratedDocument {
  readonly name: string
  readonly text: string
  readonly paragraphs: readonly (readonly (Concept | HanConcept | null)[])[]
}

/** @param index names it; texts differ. Some paragraphs are one long sentence, which has to be cut somewhere. */
export function generateDocument(random: SeededRandom, index: number): GeneratedDocument {
  const isHan = random.below(3) === 0
  const pick = <Value>(values: readonly Value[]): Value => values[random.below(values.length)] as Value
  const paragraphs: (Concept | HanConcept | null)[][] = []
  const lines: string[] = []
  const allowed = random.shuffled<Concept | HanConcept>(isHan ? hanNames : conceptNames).slice(0, 1 + random.below(4))
  for (let count = 1 + random.below(4); count > 0; count -= 1) {
    // Paragraphs begin and end with words that say nothing, so that nothing stands side by side across two of them.
    const paragraph: (Concept | HanConcept | null)[] = [null]
    const length = random.below(4) === 0 ? 200 + random.below(500) : 5 + random.below(60)
    for (let at = 0; at < length; at += 1) paragraph.push(random.below(7) === 0 ? pick(allowed) : null)
    paragraph.push(null)
    paragraphs.push(paragraph)
    const words = paragraph.map((what) => {
      if (what === null) return isHan ? pick(hanFillers) : pick(fillers)
      return what in hanConcepts ? pick(hanConcepts[what as HanConcept]) : pick(concepts[what as Concept])
    })
    lines.push(isHan ? `${words.join('')}。` : `${words.join(' ')}.`)
  }
  const heading = isHan ? `# 第${index}份` : `# Document number ${index}`
  return { name: `Document ${index}.md`, text: `${heading}\n\n${lines.join('\n\n')}\n`, paragraphs }
}

/** Whether every one is mentioned somewhere. */
export function mentionsAll(document: GeneratedDocument, wanted: readonly (Concept | HanConcept)[]): boolean {
  const all = new Set(document.paragraphs.flat())
  return wanted.every((what) => all.has(what))
}

/** Whether they stand side by side in this order somewhere. */
export function mentionsInOrder(document: GeneratedDocument, wanted: readonly (Concept | HanConcept)[]): boolean {
  return document.paragraphs.some((paragraph) =>
    paragraph.some((_, at) => wanted.every((what, index) => paragraph[at + index] === what)),
  )
}
