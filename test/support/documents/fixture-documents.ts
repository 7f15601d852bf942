import iconv from 'iconv-lite'
import { writeDocx, writeDocxBody } from './docx-writer.ts'
import { wrap } from './pdf-typesetter.ts'
import { writePdf } from './pdf-writer.ts'
import type { PdfString } from './pdf-writer.ts'
import { writeZip } from './zip-writer.ts'

const simplified =
  '第一章 港口\n\n清晨的港口很安静，只有几艘渔船慢慢驶回码头。渔民把一筐一筐的鱼搬上岸，海鸥在头顶盘旋。\n老周在码头工作了三十年，他说最难忘的是那年冬天的大雾，整整六天没有一艘船能够出海。\n\n到了中午，市场里挤满了人。大家都在打听今天的鱼价，讨价还价的声音此起彼伏。'
const traditional =
  '第一章 圖書館\n\n這座圖書館建於一百年前，外牆是紅色的磚頭，裡面卻十分明亮。每天早上都有學生在門口排隊等候開門。\n館長說，最珍貴的藏書是一套手抄的地方志，平時不對外開放，只有研究者可以申請閱覽。'
const japanese =
  'この町には古い鉄道の駅があります。駅前の広場では、毎週日曜日に野菜や果物の市場が開かれます。\n駅員の田中さんは、四十年のあいだ列車の出発を見送ってきました。雪の日でも列車が遅れたことはほとんどなかったそうです。'
const russian =
  'Старый маяк стоит на краю мыса уже больше ста лет. Смотритель каждый вечер поднимался по лестнице и зажигал лампу, чтобы корабли могли найти дорогу домой.'

const columnLeft =
  'The river rises in the hills behind the village and runs past the mill, where it once turned three wheels. Farmers measured its height every morning and wrote the number into a book that is kept in the church to this day.'
const columnRight =
  'The railway came much later. Its builders wanted to cross the valley on a viaduct, but the ground was too soft, so the line follows the old road and climbs to the station through a tunnel of nine hundred metres.'

/** Left and right text of the two-column fixtures, to be found unbroken. */
export const columnTexts = { left: columnLeft, right: columnRight }

