import { writeDocx } from './docx-writer.ts'
import { typeset } from './pdf-typesetter.ts'
import type { TypesetBlock } from './pdf-typesetter.ts'
import { writePdf } from './pdf-writer.ts'

const title = (text: string): TypesetBlock => ({ style: 'title', text })
const heading = (text: string): TypesetBlock => ({ style: 'heading', text })
const body = (text: string): TypesetBlock => ({ style: 'body', text })

const lease: readonly TypesetBlock[] = [
  title('Office lease, 14 Elm Street'),
  body(
    'This Lease is made on 4 January 2019 between Harrow & Vale Estates Ltd. (“Landlord”) and Lantern Mapping Ltd. (“Tenant”). It concerns the second floor of 14 Elm Street, with six parking spaces in the yard behind the house.',
  ),
  heading('1. Premises and use'),
  body(
    '1.1 The Premises measure 412 square metres. The drawing signed by both parties on the day of this Lease is part of it.',
  ),
  body(
    '1.2 Tenant may use the Premises as offices and for the drawing, printing and storage of maps. Any other use needs the written consent of Landlord, which will not be withheld without a reason.',
  ),
  heading('2. Commencement and term'),
  body(
    '2.1 The Commencement Date is 1 February 2019. Unless it is ended earlier under section 9, this Lease continues for seven years, until 31 January 2026.',
  ),
  body(
    '2.2 Tenant may extend the term once by three years. It does so by a letter that reaches Landlord not later than twelve months before the term ends.',
  ),
  heading('3. Base Rent'),
  body(
    '3.1 Base Rent is paid monthly in advance, by the third working day of each month. The amounts are those of the rent schedule, which lists them year by year.',
  ),
  body(
    '3.2 Rent that is more than ten days late carries interest at four per cent a year above the base rate of the central bank, from the day it was due.',
  ),
  heading('4. Deposit'),
  body(
    '4.1 On signing, Tenant has paid a deposit of three months of Base Rent at the rate of the first year. Landlord keeps it in an account of its own and owes Tenant the interest it earns.',
  ),
  body(
    '4.2 Landlord returns the deposit within thirty days after the Premises were handed back, less the cost of making good what section 6 required of Tenant.',
  ),
  heading('5. Services'),
  body(
    '5.1 Landlord provides heating from October to April, the lift, the cleaning of stairs and yard, and the removal of waste paper. Tenant’s share of the cost is 23 per cent, settled each March for the year before.',
  ),
  heading('6. Repair and alteration'),
  body(
    '6.1 Landlord keeps roof, walls, windows and pipes in repair. Tenant keeps the inside in the state in which it was received, fair wear excepted, and repaints it every five years.',
  ),
  body(
    '6.2 Partition walls may be set and removed without consent if the ceiling is left untouched. Floors may carry no more than 350 kilograms on a square metre; map cabinets stand along the bearing walls only.',
  ),
  heading('7. Insurance'),
  body(
    '7.1 Landlord insures the building against fire, storm and water. Tenant insures its own property and carries liability cover of at least two million for each event.',
  ),
  heading('8. Assignment'),
  body(
    '8.1 Tenant may sublet up to one third of the Premises after telling Landlord the name and trade of the subtenant. Assigning the whole Lease needs consent.',
  ),
  heading('9. Termination'),
  body(
    '9.1 Term. Neither party may end this Lease before the third anniversary of the Commencement Date, save for serious breach.',
  ),
  body(
    '9.2 Early termination. Tenant may terminate this Lease at any time after the third anniversary of the Commencement Date upon not less than one hundred eighty (180) days’ prior written notice to Landlord, provided that Tenant is not then in default and that such notice is accompanied by a termination fee equal to two (2) months of Base Rent at the rate then in effect.',
  ),
  body(
    '9.3 Holding over. If Tenant remains in the Premises after the term without a written agreement, it owes for each month one and a half times the last Base Rent.',
  ),
  body(
    '9.4 Surrender. Tenant hands the Premises back swept and empty, with all keys, and takes its signs and fixtures away at its own expense.',
  ),
  body(
    '9.5 Things left behind. What Tenant has not fetched within ten days after the term may be treated as abandoned.',
  ),
  heading('10. Notices'),
  body(
    '10.1 Notices under this Lease are in writing and signed. They are delivered by hand or by registered post to the addresses above; a notice by electronic mail alone has no effect.',
  ),
]

const chineseSummary: readonly TypesetBlock[] = [
  title('房屋交接清单'),
  body('交接日期：二〇一九年一月三十一日。交接地点：榆树街十四号二层。出租方代表：何蔚然；承租方代表：林可。'),
  heading('一、钥匙与门禁'),
  body('出租方交付大门钥匙四把、办公区钥匙十二把、门禁卡三十张。门禁卡每遗失一张，承租方支付工本费五十元。'),
  heading('二、表具读数'),
  body(
    '电表读数为四万一千二百零六度，水表读数为一千八百七十三立方米，暖气表读数为零。双方确认读数无误，此后的费用由承租方承担。',
  ),
  heading('三、已有瑕疵'),
  body(
    '北侧会议室窗框有两处划痕，茶水间地砖有一块开裂，走廊尽头的灯不亮。上述瑕疵由出租方在三十日内修复，退租时不向承租方追究。',
  ),
]

/** Documents under `resources/samples` that are written by a program; the others are text and stand there as they are. */
export function sampleDocuments(): Readonly<Record<string, Uint8Array>> {
  return {
    'Office lease, 14 Elm Street.pdf': writePdf({ title: 'Office lease, 14 Elm Street', pages: typeset(lease) }),
    '房屋交接清单.pdf': writePdf({ title: '房屋交接清单', pages: typeset(chineseSummary, { isChinese: true }) }),
    'Amendment no. 2.docx': writeDocx([
      { type: 'heading', level: 1, text: 'Amendment no. 2 to the lease of 14 Elm Street' },
      {
        type: 'paragraph',
        text: 'Harrow & Vale Estates Ltd. and Lantern Mapping Ltd. agree on the following changes to their Lease of 4 January 2019. This amendment takes effect on 1 March 2022.',
      },
      { type: 'heading', level: 2, text: '1. Early termination' },
      {
        type: 'paragraph',
        text: 'Section 9.2 of the Lease is amended by replacing “one hundred eighty (180) days” with “ninety (90) days”. The termination fee of two months of Base Rent stays as it was.',
      },
      { type: 'heading', level: 2, text: '2. Working from home' },
      {
        type: 'paragraph',
        text: 'Tenant may leave up to half of the Premises unused without this being a breach of its duty to occupy them.',
      },
      { type: 'heading', level: 2, text: '3. Notices' },
      {
        type: 'paragraph',
        text: 'The notice period is counted from the day on which Landlord receives the notice. A notice may from now on also be given by electronic mail, under these conditions:',
      },
      { type: 'item', text: 'it is sent to the address named below and carries the lease number in its subject;' },
      { type: 'item', text: 'its receipt is confirmed by Landlord within two working days;' },
      {
        type: 'item',
        text: 'without such confirmation it is repeated by registered post, and counts from the arrival of the letter.',
      },
      { type: 'heading', level: 2, text: '4. Contacts' },
      {
        type: 'table',
        rows: [
          ['Party', 'Person', 'For'],
          ['Landlord', 'Edith Vale', 'notices, rent, keys'],
          ['Tenant', 'Lin Ke', 'notices, repairs'],
          ['Tenant', 'Omar Reyes', 'insurance, access after hours'],
        ],
      },
      { type: 'paragraph', text: 'In all other respects the Lease and Amendment no. 1 remain as they are.' },
    ]),
  }
}
