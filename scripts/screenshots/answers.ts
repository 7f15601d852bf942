/** A question of the tour and what the model writes. `[[words]]` becomes the number of the passage that holds these words. */
export interface ScriptedAnswer {
  readonly question: string
  /** The question in the library's other language. */
  readonly translated: string
  /** What a follow-up becomes when it has to stand alone. */
  readonly condensed?: string
  readonly text: string
}

/** What the tour asks in one language. */
export interface Script {
  /** Opened and marked in the evidence pane; a PDF has the words. */
  readonly lease: ScriptedAnswer
  /** Many forms of Markdown at once. */
  readonly report: ScriptedAnswer
  readonly followUp: ScriptedAnswer
  readonly stopped: ScriptedAnswer
  readonly failed: ScriptedAnswer
  readonly quotesQuestion: string
  readonly longTitleQuestion: string
}

const english: Script = {
  lease: {
    question: 'What notice must the tenant give to end the Elm Street lease early?',
    translated: '提前终止榆树街租约，承租人须提前多久通知？',
    text: `The tenant may end the lease early once the third year is over. The lease itself asks for **180 days** of written notice [[upon not less than one hundred eighty (180)]]; Amendment no. 2 shortened this, so since 1 March 2022 the notice is **90 days** [[with “ninety (90) days”]], counted from the day the landlord receives it [[counted from the day]].

Three things belong to a valid notice:

- **A fee** of two months of base rent, paid with the notice [[upon not less than one hundred eighty (180)]]
- **The form:** in writing and signed, by hand or registered post [[delivered by hand]]; by electronic mail only if the landlord confirms it within two working days [[two working days]]
- **No default** of the tenant on the day it is given

The Chinese version of the lease says the same [[提前终止]]. The documents do not say whether the deposit may be set off against the fee.`,
  },
  report: {
    question: 'How fast does the harbour basin fill up, and when must it be dredged?',
    translated: '港池淤积有多快，何时需要疏浚？',
    text: `The basin fills about **twice as fast** as the model of 2019 predicted [[22 centimetres]].

### Measured after the dredging of 2023

| survey | mean depth | lost since dredging |
| --- | ---: | ---: |
| 28 May 2023 | 6.21 m | 0 cm |
| 30 November 2023 | 6.12 m | 9 cm |
| 22 April 2024 | 5.99 m | 22 cm |

The loss is uneven [[22 centimetres]]:

- **South quay:** 31 cm, more than half of it silt
- **Middle of the basin:** 20 cm
- **Mouth:** 12 cm of sand

### What follows

1. In a usual year 14 to 17 cm are to be expected, because the winter was unusually wet.
2. At \`17 cm\` a year the basin reaches its minimum depth in about three years, the south quay in about two [[140,000]].
3. Dredging the south quay alone in 2026 costs about 140,000; the whole basin in 2027 about 410,000 [[140,000]].

> One wet winter is not a trend: the survey should be repeated in April 2025 before anybody signs a contract.

Each figure is the mean of forty stations, measured twice at slack water [[twelve months | 22 April]].`,
  },
  followUp: {
    question: 'And how much would it cost for the south quay alone?',
    translated: '仅疏浚南码头要花多少钱？',
    condensed: 'How much would it cost to dredge the south quay of the harbour basin alone?',
    text: 'About **140,000**, if it is done in 2026. That keeps the whole basin open until 2028 [[140,000]].',
  },
  stopped: {
    question: 'When are the heads of the plotter cleaned?',
    translated: '绘图仪的喷头何时清洗？',
    text: 'The heads are cleaned once a month, and whenever a test print shows a gap of more than two lines [[two lines]]. Begin with the gentle',
  },
  failed: {
    question: 'Which paper needs the most passes?',
    translated: '哪种纸张需要的遍数最多？',
    text: 'Tracing paper: six passes at a heater setting of 38 °C [[tracing]].',
  },
  quotesQuestion: 'How much is the monthly base rent from February 2024?',
  longTitleQuestion:
    'Compare what the lease, its second amendment and the minutes of the meeting say about giving back a third of the floor before the end of the term',
}

