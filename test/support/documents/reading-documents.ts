import { utils, write } from '@e965/xlsx'
import { writeDocx } from './docx-writer.ts'
import { shape, writeEpub, writeOpenDocument, writePptx } from './office-writer.ts'

/** A document of a kind without pages, a question about it, and the words that its answer must show, in their own elements. */
export interface ReadingDocument {
  readonly name: string
  readonly bytes: Uint8Array
  readonly question: string
  /** A selector of the page and the text that an element of it holds: the structure that has to be there. */
  readonly structure: readonly (readonly [selector: string, text: string])[]
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

const cell = (text: string): string => `<table:table-cell><text:p>${text}</text:p></table:table-cell>`
const row = (...cells: readonly string[]): string => `<table:table-row>${cells.map(cell).join('')}</table:table-row>`

/** One document of every kind that is shown as structured text. All text is our own. */
export function readingDocuments(): readonly ReadingDocument[] {
  return [
    {
      name: 'Pilot handbook.docx',
      bytes: writeDocx([
        { type: 'heading', level: 1, text: 'Pilot handbook' },
        { type: 'paragraph', text: 'A pilot boards every vessel longer than eighty metres before the breakwater.' },
        { type: 'heading', level: 2, text: 'Signals of the pilot' },
        { type: 'item', text: 'two short blasts mean that the pilot is aboard', isNumbered: true },
        { type: 'item', text: 'a white flag asks for a second pilot', isNumbered: true },
        {
          type: 'table',
          rows: [
            ['Vessel', 'Pilot', 'Remark'],
            ['tanker', 'two pilots', 'tug astern'],
            ['ferry', 'no pilot', ''],
          ],
        },
      ]),
      question: 'Which signals does the pilot give aboard a vessel?',
      structure: [
        ['h3', 'Pilot handbook'],
        ['.item', 'two short blasts'],
        ['[role="cell"]', 'tug astern'],
      ],
    },
    {
      name: 'Dredging notes.md',
      bytes: utf8(
        '# Dredging\n\nThe dredger clears silt from the fairway.\n\n> Dredge in winter only.\n>\n> > Who said so?\n\n' +
          '- silt goes to the outer bank\n  - never onto mussel beds\n\n| Fairway | Silt |\n| --- | --- |\n| north | 40 cm |\n| south | 12 cm |\n\n' +
          '```sh\nfor bank in north south; do\n  dredge "$bank"\ndone\n```\n',
      ),
      question: 'What does the dredger clear from the fairway?',
      structure: [
        ['h3', 'Dredging'],
        ['blockquote', 'Dredge in winter only.'],
        ['.item', 'never onto mussel beds'],
        ['[role="columnheader"]', 'Fairway'],
        ['[role="cell"]', '40 cm'],
        ['pre', 'dredge "$bank"'],
      ],
    },
    {
      name: 'Lamps.html',
      bytes: utf8(
        '<html><head><title>Lamps</title></head><body><h1>Lighthouse lamps</h1><p>Each lamp burns for nine hundred hours.<br>Then the keeper replaces it.</p>' +
          '<script>document.title="never run"</script><img src="https://example.org/x.png" onerror="document.title=1"><a href="https://example.org">the supplier of lamps</a>' +
          '<table><tr><th>Lamp</th><th>Hours</th></tr><tr><td>north</td><td>310</td></tr></table></body></html>',
      ),
      question: 'How many hours does each lighthouse lamp burn?',
      structure: [
        ['h3', 'Lighthouse lamps'],
        ['p', 'Then the keeper replaces it.'],
        ['[role="columnheader"]', 'Hours'],
      ],
    },
    {
      name: 'The salt road.epub',
      bytes: writeEpub('The salt road', [
        '<h1>The caravan</h1><p>Forty camels carried salt across the pass before the snow came.</p>',
        '<h1>The toll</h1><p>At the bridge the toll was one block of salt for each camel.</p>',
      ]),
      question: 'What was the toll for each camel at the bridge?',
      structure: [['h3', 'The toll']],
    },
    {
      name: 'Berth nine.eml',
      bytes: utf8(
        'From: Anna <anna@example.org>\nTo: Office <office@example.org>\nSubject: Mooring at berth nine\nContent-Type: text/plain; charset=utf-8\n\n' +
          'The yacht may use the mooring from May.\n\nThe office wrote:\n> Is the mooring at berth nine free?\n> The yacht would come in spring.\n>> We asked about the mooring in March.\n\nAnna\n',
      ),
      question: 'When may the yacht use the mooring?',
      structure: [
        ['h3', 'Mooring at berth nine'],
        ['blockquote', 'Is the mooring at berth nine free?'],
      ],
    },
    {
      name: 'Ropes.rtf',
      bytes: utf8(
        '{\\rtf1\\ansi\\ansicpg1252{\\stylesheet{\\s1\\outlinelevel0 heading 1;}}\\pard\\s1 Hemp ropes\\par\\pard Hemp rope rots when it is stowed wet.\\par' +
          '\\trowd\\intbl Rope\\cell Length\\cell\\row\\trowd\\intbl hawser\\cell 220 m\\cell\\row\\pard}',
      ),
      question: 'When does hemp rope rot?',
      structure: [['p', 'Hemp rope rots']],
    },
    {
      name: 'Customs.odt',
      bytes: writeOpenDocument(
        'text',
        '<text:h text:outline-level="1">Customs</text:h><text:p>Spices pay customs by weight<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Saffron by the ounce.</text:p></text:note-body></text:note>.</text:p>' +
          '<text:list><text:list-item><text:p>pepper</text:p><text:list><text:list-item><text:p>white pepper twice</text:p></text:list-item></text:list></text:list-item></text:list>',
      ),
      question: 'How do spices pay customs?',
      structure: [
        ['h3', 'Customs'],
        ['p', 'Saffron by the ounce.'],
        ['.item', 'white pepper twice'],
      ],
    },
    {
      name: 'siren.py',
      bytes: utf8(
        'class Siren:\n    """The fog siren of the harbour."""\n\n    def blast(self, seconds):\n        # the siren needs compressed air\n        return self.air.release(seconds)\n',
      ),
      question: 'What does the fog siren need?',
      structure: [['pre .line[data-line="5"]', '# the siren needs compressed air']],
    },
    {
      name: 'Anchors.csv',
      bytes: utf8(
        'Ship,Anchor,Weight\nMargarethe,stockless,"1,200 kg"\nAlbatros,grapnel,80 kg\nHenriette,mushroom,310 kg\n',
      ),
      question: 'Which anchor does the ship Henriette have?',
      structure: [
        ['[data-header] [role="columnheader"]', 'Anchor'],
        ['[role="cell"]', '1,200 kg'],
        ['.row-number[data-line="3"]', ''],
      ],
    },
    {
      name: 'Crane rents.xlsx',
      bytes: workbook(),
      question: 'What rent is paid for the gantry crane?',
      structure: [
        ['h3', 'Rents 2024'],
        ['[role="columnheader"]', 'Crane'],
        ['[role="cell"]', 'gantry'],
      ],
    },
    {
      name: 'Sails.ods',
      bytes: writeOpenDocument(
        'spreadsheet',
        `<table:table table:name="Sails">${row('Sail', 'Cloth')}${row('jib', 'flax canvas')}${row('spinnaker', 'silk')}</table:table>`,
      ),
      question: 'Of which cloth is the spinnaker sail?',
      structure: [
        ['h3', 'Sails'],
        ['[role="cell"]', 'silk'],
      ],
    },
    {
      name: 'Fog drill.pptx',
      bytes: writePptx([
        {
          body:
            shape('title', 'Fog drill') + shape('body', 'Everybody meets at the bell', 'The bell rings once a minute'),
        },
        {
          body: shape('title', 'Lookouts') + shape('body', 'The lookout stands at the bow in fog'),
          notes: shape('body', 'Ask who was lookout last year'),
        },
      ]),
      question: 'Where does the lookout stand in fog?',
      structure: [
        ['.leaf.slide h3', 'Slide 2: Lookouts'],
        ['.item', 'The lookout stands at the bow'],
      ],
    },
    {
      name: 'Whales.odp',
      bytes: writeOpenDocument(
        'presentation',
        '<draw:page draw:name="page1"><draw:frame presentation:class="title"><draw:text-box><text:p>Whales</text:p></draw:text-box></draw:frame><draw:frame><draw:text-box><text:p>Minke whales pass the cape in April</text:p></draw:text-box></draw:frame></draw:page>',
      ),
      question: 'When do minke whales pass the cape?',
      structure: [['h3', 'Slide 1: Whales']],
    },
    {
      name: 'stations.json',
      bytes: utf8(
        JSON.stringify({
          stations: Array.from({ length: 12 }, (_unused, index) => ({
            name: `Weather station ${index}`,
            barometer: index === 7 ? 'the barometer was stolen' : 'the barometer works',
            metres: [index * 10, index * 12],
          })),
        }),
      ),
      question: 'Which barometer was stolen from a weather station?',
      structure: [['pre .line', '"barometer": "the barometer was stolen"']],
    },
    {
      name: 'seals.jsonl',
      bytes: utf8('{"seal":"harbour seal","seen":"on the sandbank"}\n{"seal":"grey seal","seen":"below the cliff"}\n'),
      question: 'Where was the grey seal seen?',
      structure: [['pre .line[data-line="2"]', 'grey seal']],
    },
    {
      name: '灯塔值守.md',
      bytes: utf8(
        '# 灯塔值守\n\n## 夜间\n\n守塔人每隔四小时检查一次灯油，并在簿子上签名。\n\n| 班次 | 守塔人 |\n| --- | --- |\n| 上半夜 | 何师傅 |\n',
      ),
      question: '守塔人多久检查一次灯油？',
      structure: [
        ['h3', '夜间'],
        ['[role="columnheader"]', '守塔人'],
      ],
    },
    {
      name: 'מגדלור.txt',
      bytes: utf8(
        'המגדלור בחיפה מאיר שלושים קילומטרים אל הים.\n\nThe keeper of the Haifa lighthouse is called Yael.\n',
      ),
      question: 'What is the keeper of the Haifa lighthouse called?',
      structure: [['p[dir="auto"]', 'המגדלור בחיפה']],
    },
  ]
}

function workbook(): Uint8Array {
  const book = utils.book_new()
  const rents = [
    ['Crane', 'Rent', 'Tenant'],
    ['gantry', '9,400 a month', 'Baltic Grain'],
    ['jib', '2,100 a month', 'Fischer & Sons'],
  ]
  utils.book_append_sheet(
    book,
    utils.aoa_to_sheet([
      ['Year', 'Sum'],
      ['2023', 'none paid'],
    ]),
    'Rents 2023',
  )
  utils.book_append_sheet(book, utils.aoa_to_sheet(rents), 'Rents 2024')
  return new Uint8Array(write(book, { type: 'array', bookType: 'xlsx' }) as ArrayBuffer)
}