/** Every kind of document that the parsers must read, or refuse, by file name. Deterministic; all text is our own. */
export function fixtureDocuments(): Readonly<Record<string, Uint8Array>> {
  const plainPdf = writePdf({
    title: 'A note on tides',
    pages: [
      {
        strings: [
          line('A note on tides', 760, 22),
          line('High water comes fifty minutes later every day.', 720, 11),
          line('Page one ends here.', 704, 11),
        ],
      },
      { strings: [line('The second page speaks of the moon.', 760, 11)] },
    ],
  })
  return {
    'tides.pdf': plainPdf,
    'tides.pdf.txt': plainPdf,
    '潮汐笔记（字体未嵌入）.pdf': writePdf({
      pages: [
        {
          strings: [
            { text: '潮汐笔记', x: 80, y: 760, size: 22, font: 'song' },
            { text: '每天的高潮比前一天晚大约五十分钟，这是因为', x: 80, y: 720, size: 12, font: 'song' },
            { text: '月球绕地球转动。渔民用竹竿测量水位。', x: 80, y: 702, size: 12, font: 'song' },
          ],
        },
      ],
    }),
    'two-columns-by-column.pdf': writePdf({
      pages: [{ strings: [...column(columnLeft, 60), ...column(columnRight, 310)] }],
    }),
    'two-columns-by-line.pdf': writePdf({
      pages: [{ strings: [line('Two stories of one valley', 780, 20), ...interleaved()] }],
    }),
    'rotated-page.pdf': writePdf({
      pages: [90, 180, 270].map((rotate) => ({
        rotate: rotate as 90 | 180 | 270,
        strings: [line(`This page is turned by ${rotate} degrees.`, 700, 12), line('Its text reads on.', 684, 12)],
      })),
    }),
    'ligatures.pdf': writePdf({
      pages: [
        { strings: [{ text: 'The first flight of the finch was brief.', x: 80, y: 700, size: 12, font: 'ligatures' }] },
      ],
    }),
    'hyphens.pdf': writePdf({
      pages: [
        {
          strings: [
            line('The committee asked for an inter-', 700, 12),
            line('national survey of well-', 685, 12),
            line('known harbours and light-', 670, 12),
            line('houses along the coast of the whole sea.', 655, 12),
          ],
        },
      ],
    }),
    'table.pdf': writePdf({
      pages: [
        {
          strings: [
            ['Harbour', 'Depth', 'Berths'],
            ['North quay', '7.2 m', '14'],
            ['South quay', '9.8 m', '6'],
          ].flatMap((row, at) => row.map((text, cell) => ({ text, x: 80 + cell * 140, y: 700 - at * 18, size: 11 }))),
        },
      ],
    }),
    'scan.pdf': writePdf({
      pages: [
        { strings: [], hasPicture: true },
        { strings: [], hasPicture: true },
      ],
    }),
    'half-scanned.pdf': writePdf({
      pages: [{ strings: [], hasPicture: true }, { strings: [line('Only this page has text.', 700, 12)] }],
    }),
    'blank-pages.pdf': writePdf({ pages: [{ strings: [] }] }),
    'mojibake.pdf': writePdf({ pages: [{ strings: mojibake() }] }),
    'encrypted.pdf': writePdf({
      userPassword: 'harbour',
      pages: [{ strings: [line('Nobody may read this.', 700, 12)] }],
    }),
    'encrypted-without-password.pdf': writePdf({
      userPassword: '',
      pages: [{ strings: [line('Everybody may read this.', 700, 12)] }],
    }),
    'truncated.pdf': plainPdf.slice(0, 900),
    'cut-off-at-the-end.pdf': plainPdf.slice(0, plainPdf.length - 8),
    'empty.pdf': new Uint8Array(),
    'empty.txt': new Uint8Array(),
    'white-space.md': utf8(' \n\t\n\u3000\n'),
    'text-named.pdf': utf8('This is no PDF at all, only a line of text.'),
    'about-pdf.txt': utf8('A PDF file begins with %PDF-1.4 or a later version, and ends with a mark.'),
    '港口-gb18030.txt': iconv.encode(simplified, 'gb18030'),
    '圖書館-big5.txt': iconv.encode(traditional, 'big5'),
    '駅-shift-jis.txt': iconv.encode(japanese, 'shift_jis'),
    '駅-euc-jp.txt': iconv.encode(japanese, 'euc-jp'),
    'mayak-koi8-r.txt': iconv.encode(russian, 'koi8-r'),
    'mayak-windows-1251.txt': iconv.encode(russian, 'windows-1251'),
    '港口-utf-16le.txt': iconv.encode(simplified, 'utf-16le'),
    '港口-utf-16be-bom.txt': Buffer.concat([Buffer.from([0xfe, 0xff]), iconv.encode(simplified, 'utf-16be')]),
    'cut-in-a-character.txt': utf8(simplified).slice(0, -1),
    'binary.txt': Uint8Array.from({ length: 4_000 }, (_unused, index) => (index * 7) % 256),
    'code.py': utf8('def depth(tide):\n    # metres\n    return tide * 1.5\n\n\nclass Harbour:\n    berths = 14\n'),
    'report.docx': report(),
    'report.doc': report(),
    'truncated.docx': report().slice(0, 2_000),
    'bad-xml.docx': writeDocxBody('<w:p><w:r><w:t>never closed'),
    'deep.docx': writeDocxBody(
      `${'<w:sdt><w:sdtContent>'.repeat(20_000)}<w:p/>${'</w:sdtContent></w:sdt>'.repeat(20_000)}`,
    ),
    'encrypted.docx': Buffer.concat([
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      Buffer.alloc(504),
      Buffer.from('EncryptedPackage', 'utf16le'),
      Buffer.alloc(512),
    ]),
    'old.doc': Buffer.concat([
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      Buffer.alloc(504),
      Buffer.from('WordDocument', 'utf16le'),
      Buffer.alloc(512),
    ]),
    'book.xlsx': writeZip({ '[Content_Types].xml': '<Types/>', 'xl/workbook.xml': '<workbook/>' }),
    'archive.zip': writeZip({ 'letter.txt': 'Dear reader' }),
    'picture.png': Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]),
    'page.html': page(),
    'page.txt': page(),
    'meta-gbk.html': iconv.encode(
      '<html><head><meta charset="gbk"><title>潮汐</title></head><body><p>潮汐每天涨落两次。</p></body></html>',
      'gbk',
    ),
    'fragment.html': utf8('<p>One paragraph<p>and another, never closed'),
    'deep.html': utf8(`<html><body>${'<div>'.repeat(20_000)}at the bottom`),
    'notes.md': notes(),
    '中文笔记.md': utf8(
      '# 灯塔\n\n灯塔建于一八九六年，\n高二十二米。**每天傍晚**点灯。\n\n- 灯泡：每月检查\n- 楼梯：一百零八级\n',
    ),
  }
}