const chinese: Script = {
  lease: {
    question: '提前退租要提前多久通知，要付多少终止费？',
    translated: 'How much notice ends the lease early, and what is the termination fee?',
    text: `起租满三年以后，承租人可以提前终止合同。原合同要求提前 **180 日**书面通知[[一百八十日]]；第二号补充协议把期限缩短为 **90 日**，自二〇二二年三月一日起执行，从出租人收到通知之日起计算[[九十日]]。

终止费相当于当时两个月的租金，随通知一并支付[[一百八十日]]。

承租人有违约情形的，不得行使这项权利。文档没有说明押金能否抵扣终止费。`,
  },
  report: {
    question: '地方志和旧报纸的扫描、校对标准有什么不同？',
    translated: 'How do the standards for scanning and proofreading local histories and old newspapers differ?',
    text: `两者的扫描分辨率相同，**校对要求和每日定额不同**[[未压缩的 TIFF]]。

### 标准对照

| 项目 | 地方志 | 旧报纸 |
| --- | --- | --- |
| 分辨率 | 400 dpi，灰度 | 400 dpi，灰度 |
| 每日定额 | 240 页 | 60 版 |
| 错字率上限 | 万分之三 | 千分之二 |

### 校对流程

1. 文字识别以后，由两人各自**独立校对**一遍；
2. 两人不一致之处，由第三人裁定[[万分之三]]；
3. 人名、地名和年代一律对照原件，不得只看识别结果。

有朱批、印章或彩色插图的页面，改用 \`600 dpi\` 彩色扫描[[未压缩的 TIFF]]。

> 每批扫描之前拍摄一次色卡，色差超过 5 的，应当重新校准设备。

扫描仪的灯管用满三千小时即须更换，并重新校准色彩[[三千小时]]。`,
  },
  followUp: {
    question: '那么主文件要保存几份？',
    translated: 'How many copies of the master files are kept?',
    condensed: '地方文献数字化的主文件要保存几份？',
    text: '**三份**：本馆机房一份，市档案馆一份，另有一份离线存放在恒温库房[[恒温库房]]。',
  },
  stopped: {
    question: '六次调查共记录到多少种水鸟，数量最多的是哪一种？',
    translated: 'How many species of water birds did the six surveys record, and which was the most numerous?',
    text: '六次调查共记录水鸟四十七种，比二〇一九年同期多十一种[[四十七种]]。数量最多的是',
  },
  failed: {
    question: '扫描仪的灯管多久更换一次？',
    translated: 'How often is the lamp of the scanner replaced?',
    text: '累计使用满三千小时就应当更换，更换以后重新做一次色彩校准[[三千小时]]。',
  },
  quotesQuestion: '会议决定由谁在什么时候之前起草退租通知？',
  longTitleQuestion:
    '请比较租赁合同、第二号补充协议和搬迁筹备会议纪要中关于提前退租、转租三分之一面积以及押金退还的全部规定',
}

export const scripts = { en: english, zh: chinese } as const

const squeezed = (text: string): string => text.replaceAll(/\s+/g, '').toLowerCase()

/**
 * The pieces that the model sends, a word or a few characters each, with the numbers of the passages as the prompt has them.
 * @throws Error when no passage of the prompt holds the words of a mark
 */
export function answerPieces(text: string, prompt: string): readonly string[] {
  const passages = [...prompt.matchAll(/<passage number="(\d+)"[^>]*>[\s\S]*?<\/passage>/g)]
  const numbered = text.replaceAll(/\[\[([^\]]+)\]\]/g, (_mark, words: string) => {
    const holder = passages.find(([whole]) => squeezed(whole).includes(squeezed(words)))
    if (holder === undefined)
      throw new Error(`No passage of the prompt holds “${words}”:\n${passages.map(([whole]) => whole).join('\n')}`)
    return `[${holder[1] ?? ''}]`
  })
  return numbered.match(/\s*\[\d+\]|\p{Script=Han}{1,2}|\s*[^\s\p{Script=Han}[]+|\s+|\[/gu) ?? []
}
