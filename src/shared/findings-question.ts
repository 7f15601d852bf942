/** A question that asks for every document instead of an answer. */
export interface FindingsQuestion {
  /** What the documents are to mention, as it was written. */
  readonly subject: string
  /** It asks how many there are. */
  readonly isCount: boolean
}

const nouns =
  '(?:(?:rental|lease|employment|service|purchase|board|annual|court|research|scientific|internal) )?(?:documents?|files?|contracts?|agreements?|leases?|reports?|papers?|policies|policy|e-?mails?|letters?|invoices?|offers?|minutes|memos?|articles?|studies|study|cases?|judge?ments?|decisions?|statutes?|laws?|manuals?|handbooks?|notes?|books?|chapters?|pages?|sources?|texts?|transcripts?|presentations?|spreadsheets?|pdfs?)'
const verbs =
  '(?:mention(?:s|ed|ing)?|contain(?:s|ed|ing)?|includ(?:e|es|ed|ing)|refer(?:s|red|ring)? to|talk(?:s|ed|ing)? about|speak(?:s|ing)? (?:of|about)|discuss(?:es|ed|ing)?|describ(?:e|es|ed|ing)|cit(?:e|es|ed|ing)|nam(?:e|es|ed|ing)|quot(?:e|es|ed|ing)|cover(?:s|ed|ing)?|provid(?:e|es|ed|ing) for|deal(?:s|t|ing)? with|say(?:s|ing)? (?:something|anything) about|hav(?:e|ing)|has|use[sd]?|using)'
const those = '(?:of |in )?(?:all )?(?:the |my |our |these |those |your )?'

/** In order; group `subject` is what is looked for. */
const english: readonly { readonly pattern: RegExp; readonly isCount: boolean }[] = [
  { pattern: `(?:which|what) ${those}${nouns}(?: that| which| do| does)? ${verbs} (?<subject>.+)`, isCount: false },
  {
    pattern: `in (?:which|what) ${those}${nouns} (?:is|are|does|do) (?<subject>.+?) (?:mentioned|named|discussed|described|cited|appear|occur)`,
    isCount: false,
  },
  {
    pattern: `in how many ${those}${nouns} (?:is|are|does|do) (?<subject>.+?) (?:mentioned|named|discussed|described|cited|appear|occur)`,
    isCount: true,
  },
  { pattern: `how many ${those}${nouns}(?: are there)?(?: that| which| do)? ${verbs} (?<subject>.+)`, isCount: true },
  {
    pattern: `(?:please )?(?:list|find|show|give|name|search)(?: me| us)?(?: all| every| each| any)?(?: of)?(?: the| my| our| these)? ?(?:all )?${nouns}(?: that| which| where)? ${verbs} (?<subject>.+)`,
    isCount: false,
  },
  {
    pattern: `(?:please )?(?:list|find|show|give)(?: me| us)? (?:all|every|each)(?: of)?(?: the| my| our)? (?:mentions?|occurrences?|places?|passages?) (?:of|where|about|that mentions?) (?<subject>.+)`,
    isCount: false,
  },
  { pattern: `where (?:is|are) (?<subject>.+?) mentioned`, isCount: false },
  { pattern: `(?:all|every) ${nouns} (?:that |which )?${verbs} (?<subject>.+)`, isCount: false },
].map(({ pattern, isCount }) => ({ pattern: new RegExp(`^${pattern}$`, 'i'), isCount }))

const hanNouns =
  '(?:合同|协议|文件|文档|报告|论文|租约|合约|邮件|信件|发票|资料|制度|规定|规章|判决书?|案例|法规|条例|手册|笔记|书|文章|材料|会议纪要|纪要|备忘录|公文|通知|表格|图书|文献)'
const hanCounter = '(?:份|个|篇|封|本|张|部|件|种|些)?'
const hanVerbs =
  '(?:提到|提及|谈到|谈及|写到|写有|写明|说到|讲到|包含|包括|含有|载有|涉及|讨论|规定|约定|引用|出现|使用|带有|有)(?:了|过)?'
const hanWithin = '(?:里面|里边|里|中|当中|之中|内)?(?:都|曾|有没有|是否)?'

const chinese: readonly { readonly pattern: RegExp; readonly isCount: boolean }[] = [
  {
    pattern: `(?:有|请问)?(?:哪些|哪几|那些|什么样的|哪)${hanCounter}${hanNouns}${hanWithin}${hanVerbs}(?<subject>.+)`,
    isCount: false,
  },
  {
    pattern: `(?:一共|总共|共)?有?(?:多少|几)${hanCounter}${hanNouns}${hanWithin}${hanVerbs}(?<subject>.+)`,
    isCount: true,
  },
  {
    pattern: `(?:请|帮我|请帮我)?(?:列出|列举|找出|找到|查找|查出|搜索|检索|列一下|找一下)(?:所有|全部|每一?${hanCounter}|各${hanCounter}|一切)?${hanVerbs}(?<subject>.+?)的(?:所有|全部)?${hanNouns}`,
    isCount: false,
  },
  {
    pattern: `(?<subject>.+?)(?:在|出现在)(?:哪些|哪几|哪)${hanCounter}${hanNouns}${hanWithin}(?:中)?(?:被)?(?:提到|提及|出现|写到|规定)?(?:过)?`,
    isCount: false,
  },
  { pattern: `(?:哪里|哪儿|什么地方|何处)(?:都)?${hanVerbs}(?<subject>.+)`, isCount: false },
  { pattern: `(?:所有|全部)${hanVerbs}(?<subject>.+?)的${hanNouns}`, isCount: false },
].map(({ pattern, isCount }) => ({ pattern: new RegExp(`^${pattern}$`, 'u'), isCount }))

/** A longer question is no plain wish for a list. UTF-16 units. */
const longestQuestion = 300

/**
 * Whether a question asks for every document that mentions something ("which contracts mention X", "list every", "how many"), and
 * what that is. null for any other question: it then gets an answer. Patterns alone; no model is asked.
 */
export function readFindingsQuestion(question: string): FindingsQuestion | null {
  const text = question.normalize('NFC').replaceAll(/\s+/g, ' ').trim()
  if (text.length > longestQuestion) return null
  const isHan = /\p{Script=Han}/u.test(text)
  const asked = text.replace(/[?？.。!！]+$/u, '').trim()
  for (const { pattern, isCount } of isHan ? [...chinese, ...english] : english) {
    const subject = cleanSubject(pattern.exec(asked)?.groups?.['subject'] ?? '')
    if (subject !== '') return { subject, isCount }
  }
  return null
}

/** Articles and particles around it say nothing. */
function cleanSubject(subject: string): string {
  return subject
    .trim()
    .replace(/^(?:(?:a|an|the|any|some) )+/i, '')
    .replace(/^(?:关于|有关)/u, '')
    .replace(/(?:吗|呢|的内容|的条款|的规定)$/u, '')
    .trim()
}
