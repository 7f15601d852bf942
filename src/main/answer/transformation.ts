/** What is done with the previous answer, without searching again. `language` is its English name, null: the other one of English and Chinese. */
export type Transformation =
  | { readonly kind: 'shorter' | 'simpler' | 'table' | 'list' }
  | { readonly kind: 'translate'; readonly language: string | null }

/** Longer questions say more than what to do with the answer. */
const longestRequest = 80

const languages: readonly (readonly [name: string, words: string])[] = [
  ['English', 'english|英文|英语|英語'],
  ['Traditional Chinese', 'traditional chinese|繁体中文|繁體中文|繁体|繁體'],
  ['Simplified Chinese', '(?:simplified )?chinese|mandarin|中文|汉语|漢語|简体中文|简体|华语|普通话'],
  ['Japanese', 'japanese|日文|日语|日語'],
  ['Korean', 'korean|韩文|韩语|韓語|韓文'],
  ['French', 'french|法文|法语|法語'],
  ['German', 'german|德文|德语|德語'],
  ['Spanish', 'spanish|西班牙文|西班牙语|西班牙語'],
  ['Italian', 'italian|意大利文|意大利语|意大利語'],
  ['Portuguese', 'portuguese|葡萄牙文|葡萄牙语|葡萄牙語'],
  ['Russian', 'russian|俄文|俄语|俄語'],
  ['Arabic', 'arabic|阿拉伯文|阿拉伯语|阿拉伯語'],
  ['Dutch', 'dutch|荷兰文|荷兰语'],
  ['Polish', 'polish|波兰文|波兰语'],
  ['Turkish', 'turkish|土耳其文|土耳其语'],
  ['Vietnamese', 'vietnamese|越南文|越南语'],
  ['Thai', 'thai|泰文|泰语'],
  ['Hindi', 'hindi|印地文|印地语'],
  ['Ukrainian', 'ukrainian|乌克兰文|乌克兰语'],
]
const languageWords = languages.map(([, words]) => words).join('|')

/** The previous answer, in the words people use for it. */
const it = String.raw`(?:it|that|this|these|those|them|(?:the|your|that|this|the last|the previous|your last|your previous) (?:answer|reply|response|text))`
const polite = String.raw`(?:(?:ok|okay|now|and|then|please|pls|just|but)[,]? |(?:can|could|would|will) you (?:please |kindly |just )?|(?:i want|i'd like|i need|give me|show me|let me have) )*`
const shortly = String.raw`(?:a (?:bit|little)|much|even|way|somewhat)`
const makeIt = String.raw`(?:(?:make|keep|put|say|write|show|give|format|present|turn|convert|rewrite|rephrase|explain|tell me|repeat|arrange|structure|have) (?:me )?(?:${it} )?(?:again )?)`
const english: readonly (readonly [Exclude<Transformation['kind'], 'translate'>, string])[] = [
  [
    'shorter',
    String.raw`(?:${makeIt}|be )?(?:${shortly} )?(?:shorter|briefer|more (?:concise|concisely|brief|briefly)|short|brief|briefly|concise|concisely)(?: version| answer)?`,
  ],
  ['shorter', String.raw`(?:a |the )?(?:${shortly} )?(?:shorter|briefer|more concise|short) (?:version|answer|one)`],
  [
    'shorter',
    String.raw`(?:too long|that(?:'s| is| was) too long|tl ?dr|shorten(?: ${it})?|condense ${it}|(?:sum up|summari[sz]e)(?: ${it})?(?: briefly)?)`,
  ],
  [
    'shorter',
    String.raw`(?:${makeIt}|(?:sum up|summari[sz]e)(?: ${it})? )?in (?:one|a|two|three|four|five|a few|fewer|\d{1,2}|\d{2,3}) (?:short )?(?:sentences?|words?|lines?|paragraphs?)`,
  ],
  ['simpler', String.raw`${makeIt}?(?:${shortly} )?(?:simpler|more simply|simply|easier(?: to understand)?)`],
  ['simpler', String.raw`simplify(?: ${it})?|eli5|explain (?:${it} )?(?:to me )?like i(?:'m| am) (?:5|five)`],
  [
    'simpler',
    String.raw`${makeIt}?(?:in|using|with) (?:simple|simpler|plain|plainer|easy|easier|layman'?s|everyday) (?:words|terms|language|english)`,
  ],
  [
    'table',
    String.raw`${makeIt}?(?:as|in|into|to|in the form of) (?:a |one )?(?:markdown )?table(?: form| format)?|(?:make|draw|create|build) (?:me )?(?:a )?table(?: (?:of|from|out of) ${it})?|(?:a )?table|tabulate(?: ${it})?`,
  ],
  [
    'list',
    String.raw`${makeIt}?(?:as|in|into|to|in the form of) (?:a )?(?:bulleted |bullet |numbered |short )?(?:list|points|bullets|bullet points)(?: form| format)?|bullet points|(?:list|give)(?: me)? (?:the |its )?(?:main |key |important )?points|(?:the )?(?:main|key) points`,
  ],
]
const englishPatterns = english.map(
  ([kind, words]) =>
    [
      kind,
      new RegExp(`^${polite}(?:${words})(?: again)?(?: please| pls| for me| instead| thanks| thank you)*$`),
    ] as const,
)
const englishTranslate = new RegExp(
  String.raw`^${polite}(?:translate(?: ${it})?(?: (?:in|into|to) (?<into>${languageWords}))?|(?:${makeIt}|and )?(?:in|into) (?<in>${languageWords})|(?<alone>${languageWords}))(?: version)?(?: please| pls| for me| instead| thanks)*$`,
)