/** Fixtures too large or too odd to keep in the repository; made when a test asks. */
export function writtenOnDemand(name: string): boolean {
  return name.startsWith('deep.')
}

function line(text: string, y: number, size: number): PdfString {
  return { text, x: 80, y, size, font: size > 15 ? 'sans-bold' : 'sans' }
}

function column(text: string, x: number): readonly PdfString[] {
  return wrap(text, 10, 210).map((each, at) => ({ text: each, x, y: 740 - at * 14, size: 10 }))
}

function interleaved(): readonly PdfString[] {
  const left = column(columnLeft, 60)
  const right = column(columnRight, 285)
  return left.flatMap((each, at) => {
    const beside = right[at]
    return beside === undefined ? [each] : [each, beside]
  })
}

/** GBK bytes drawn in a Latin font: what a reader sees may be right, what the text layer says is not. */
function mojibake(): readonly PdfString[] {
  const bytes = iconv.encode(simplified.replaceAll('\n', ''), 'gbk').toString('latin1')
  return Array.from({ length: 4 }, (_unused, at) => line(bytes.slice(at * 60, at * 60 + 60), 700 - at * 16, 11))
}

function report(): Uint8Array {
  return writeDocx([
    { type: 'heading', level: 1, text: 'Harbour report 港口报告' },
    { type: 'paragraph', text: 'The quay was measured in March & found sound; <no> cracks were seen.' },
    { type: 'heading', level: 2, text: '检查结果' },
    { type: 'paragraph', text: '北码头水深七点二米，系船柱完好。' },
    { type: 'item', text: 'Replace two bollards', isNumbered: true },
    { type: 'item', text: '更换照明灯', isNumbered: true },
    { type: 'item', text: 'Paint the railings' },
    {
      type: 'table',
      rows: [
        ['Quay', 'Depth', '状态'],
        ['North', '7.2 m', '良好'],
        ['South', '', '待修'],
      ],
    },
    { type: 'paragraph', text: 'End of the report.' },
  ])
}

function page(): Uint8Array {
  return utf8(`<!DOCTYPE html>
<html><head><title>Tides &amp; times</title><style>p { color: red }</style><script>document.write('never read')</script></head>
<body>
<nav><a href="/">Start page</a> <a href="/all">All pages</a></nav>
<main><h1>Tides and times</h1>
<p>Water rises <b>twice</b> a day.<br>It falls twice, too.</p>
<p style="display:none">never shown</p><p hidden>never shown either</p>
<template>never instantiated</template>
<ul><li>spring tide</li><li>neap tide<ul><li>after a half moon</li></ul></li></ul>
<ol start="3"><li>third</li><li>fourth</li></ol>
<table><tr><th>Port</th><th>High water</th></tr><tr><td>North</td><td>04:10</td></tr></table>
<pre>rise
  fall</pre>
<blockquote>Time and tide wait for none.</blockquote>
<p>潮水
每天涨落。</p></main>
<footer>Printed in the harbour office</footer>
</body></html>`)
}

function notes(): Uint8Array {
  return utf8(`---
title: "Notes on buoys"
author: nobody
---

Buoys at sea
============

Some *are* **red**, others \`green\`; see [the chart](https://example.org/chart_(north)) and ![a picture](x.png).
A \\*star\\* stays &amp; so does snake_case.

## Kinds ##

1. cans
2. cones
   with a pointed top
- spars

| Colour | Side |
| --- | :---: |
| red | port |
| green | starboard |

> Keep red to port
> when returning.

\`\`\`js
const side = 'port'

if (side) turn()
\`\`\`

The end.
`)
}

function utf8(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text))
}
