/** Longer requests say more than that all of it is meant. */
const longestRequest = 120

/** Words that ask for the whole; one of them must be there. */
const askingWords = new Set(
  `summary summaries summarise summarize summarised summarized summarising summarizing sum overview outline gist tldr abstract digest
  about cover covers contain contains content contents takeaway takeaways point points idea ideas message topic topics theme themes
  important say says mean explain describe introduce highlights`.split(/\s+/),
)

/** Words that may stand beside them: what names no subject of its own. */
const otherWords = new Set(
  `a an the this that these those it its my our all both each every whole entire full of in on to for from with and or me us i you we
  what which whats is are was were does do did can could would will please pls give make write get show tell provide need want like
  have up just now then here there so ok okay hi hello thanks thank
  document documents doc docs file files pdf text texts paper papers article articles report reports book books note notes page pages
  contract agreement letter material materials source sources transcript presentation slides spreadsheet chapter collection
  short shorter brief briefly quick quickly concise concisely simple simply long detailed detail details main key central core major
  general overall basic basically plain words sentences sentence paragraph paragraphs bullet bullets lines line list form
  english chinese language one two three four five six seven eight nine ten few some`.split(/\s+/),
)

/** What asks for the whole, in Chinese, the longer before what it begins with. */
const chineseAsking =
  /总结|總結|概括|归纳|歸納|小结|小結|摘要|概要|概述|概览|概覽|综述|綜述|提炼|梳理|大意|梗概|中心思想|主旨|要点|要點|重点|重點|看点|主要观点|核心观点|(?:主要|核心|大概|大致)?(?:内容|內容)|(?:主要|大概|大致|都|在)*(?:讲|講|说|說|写|寫|谈|談|介绍|介紹)了?(?:些|的是)?(?:什么|什麼|啥)|(?:是)?关于什么(?:的)?|(?:是)?關於什麼(?:的)?/gu
const chineseOther =
  /这|這|那|该|該|此|本|我|你|您|请|請|帮|幫|给|給|一下|几|幾|两|兩|所有|全部|全文|全|整|各|每|个|個|份|篇|些|本|部|章|封|张|張|文档|文檔|文件|文章|文本|论文|論文|报告|報告|书|書|资料|資料|材料|合同|协议|協議|信|笔记|筆記|上传|上傳|的|里面|里|裡|中|用|以|把|对|對|为|為|做|作|写|寫|列|出|来|來|进行|進行|简要|簡要|简单|簡單|简短|簡短|详细|詳細|主要|核心|关键|關鍵|大概|大致|都|有|哪些|是|什么|什麼|吗|嗎|呢|吧|呀|能|可以|可否|想|知道|了解|看看|和|与|与|[一二三四五六七八九十百\d]+(?:句|段|点|點|条|條|个)?(?:话|話|字)?|以内|之内|左右|中文|英文|英语|英語/gu

/**
 * Recognises a request for all of a document ("Summarise this document", "What is it about?", 总结一下这份文件): no passage is
 * closer to it than another. Deliberately narrow: every word must belong to such a request, so that one that names a subject
 * ("Summarise the termination clause", "总结违约责任") is searched.
 */
export function asksForWhole(question: string): boolean {
  const folded = question.normalize('NFKC').toLowerCase().replaceAll('’', "'").trim()
  if (folded === '' || folded.length > longestRequest) return false
  return /\p{Script=Han}/u.test(folded) ? asksInChinese(folded) : asksInEnglish(folded)
}

function asksInEnglish(folded: string): boolean {
  const words = folded
    .replaceAll(/tl;? ?dr/g, 'tldr')
    .replaceAll(/'(?:s|re|d|ll)\b/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
  return (
    words.some((word) => askingWords.has(word)) &&
    words.every((word) => askingWords.has(word) || otherWords.has(word) || /^\d{1,3}$/.test(word))
  )
}

function asksInChinese(folded: string): boolean {
  const text = folded.replaceAll(/pdf|word|ppt|[^\p{L}\p{N}]+/gu, '')
  const rest = text.replaceAll(chineseAsking, '')
  return rest !== text && rest.replaceAll(chineseOther, '') === ''
}
