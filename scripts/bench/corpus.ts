import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createRandom } from './statistics.ts'

const englishWords =
  `the of and to in a is that for it as was with be by on not this are or from at which but have an they one all
   tenant lease notice period shall agree within month year office ground building owner repair charge rent deposit
   water heating garden street winter summer morning market supply train river bridge stone paper letter archive
   record number value report measure result table figure method sample change increase decline growth price cost
   energy power light sound image signal memory process system network engine pressure temperature surface material
   people council member meeting question answer reason purpose condition service health school teacher student
   library reader book page shelf catalogue history language country border journey season harvest weather forest
   quickly rarely often again between during without under above before after because although however therefore
   large small early late common public private final recent careful certain possible necessary different similar
   begin end open close build move carry keep hold give take find write read speak show follow remain return decide`
    .split(/\s+/)
    .filter((word) => word !== '')

const chineseWords =
  `合同 租金 房屋 通知 期限 双方 同意 提前 终止 支付 押金 维修 责任 费用 说明 公司 员工 会议 记录 部门 经理 计划 项目 预算 报告 数据 结果
   方法 样本 温度 压力 材料 能源 电力 网络 系统 图书 阅览 书架 目录 历史 语言 城市 河流 桥梁 冬季 夏季 早晨 市场 供应 列车 学校 教师 学生
   健康 服务 申请 审核 办法 规定 条款 第一 第二 以及 或者 如果 因此 但是 可以 应当 需要 已经 没有 关于 根据 按照 进行 提供 使用 保存 检查
   增加 减少 变化 开始 结束 打开 关闭 建设 移动 继续 返回 决定 重要 主要 共同 不同 相似 最近 长期 公开 个人 上午 下午 每月 每年 之前 之后`
    .split(/\s+/)
    .filter((word) => word !== '')

export type CorpusLanguage = 'en' | 'zh'

/** A paragraph of 30 to 220 tokens, made of common words; equal for equal seeds. Lengths spread as in real prose. */
export function writeParagraph(language: CorpusLanguage, random: () => number): string {
  const words = language === 'en' ? englishWords : chineseWords
  const pick = (): string => words[Math.floor(random() * words.length)] ?? ''
  const sentences: string[] = []
  // Words are about one token in English and two in Chinese.
  let left = (25 + random() * 175) / (language === 'en' ? 1 : 2)
  while (left > 0) {
    const count = 7 + Math.floor(random() * 12)
    left -= count
    const chosen = Array.from({ length: count }, pick)
    const text = chosen.join(language === 'en' ? ' ' : '')
    sentences.push(language === 'en' ? `${text.charAt(0).toUpperCase()}${text.slice(1)}.` : `${text}。`)
  }
  return sentences.join(language === 'en' ? ' ' : '')
}

/** Text files of 50 paragraphs each, every third in Chinese; 3,000 paragraphs make about 2,000 chunks. @returns how many files */
export async function writeCorpus(
  folder: string,
  { paragraphs, seed }: { readonly paragraphs: number; readonly seed: number },
): Promise<number> {
  const random = createRandom(seed)
  await mkdir(folder, { recursive: true })
  const paragraphsPerFile = 50
  let files = 0
  for (let written = 0; written < paragraphs; written += paragraphsPerFile, files += 1) {
    const language: CorpusLanguage = files % 3 === 2 ? 'zh' : 'en'
    const count = Math.min(paragraphsPerFile, paragraphs - written)
    const text = Array.from({ length: count }, () => writeParagraph(language, random)).join('\n\n')
    await writeFile(join(folder, `${String(files).padStart(4, '0')}-${language}.txt`), `${text}\n`)
  }
  return files
}