/** 请把刚才的回答 ... 一下吧: what stands around the request itself. */
const chinesePolite = String.raw`(?:请|麻烦|劳驾|帮我|给我|那|那么|再|现在|你|您|能不能|能否|可不可以|可以|可否|能|我要|我想要|替我|将|把|就|用)*`
const chineseIt = String.raw`(?:(?:它|这个|那个|这些|这段|这|那|上面|以上|上述|刚才|之前|前面|上一个|上一条|你)?(?:的|所说的)?(?:它|回答|答案|回复|内容|文字|话|那段话|这段话)|它|这个|那个|这段|这些|上面|以上|上述|刚才)?(?:的)?`
const chineseTail = String.raw`(?:一下|一遍|一次|吧|吗|呢|嘛|啊|好吗|行吗|可以吗|谢谢|给我|形式|格式|的形式|的格式|来|版|版本)*`
const chinese: readonly (readonly [Exclude<Transformation['kind'], 'translate'>, string])[] = [
  [
    'shorter',
    String.raw`(?:说|写|回答|讲|改|弄)?得?(?:更|再)?(?:简短|简洁|精简|简略|简练|精炼|短)(?:一点儿?|一些|点儿?|些)?(?:的)?(?:说|回答|讲|版本|版)?`,
  ],
  ['shorter', String.raw`缩短|压缩|太长了?|长话短说|缩写`],
  [
    'shorter',
    String.raw`(?:一|两|二|三|几|1|2|3)句话(?:来)?(?:概括|总结|说|说明|回答|讲)?|(?:一|\d{2,3}|一百|五十|两百)个?字(?:以内|之内)(?:概括|总结|说|回答)?`,
  ],
  ['shorter', String.raw`(?:总结|概括|归纳|小结)(?:一下)?${chineseIt}`],
  [
    'simpler',
    String.raw`(?:说|写|讲|解释)?得?(?:更|再)?(?:简单|通俗|易懂|浅显|通俗易懂|简单易懂)(?:一点儿?|一些|点儿?|些)?(?:的)?(?:话|语言|方式|说法)?(?:来)?(?:说|解释|讲|说明|回答|表达)?|大白话(?:来)?(?:说|解释|讲)?|白话(?:来)?(?:说|解释|讲)?`,
  ],
  [
    'table',
    String.raw`(?:做|列|整理|转|变|改|弄|写|总结|归纳|画)?(?:成|为|换成|个|一个|一张|出)?(?:一个|一张|个|张)?(?:表格|表|列表格)(?:形式|格式)?(?:来)?(?:列出|展示|显示|呈现|表示|整理|总结|说明|列)?(?:来|出来)?`,
  ],
  [
    'list',
    String.raw`(?:列出|列|总结|归纳|提炼|概括|给出|说)(?:一下|出)?(?:主要|关键)?(?:的)?(?:要点|重点|关键点)|(?:分点|分条|逐条|按点|分项)(?:来)?(?:列出|说明|说|列举|回答|总结|列)?(?:来|出来)?`,
  ],
  [
    'list',
    String.raw`(?:做|列|整理|转|变|改|弄|写)?(?:成|为|换成)?(?:一个)?(?:列表|清单|条目|要点)(?:形式|格式)?(?:来)?(?:列出|展示|显示|呈现|整理)?`,
  ],
]
const chinesePatterns = chinese.map(
  ([kind, words]) =>
    [kind, new RegExp(`^${chinesePolite}${chineseIt}${chinesePolite}(?:${words})${chineseIt}${chineseTail}$`)] as const,
)
const chineseTranslate = new RegExp(
  String.raw`^${chinesePolite}${chineseIt}${chinesePolite}(?:(?:翻译|译|翻)(?:一下)?${chineseIt}(?:成|为|到|作)?(?<into>${languageWords})?|(?:换成|改成|变成|转成|转为|改为)?(?<in>${languageWords})(?:来)?(?:说|回答|写|重写|重新回答|重新写|讲|表达|翻译)?)${chineseTail}$`,
)

/**
 * Recognises a request that only changes the previous answer's form: "shorter", "as a table", "translate that". Deliberately
 * narrow: the whole question must be such a request, so that one about content ("in a table on page 3?", "总结第二章") is
 * searched. Wrong for neither: what is not recognised becomes an ordinary follow-up.
 */
export function detectTransformation(question: string): Transformation | null {
  const folded = question
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(/[.!?。…~]+\s*$/gu, '')
    .replaceAll(/[,，、;；\s]+/gu, ' ')
    .trim()
  if (folded === '' || folded.length > longestRequest) return null
  if (!/\p{Script=Han}/u.test(folded)) return fromEnglish(folded)
  return fromChinese(folded.replaceAll(' ', ''))
}

function fromEnglish(text: string): Transformation | null {
  for (const [kind, pattern] of englishPatterns) if (pattern.test(text)) return { kind }
  const translated = englishTranslate.exec(text)
  return translated === null ? null : toTranslation(translated)
}

function fromChinese(text: string): Transformation | null {
  const translated = chineseTranslate.exec(text)
  if (translated !== null) return toTranslation(translated)
  for (const [kind, pattern] of chinesePatterns) if (pattern.test(text)) return { kind }
  return null
}

function toTranslation({ groups = {} }: RegExpExecArray): Transformation {
  const word = groups['into'] ?? groups['in'] ?? groups['alone']
  if (word === undefined) return { kind: 'translate', language: null }
  return {
    kind: 'translate',
    language: languages.find(([, words]) => new RegExp(`^(?:${words})$`).test(word))?.[0] ?? null,
  }
}
